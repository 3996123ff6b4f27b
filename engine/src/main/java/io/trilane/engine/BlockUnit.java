package io.trilane.engine;

/// A logical unit as the block layer sees it. Immutable.
///
/// @param lun    the eight LUN bytes, first byte most significant
/// @param reads  what limits a READ
/// @param writes what limits a WRITE
public record BlockUnit(long targetId, long lun, TransferLimits reads, TransferLimits writes) {
    public BlockUnit {
        if (reads.blockBytes() != writes.blockBytes()) {
            throw new IllegalArgumentException("blockBytes=" + reads.blockBytes() + " of reads != blockBytes="
                    + writes.blockBytes() + " of writes, a unit has one block length");
        }
    }

    /// Length of a logical block.
    public int blockBytes() {
        return reads.blockBytes();
    }
}
