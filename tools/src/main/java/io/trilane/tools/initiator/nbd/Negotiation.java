package io.trilane.tools.initiator.nbd;

import io.trilane.tools.nbd.NbdCodes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The client's half of the fixed newstyle handshake: structured replies, then GO with the block sizes (proto.md,
/// "Newstyle negotiation"). Belongs to one thread; time is bounded by the channel's patience, memory by the limits here.
final class Negotiation {
    private static final int GREETING_BYTES = 18;
    private static final int OPTION_BYTES = 16;
    private static final int REPLY_BYTES = 20;
    /// Longest reply that is looked at: strings and texts for people are short.
    private static final int MAX_REPLY_BYTES = 64 << 10;
    /// Most replies to one option.
    private static final int MAX_REPLIES = 256;
    private static final int MAX_MIN_BLOCK_BYTES = 64 << 10;
    private static final int EXPORT_INFO_BYTES = 12;
    private static final int BLOCK_SIZE_INFO_BYTES = 14;
    private static final int MAX_SHOWN = 200;

    private final PatientChannel channel;
    private final String export;
    private boolean isStructured;
    private long sizeBytes = -1;
    private int flags;
    private int minBytes = 1;
    private int preferredBytes = 4096;
    private long maxBytes = NbdCodes.MAX_PAYLOAD_BYTES;

    private Negotiation(PatientChannel channel, String export) {
        this.channel = channel;
        this.export = export;
    }

    /// Enters the transmission phase.
    ///
    /// @throws IOException the server does not have the export, or does not speak NBD as it should
    static NbdExport run(PatientChannel channel, String export) throws IOException {
        return new Negotiation(channel, export).run();
    }

    private NbdExport run() throws IOException {
        greet();
        structuredReply();
        go();
        return new NbdExport(sizeBytes, flags, minBytes, preferredBytes, maxBytes, isStructured);
    }

    private void greet() throws IOException {
        ByteBuffer greeting = channel.read(GREETING_BYTES);
        if (greeting.getLong() != NbdCodes.HELLO_MAGIC) {
            throw new IOException("the server's greeting is not NBD's");
        }
        if (greeting.getLong() != NbdCodes.OPTION_MAGIC) {
            throw new IOException("the server speaks the oldstyle handshake, this client the fixed newstyle only");
        }
        int serverFlags = greeting.getShort();
        if ((serverFlags & NbdCodes.FLAG_FIXED_NEWSTYLE) == 0) {
            throw new IOException("handshakeFlags=" + Integer.toHexString(serverFlags & 0xFFFF)
                    + " lack fixed newstyle, which this client needs");
        }
        int clientFlags = serverFlags & (NbdCodes.FLAG_FIXED_NEWSTYLE | NbdCodes.FLAG_NO_ZEROES);
        channel.write(ByteBuffer.allocate(4).putInt(clientFlags).flip());
    }

    /// Refused by servers that do not have them: then replies are simple.
    private void structuredReply() throws IOException {
        send(NbdCodes.OPT_STRUCTURED_REPLY, new byte[0]);
        OptionReply reply = reply(NbdCodes.OPT_STRUCTURED_REPLY);
        isStructured = reply.type == NbdCodes.REP_ACK;
        if (!isStructured && (!reply.isError() || reply.type == NbdCodes.REP_ERR_TLS_REQD)) {
            throw new IOException(refusal("STRUCTURED_REPLY", reply));
        }
    }

    private void go() throws IOException {
        byte[] name = export.getBytes(StandardCharsets.UTF_8);
        send(NbdCodes.OPT_GO, ByteBuffer.allocate(4 + name.length + 4).putInt(name.length).put(name).putShort((short) 1)
                .putShort((short) NbdCodes.INFO_BLOCK_SIZE).array());
        for (int i = 0; i < MAX_REPLIES; i++) {
            OptionReply reply = reply(NbdCodes.OPT_GO);
            if (reply.type == NbdCodes.REP_ACK) {
                check();
                return;
            }
            if (reply.type != NbdCodes.REP_INFO) {
                throw new IOException(refusal("GO", reply));
            }
            info(reply.data);
        }
        throw new IOException("replies to GO > " + MAX_REPLIES + ", the server does not come to an end");
    }

    private void info(ByteBuffer data) throws IOException {
        int length = data.remaining();
        int type = length < 2 ? -1 : data.getShort() & 0xFFFF;
        boolean isMisshapen = type == NbdCodes.INFO_EXPORT && length != EXPORT_INFO_BYTES
                || type == NbdCodes.INFO_BLOCK_SIZE && length != BLOCK_SIZE_INFO_BYTES;
        if (type < 0 || isMisshapen) {
            throw new IOException("info type=" + type + " length=" + length + " is not what proto.md says");
        }
        if (type == NbdCodes.INFO_EXPORT) {
            sizeBytes = data.getLong();
            flags = data.getShort() & 0xFFFF;
        } else if (type == NbdCodes.INFO_BLOCK_SIZE) {
            minBytes = data.getInt();
            preferredBytes = data.getInt();
            maxBytes = data.getInt() & 0xFFFF_FFFFL;
        }
    }

    private void check() throws IOException {
        if (sizeBytes < 0) {
            throw new IOException("the server gave no size, or a negative one");
        }
        if ((flags & NbdCodes.HAS_FLAGS) == 0) {
            throw new IOException("transmissionFlags=" + Integer.toHexString(flags) + " lack HAS_FLAGS");
        }
        if (minBytes < 1 || minBytes > MAX_MIN_BLOCK_BYTES || Integer.bitCount(minBytes) != 1 || maxBytes < minBytes) {
            throw new IOException("block sizes min=" + Integer.toUnsignedString(minBytes) + " max=" + maxBytes
                    + " are not what proto.md says");
        }
    }

    private void send(int option, byte[] data) throws IOException {
        channel.write(ByteBuffer.allocate(OPTION_BYTES + data.length).putLong(NbdCodes.OPTION_MAGIC).putInt(option)
                .putInt(data.length).put(data).flip());
    }

    private OptionReply reply(int option) throws IOException {
        ByteBuffer head = channel.read(REPLY_BYTES);
        long magic = head.getLong();
        int answered = head.getInt();
        int type = head.getInt();
        int length = head.getInt();
        if (magic != NbdCodes.OPTION_REPLY_MAGIC || answered != option) {
            throw new IOException("option reply magic=" + Long.toHexString(magic) + " option="
                    + Integer.toUnsignedString(answered) + " does not answer option=" + option);
        }
        if (length < 0 || length > MAX_REPLY_BYTES) {
            throw new IOException("option reply length=" + Integer.toUnsignedString(length) + " > " + MAX_REPLY_BYTES);
        }
        return new OptionReply(type, channel.read(length));
    }

    private String refusal(String option, OptionReply reply) {
        String reason = switch (reply.type) {
            case NbdCodes.REP_ERR_UNKNOWN -> "the server has no such export";
            case NbdCodes.REP_ERR_TLS_REQD -> "the server asks for TLS, which this client does not speak";
            case NbdCodes.REP_ERR_UNSUP -> "the server is too old for this client";
            case NbdCodes.REP_ERR_POLICY -> "the server's policy forbids it";
            case NbdCodes.REP_ERR_SHUTDOWN -> "the server shuts down";
            default -> "reply type=" + Integer.toHexString(reply.type);
        };
        String text = reply.text();
        return "export=" + export + " option=" + option + " refused, " + reason + (text == null ? "" : ": " + text);
    }

    /// An answer to an option.
    private record OptionReply(int type, ByteBuffer data) {
        boolean isError() {
            return type < 0;
        }

        /// The server's words, made harmless.
        @Nullable
        String text() {
            if (!isError() || !data.hasRemaining()) {
                return null;
            }
            int shown = Math.min(data.remaining(), MAX_SHOWN);
            return StandardCharsets.UTF_8.decode(data.slice(data.position(), shown)).toString()
                    .replaceAll("\\p{Cntrl}", "?");
        }
    }
}
