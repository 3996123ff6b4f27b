package io.trilane.tools.initiator.nbd;

import io.trilane.engine.task.HotPath;
import io.trilane.tools.initiator.slot.RequestSlots;
import io.trilane.tools.nbd.NbdCodes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;

/// Requests on their way out, heads and data gathered into as few writes as the socket takes (proto.md, "Request message").
/// Belongs to the target's thread.
///
/// ```text
///  0           4       6         8        16       24       28
/// ┌───────────┬───────┬─────────┬────────┬────────┬────────┐
/// │ 25609513h │ flags │ command │ cookie │ offset │ length │  data of a write
/// └───────────┴───────┴─────────┴────────┴────────┴────────┘
/// ```
@HotPath
final class RequestSender {
    static final int HEAD_BYTES = 28;

    private final GatheringByteChannel channel;
    private final Transfers transfers;
    private final RequestSlots slots;
    /// A head per slot.
    private final ByteBuffer[] heads;
    /// A ring; a head and its data, of each request at most.
    private final ByteBuffer[] pieces;
    /// Whose last piece this is, or -1.
    private final int[] lastOf;
    private int first;
    private int count;

    RequestSender(GatheringByteChannel channel, Transfers transfers, RequestSlots slots) {
        this.channel = channel;
        this.transfers = transfers;
        this.slots = slots;
        this.heads = new ByteBuffer[slots.count()];
        this.pieces = new ByteBuffer[2 * slots.count()];
        this.lastOf = new int[pieces.length];
        ByteBuffer memory = ByteBuffer.allocateDirect(heads.length * HEAD_BYTES);
        for (int slot = 0; slot < heads.length; slot++) {
            heads[slot] = memory.slice(slot * HEAD_BYTES, HEAD_BYTES);
        }
    }

    /// Appends a request; nothing leaves before [#flush].
    ///
    /// @param flags of the command
    void add(int slot, int flags, int command, long offset, int length) {
        long cookie = transfers.begin(slot, command, offset, length);
        ByteBuffer head = heads[slot].clear();
        head.putInt(0, NbdCodes.REQUEST_MAGIC).putShort(4, (short) flags).putShort(6, (short) command)
                .putLong(8, cookie).putLong(16, offset).putInt(24, length);
        boolean hasData = command == NbdCodes.CMD_WRITE;
        append(head, hasData ? -1 : slot);
        if (hasData) {
            append(slots.buffer(slot).limit(length).position(0), slot);
        }
    }

    boolean isEmpty() {
        return count == 0;
    }

    /// Sends what the socket takes.
    void flush() throws IOException {
        while (count > 0) {
            int pieceCount = Math.min(count, pieces.length - first);
            long written = channel.write(pieces, first, pieceCount);
            if (!drop(pieceCount) || written == 0) {
                return;
            }
        }
    }

    /// Takes pieces that have left out of the ring; true when all of them had.
    private boolean drop(int pieceCount) {
        for (int i = 0; i < pieceCount; i++) {
            if (pieces[first].hasRemaining()) {
                return false;
            }
            if (lastOf[first] >= 0) {
                transfers.onSent(lastOf[first]);
            }
            first = first + 1 == pieces.length ? 0 : first + 1;
            count--;
        }
        return true;
    }

    private void append(ByteBuffer piece, int owner) {
        int at = first + count;
        int index = at < pieces.length ? at : at - pieces.length;
        pieces[index] = piece;
        lastOf[index] = owner;
        count++;
    }
}
