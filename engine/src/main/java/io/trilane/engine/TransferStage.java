package io.trilane.engine;

import io.trilane.engine.task.DmaSpace;
import io.trilane.engine.task.Extents;
import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskExtension;

/// Finds out how far the next sub-request reaches: walks the data from a cursor, counting segments as the hardware would
/// need them, and stops at the first limit (`getBreakSize`). Belongs to one [BlockTransfer].
@HotPath
final class TransferStage {
    /// Answer of [#measure]: the data is not aligned here.
    static final long MISALIGNED = -1;
    /// A piece that the hardware reads with one segment or several is one extent of the task, so only pieces count here.
    private static final int MAX_PIECES = TaskExtension.MAX_EXTENTS;
    /// Longest transfer length of a READ(16) or WRITE(16), in blocks.
    private static final long MAX_BLOCKS = 0xFFFF_FFFFL;

    private int piece;
    private long pieceOffset;

    /// Back to the first byte.
    void rewind() {
        piece = 0;
        pieceOffset = 0;
    }

    /// Length of the next sub-request in bytes, whole blocks, at most `remainingBytes`; 0: not one block fits.
    long measure(BlockData data, TransferLimits limits, long remainingBytes) {
        long wanted = Math.min(remainingBytes, limits.maxTransferBytes());
        long offset = pieceOffset;
        long length = 0;
        int segments = 0;
        int last = Math.min(data.count(), piece + MAX_PIECES);
        for (int i = piece; i < last && length < wanted && segments < limits.maxSegments(); i++) {
            if ((DmaSpace.offset(data.address(i) + offset) & limits.alignmentBytes() - 1) != 0) {
                return MISALIGNED;
            }
            long available = Math.min(data.length(i) - offset, wanted - length);
            long segmentBytes = available <= limits.maxSegmentBytes() ? available : limits.usableSegmentBytes();
            long room = (long) limits.maxSegments() - segments;
            // No segment that another one could follow: the piece does not fit.
            long needed = segmentBytes == 0 ? Long.MAX_VALUE : (available - 1) / segmentBytes + 1;
            long taken = needed <= room ? available : segmentBytes * room;
            segments += (int) Math.min(needed, room);
            length += taken;
            offset = 0;
            if (taken < available) {
                break;
            }
        }
        long most = Math.min(length, MAX_BLOCKS * limits.blockBytes());
        return most == remainingBytes ? most : limits.wholeUnits(most);
    }

    /// Makes the next `lengthBytes` of the data the task's extents and moves the cursor behind them.
    void bind(Task task, BlockData data, long lengthBytes) {
        long left = lengthBytes;
        boolean first = true;
        Extents extents = task.extents();
        while (left > 0) {
            long taken = Math.min(left, data.length(piece) - pieceOffset);
            long address = data.address(piece) + pieceOffset;
            if (first) {
                task.bindForeign(address, taken);
                first = false;
            } else if (!extents.add(address, taken)) {
                throw new IllegalStateException("extents=" + extents.count() + " are too few, our bug");
            }
            left -= taken;
            pieceOffset += taken;
            if (pieceOffset == data.length(piece)) {
                piece++;
                pieceOffset = 0;
            }
        }
    }
}
