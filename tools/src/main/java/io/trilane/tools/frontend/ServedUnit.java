package io.trilane.tools.frontend;

/// One logical unit that is served, as a front end needs to know it.
///
/// @param targetId          of the engine
/// @param lun               number, 0..16383
/// @param name              of the NBD export
/// @param blockBytes        logical block, 512 or 4096
/// @param capacityBlocks    logical blocks
/// @param isReadOnly        writes are refused
/// @param isThin            blocks can be unmapped
/// @param maxTransferBytes  longest transfer of one command; a multiple of the block
public record ServedUnit(int targetId, int lun, String name, int blockBytes, long capacityBlocks, boolean isReadOnly,
        boolean isThin, int maxTransferBytes) {

    public long capacityBytes() {
        return capacityBlocks * blockBytes;
    }

    /// The eight LUN bytes, single level: peripheral addressing below 256, flat space addressing from there on
    /// (SAM-5 4.7.7).
    public long lunBytes() {
        return lun < 256 ? (long) lun << 48 : (0x4000L | lun) << 48;
    }
}
