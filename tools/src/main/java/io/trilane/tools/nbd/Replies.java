package io.trilane.tools.nbd;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.tools.frontend.Outbox;
import java.nio.ByteBuffer;

/// Writes replies (proto.md, "Simple reply message", "Structured reply chunk message"). Belongs to its connection's event
/// loop.
///
/// ```text
///  0           4       6       8                16          20
/// ┌───────────┬───────────────┬────────────────┐
/// │ 67446698h │     error     │     cookie     │  data
/// ├───────────┼───────┬───────┼────────────────┼───────────┐
/// │ 668e33efh │ flags │ type  │     cookie     │  length   │  payload
/// └───────────┴───────┴───────┴────────────────┴───────────┘
/// ```
@HotPath
final class Replies {
    /// What one reply, or one part of it, can need.
    static final int PIECES = 4;
    static final int HEADER_BYTES = 192;
    /// An extent of a block status.
    static final int EXTENT_BYTES = 8;

    private static final int SIMPLE_BYTES = 16;
    private static final int CHUNK_BYTES = 20;
    private static final int MAX_MESSAGE_BYTES = 100;

    private final Outbox outbox;
    private final boolean isStructured;

    Replies(Outbox outbox, boolean isStructured) {
        this.outbox = outbox;
        this.isStructured = isStructured;
    }

    boolean isStructured() {
        return isStructured;
    }

    /// The end of a request, without data: success or its error.
    void end(Request request) {
        if (!isStructured) {
            simple(request.cookie, request.error);
        } else if (request.error != 0) {
            error(request);
        } else if (request.type == NbdCodes.CMD_READ) {
            int _ = chunk(NbdCodes.REPLY_FLAG_DONE, NbdCodes.REPLY_NONE, request.cookie, 0, 0);
        } else {
            simple(request.cookie, 0);
        }
    }

    /// The part of a read that `task` brought; the task goes back when it is written.
    void data(Request request, Task task) {
        int length = request.partBytes();
        if (isStructured && !request.has(NbdCodes.CMD_FLAG_DF)) {
            int flags = request.partEnd == request.end ? NbdCodes.REPLY_FLAG_DONE : 0;
            int start = chunk(flags, NbdCodes.REPLY_OFFSET_DATA, request.cookie, 8L + length, 8);
            outbox.ring().putLong(start, request.cursor);
        } else if (!request.isReplyStarted) {
            head(request);
        }
        request.isReplyStarted = true;
        outbox.data(task.extents().address(0) + request.lead(), length);
        outbox.thenRelease(task);
    }

    /// One chunk of block status with room for `extents`; returns where the extents start in the ring.
    int blockStatus(Request request, int extents) {
        int fixed = 4;
        int start = chunk(NbdCodes.REPLY_FLAG_DONE, NbdCodes.REPLY_BLOCK_STATUS, request.cookie,
                fixed + (long) extents * EXTENT_BYTES, fixed + extents * EXTENT_BYTES);
        outbox.ring().putInt(start, NbdCodes.CONTEXT_ID);
        return start + fixed;
    }

    /// The head of a reply whose data follows in parts, in order.
    private void head(Request request) {
        if (isStructured) {
            int start = chunk(NbdCodes.REPLY_FLAG_DONE, NbdCodes.REPLY_OFFSET_DATA, request.cookie,
                    8L + request.end - request.offset, 8);
            outbox.ring().putLong(start, request.offset);
        } else {
            simple(request.cookie, 0);
        }
    }

    private void simple(long cookie, int error) {
        int start = outbox.header(SIMPLE_BYTES);
        ByteBuffer ring = outbox.ring();
        ring.putInt(start, NbdCodes.SIMPLE_REPLY_MAGIC).putInt(start + 4, error).putLong(start + 8, cookie);
    }

    private void error(Request request) {
        String message = request.reason;
        int length = Math.min(message.length(), MAX_MESSAGE_BYTES);
        int start = chunk(NbdCodes.REPLY_FLAG_DONE, NbdCodes.REPLY_ERROR, request.cookie, 6L + length, 6 + length);
        ByteBuffer ring = outbox.ring();
        ring.putInt(start, request.error).putShort(start + 4, (short) length);
        for (int i = 0; i < length; i++) {
            ring.put(start + 6 + i, (byte) message.charAt(i));
        }
    }

    /// Returns where the first `stagedBytes` of the payload start in the ring.
    private int chunk(int flags, int type, long cookie, long payloadBytes, int stagedBytes) {
        int start = outbox.header(CHUNK_BYTES + stagedBytes);
        outbox.ring().putInt(start, NbdCodes.STRUCTURED_REPLY_MAGIC).putShort(start + 4, (short) flags)
                .putShort(start + 6, (short) type).putLong(start + 8, cookie).putInt(start + 16, (int) payloadBytes);
        return start + CHUNK_BYTES;
    }
}
