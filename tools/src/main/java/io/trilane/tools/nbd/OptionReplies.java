package io.trilane.tools.nbd;

import io.trilane.tools.frontend.Outbox;
import io.trilane.tools.frontend.ServedUnit;
import java.nio.charset.StandardCharsets;

/// Writes replies to options (proto.md, "Option reply types"). Belongs to its connection's event loop.
///
/// ```text
///  0                     8        12     16       20
/// ┌─────────────────────┬────────┬──────┬────────┐
/// │ 0003e889045565a9h   │ option │ type │ length │  data
/// └─────────────────────┴────────┴──────┴────────┘
/// ```
final class OptionReplies {
    static final int HEAD_BYTES = 20;
    private static final int EXPORT_ZEROES = 124;

    private final Outbox outbox;

    OptionReplies(Outbox outbox) {
        this.outbox = outbox;
    }

    /// The first thing that a server says.
    void greet() {
        int start = outbox.header(18);
        outbox.ring().putLong(start, NbdCodes.HELLO_MAGIC).putLong(start + 8, NbdCodes.OPTION_MAGIC)
                .putShort(start + 16, (short) (NbdCodes.FLAG_FIXED_NEWSTYLE | NbdCodes.FLAG_NO_ZEROES));
    }

    void acknowledge(int option) {
        int _ = reply(option, NbdCodes.REP_ACK, 0);
    }

    /// An error with a text for people.
    void error(int option, int type, String message) {
        byte[] text = message.getBytes(StandardCharsets.UTF_8);
        put(reply(option, type, text.length), text);
    }

    /// An entry of the list of exports.
    void server(byte[] name) {
        int start = reply(NbdCodes.OPT_LIST, NbdCodes.REP_SERVER, 4 + name.length);
        outbox.ring().putInt(start, name.length);
        put(start + 4, name);
    }

    void metaContext(int option, int id) {
        byte[] name = NbdCodes.CONTEXT_NAME.getBytes(StandardCharsets.UTF_8);
        int start = reply(option, NbdCodes.REP_META_CONTEXT, 4 + name.length);
        outbox.ring().putInt(start, id);
        put(start + 4, name);
    }

    void exportInfo(int option, ServedUnit unit, int flags) {
        int start = info(option, NbdCodes.INFO_EXPORT, 10);
        outbox.ring().putLong(start, unit.capacityBytes()).putShort(start + 8, (short) flags);
    }

    void nameInfo(int option, ServedUnit unit) {
        byte[] name = unit.name().getBytes(StandardCharsets.UTF_8);
        put(info(option, NbdCodes.INFO_NAME, name.length), name);
    }

    void descriptionInfo(int option, ServedUnit unit) {
        byte[] text = NbdExports.description(unit).getBytes(StandardCharsets.UTF_8);
        put(info(option, NbdCodes.INFO_DESCRIPTION, text.length), text);
    }

    /// Any size and alignment is served.
    void blockSizeInfo(int option, ServedUnit unit) {
        int start = info(option, NbdCodes.INFO_BLOCK_SIZE, 12);
        outbox.ring().putInt(start, 1).putInt(start + 4, Math.max(4096, unit.blockBytes())).putInt(start + 8,
                NbdCodes.MAX_PAYLOAD_BYTES);
    }

    /// The answer to EXPORT_NAME, which has no head.
    void exportName(ServedUnit unit, int flags, boolean withZeroes) {
        int start = outbox.header(10 + (withZeroes ? EXPORT_ZEROES : 0));
        outbox.ring().putLong(start, unit.capacityBytes()).putShort(start + 8, (short) flags);
    }

    private int info(int option, int type, int length) {
        int start = reply(option, NbdCodes.REP_INFO, 2 + length);
        outbox.ring().putShort(start, (short) type);
        return start + 2;
    }

    private int reply(int option, int type, int length) {
        int start = outbox.header(HEAD_BYTES + length);
        outbox.ring().putLong(start, NbdCodes.OPTION_REPLY_MAGIC).putInt(start + 8, option).putInt(start + 12, type)
                .putInt(start + 16, length);
        return start + HEAD_BYTES;
    }

    private void put(int start, byte[] bytes) {
        outbox.ring().put(start, bytes);
    }
}
