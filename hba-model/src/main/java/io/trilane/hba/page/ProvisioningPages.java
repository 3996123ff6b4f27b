package io.trilane.hba.page;

/// The VPD pages that depend on how a disk is provisioned and on what its larger commands accept.
final class ProvisioningPages {
    /// UGAVALID: the UNMAP GRANULARITY ALIGNMENT counts.
    private static final long ALIGNMENT_VALID = 0x8000_0000L;
    /// What a file system gives back as one: its block.
    private static final int STORAGE_BYTES = 4096;

    private static final int LBPU = 0x80;
    private static final int LBPWS = 0x40;
    private static final int LBPWS10 = 0x20;
    /// LBPRZ xx1b: an unmapped block reads as zeros.
    private static final int LBPRZ = 0x04;
    private static final int THIN_PROVISIONED = 2;

    private ProvisioningPages() {}

    /// SBC-4 6.6.4.
    static VpdPage blockLimits(BlockLimits limits, Provisioning provisioning, int blockBytes) {
        boolean thin = provisioning == Provisioning.THIN;
        CommandLimits commands = limits.commands();
        return VpdPage.of(0xB0, InquiryPages.DISK, writer -> {
            writer.u8(0);                                       // WSNZ: zero blocks of WRITE SAME go to the end
            writer.u8(compareAndWriteBlocks(limits));
            writer.u16(limits.transferGranularityBlocks());
            writer.u32(limits.maximumTransferBlocks());
            writer.u32(limits.optimalTransferBlocks());
            writer.u32(limits.maximumPrefetchBlocks());
            writer.u32(thin ? commands.unmapBlocks() : 0);
            writer.u32(thin ? commands.unmapDescriptors() : 0);
            writer.u32(thin ? unmapGranularity(limits, blockBytes) : 0);
            writer.u32(thin ? ALIGNMENT_VALID : 0);
            writer.u64(commands.writeSameBlocks());
            writer.u32(0).u32(0).u32(0).u32(0).u32(0);          // atomic length, alignment, granularity, boundary
        });
    }

    /// SBC-4 6.6.6: no provisioning type while LBPME is 0.
    static VpdPage provisioning(Provisioning provisioning) {
        boolean thin = provisioning == Provisioning.THIN;
        return VpdPage.of(0xB2, InquiryPages.DISK, writer -> {
            writer.u8(0);                                       // THRESHOLD EXPONENT: no thresholds
            writer.u8(thin ? LBPU | LBPWS | LBPWS10 | LBPRZ : 0); // ANC_SUP 0, DP 0
            writer.u8(thin ? THIN_PROVISIONED : 0);             // MINIMUM PERCENTAGE, PROVISIONING TYPE
            writer.u8(0);                                       // THRESHOLD PERCENTAGE
        });
    }

    /// SBC-4, Block Limits Extension VPD page: neither streams nor scattered writes are here, so every limit is 0.
    static VpdPage blockLimitsExtension() {
        return VpdPage.of(0xB7, InquiryPages.DISK, writer -> {
            writer.u8(0).u8(0);                                 // RSCS
            writer.u16(0).u16(0).u32(0);                        // streams: number, optimal write size, granularity
            writer.u16(0);
            writer.u32(0);                                      // MAXIMUM SCATTERED LBA RANGE TRANSFER LENGTH
            writer.u16(0).u16(0);                               // MAXIMUM SCATTERED LBA RANGE DESCRIPTOR COUNT
            writer.u32(0);                                      // MAXIMUM SCATTERED TRANSFER LENGTH
            writer.zeros(4);
        });
    }

    /// No longer than any transfer.
    private static int compareAndWriteBlocks(BlockLimits limits) {
        int most = limits.commands().compareAndWriteBlocks();
        return limits.maximumTransferBlocks() == 0 ? most : Math.min(most, limits.maximumTransferBlocks());
    }

    /// A physical block, or what a file system gives back as one, whichever is more.
    private static int unmapGranularity(BlockLimits limits, int blockBytes) {
        return Math.max(1 << limits.physicalBlockExponent(), STORAGE_BYTES / blockBytes);
    }
}
