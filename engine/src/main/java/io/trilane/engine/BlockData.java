package io.trilane.engine;

import io.trilane.engine.task.HotPath;

/// The memory of a block request: pieces of registered regions, in order. A buffer that is contiguous for the hardware is
/// one piece; a buffer that the processor sees as one may be many. Preallocated, filled anew for every request; belongs to
/// one client's thread, and must not change while a [BlockTransfer] uses it.
@HotPath
public final class BlockData {
    private final long[] addresses;
    private final long[] lengths;
    private int count;
    private long totalBytes;

    /// @param maxPieces how many pieces it can hold
    public BlockData(int maxPieces) {
        if (maxPieces < 1) {
            throw new IllegalArgumentException("maxPieces=" + maxPieces + " < 1, choose at least 1");
        }
        this.addresses = new long[maxPieces];
        this.lengths = new long[maxPieces];
    }

    /// One piece.
    ///
    /// @param address in the DMA space, see [io.trilane.engine.task.DmaSpace#address]
    public static BlockData of(long address, long lengthBytes) {
        BlockData data = new BlockData(1);
        boolean _ = data.add(address, lengthBytes);
        return data;
    }

    /// Forgets all pieces.
    public void clear() {
        count = 0;
        totalBytes = 0;
    }

    /// Appends a piece of at least one byte; false when there is no room.
    public boolean add(long address, long lengthBytes) {
        if (lengthBytes < 1) {
            throw new IllegalArgumentException("lengthBytes=" + lengthBytes + " < 1, leave empty pieces out");
        }
        if (count == addresses.length) {
            return false;
        }
        addresses[count] = address;
        lengths[count] = lengthBytes;
        count++;
        totalBytes += lengthBytes;
        return true;
    }

    public int count() {
        return count;
    }

    /// Address of piece `index` in the DMA space.
    public long address(int index) {
        return addresses[index];
    }

    /// Length of piece `index` in bytes.
    public long length(int index) {
        return lengths[index];
    }

    /// Sum of all lengths.
    public long totalBytes() {
        return totalBytes;
    }
}
