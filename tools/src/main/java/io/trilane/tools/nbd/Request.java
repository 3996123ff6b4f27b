package io.trilane.tools.nbd;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// One request of a peer, from its header to its reply; used again and again. It has at most one command under way, and
/// what it needs for the next is in here, not in a claimed task: so every command can finish by itself, and nobody waits
/// for memory that others hold in the same way. Belongs to its connection's event loop.
@HotPath
final class Request {
    /// What the command under way is for.
    enum Step {
        NONE, READ, WRITE, EDGE_READ, EDGE_WRITE, ZERO, ZERO_DATA, UNMAP, PREFETCH, SYNCHRONIZE, STATUS
    }

    final int index;
    private final int blockBytes;

    long cookie;
    int type;
    int flags;
    /// Bytes [offset, end) of the export; [offset, cursor) is done, [cursor, partEnd) under way.
    long offset;
    long end;
    long cursor;
    long partEnd;
    Step step = Step.NONE;
    /// NBD error of the first part that failed, and why.
    int error;
    String reason = "";
    int attempts;
    /// Bytes of payload that the peer has still to send.
    int payloadBytes;
    /// Claimed for a part whose payload is coming in.
    @Nullable
    Task receiving;
    int received;
    /// Holds the payload of a write whose command is sent again.
    @Nullable
    Task payload;
    /// Some of it is in the outbox already.
    boolean isReplyStarted;
    boolean isSynchronized;
    /// The part is an edge, its bytes are in [#edge]; and the block was read.
    boolean hasEdge;
    boolean isEdgeRead;
    /// The first block as it was, the second as it is to be.
    private @Nullable MemorySegment edge;

    Request(int index, int blockBytes) {
        this.index = index;
        this.blockBytes = blockBytes;
    }

    void begin(int newType, int newFlags, long newCookie, long newOffset, long length) {
        type = newType;
        flags = newFlags;
        cookie = newCookie;
        offset = newOffset;
        end = newOffset + length;
        cursor = newOffset;
        partEnd = newOffset;
        step = Step.NONE;
        error = 0;
        reason = "";
        attempts = 0;
        payloadBytes = newType == NbdCodes.CMD_WRITE ? (int) length : 0;
        received = 0;
        isReplyStarted = false;
        isSynchronized = false;
        hasEdge = false;
        isEdgeRead = false;
    }

    /// The part is done.
    void finishPart() {
        cursor = partEnd;
        attempts = 0;
        hasEdge = false;
        isEdgeRead = false;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /// Keeps the first failure only.
    void fail(int newError, String newReason) {
        if (error == 0) {
            error = newError;
            reason = newReason;
        }
    }

    /// Bytes before the part in its first block.
    int lead() {
        return (int) (cursor & blockBytes - 1);
    }

    long firstBlock() {
        return cursor / blockBytes;
    }

    int partBytes() {
        return (int) (partEnd - cursor);
    }

    /// Bytes of the blocks that the part touches.
    long coverBytes() {
        return (partEnd + blockBytes - 1 & -blockBytes) - (cursor & -blockBytes);
    }

    /// True when what is left starts or ends inside of its first block.
    boolean isAtEdge() {
        return lead() != 0 || end - cursor < blockBytes;
    }

    /// The part is what is left of the first block.
    void takeEdge() {
        partEnd = Math.min(end, (cursor & -blockBytes) + blockBytes);
    }

    /// The part is whole blocks, at most `maxBytes`.
    void takeBlocks(long maxBytes) {
        partEnd = Math.min(end & -blockBytes, cursor + maxBytes);
    }

    /// The part is what is left, at most `maxBytes` with the blocks at its ends.
    void takeCover(long maxBytes) {
        partEnd = Math.min(end, (cursor & -blockBytes) + maxBytes);
    }

    /// The part's new bytes, from `staged` at `position` on.
    void takeEdgeBytes(ByteBuffer staged, int position) {
        MemorySegment target = edge();
        int length = partBytes();
        for (int i = 0; i < length; i++) {
            target.set(ValueLayout.JAVA_BYTE, blockBytes + lead() + i, staged.get(position + i));
        }
        hasEdge = true;
    }

    /// Two blocks.
    MemorySegment edge() {
        MemorySegment found = edge;
        if (found == null) {
            found = MemorySegment.ofArray(new byte[2 * blockBytes]);
            edge = found;
        }
        return found;
    }
}
