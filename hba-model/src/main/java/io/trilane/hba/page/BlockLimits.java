package io.trilane.hba.page;

/// What the Block Limits VPD page promises, and READ CAPACITY(16) says of the physical block. In logical blocks;
/// 0 means no limit reported.
///
/// @param maximumTransferBlocks         longest transfer that one command may ask for; 0 is no limit
/// @param optimalTransferBlocks         longest transfer without a performance penalty
/// @param transferGranularityBlocks     transfers that are multiples of it are fastest
/// @param maximumPrefetchBlocks         longest PRE-FETCH
/// @param physicalBlockExponent         logical blocks per physical block, as a power of two
/// @param commands                      what the other commands accept
public record BlockLimits(int maximumTransferBlocks, int optimalTransferBlocks, int transferGranularityBlocks,
        int maximumPrefetchBlocks, int physicalBlockExponent, CommandLimits commands) {
    /// 2 MiB of 512-byte blocks, 16 MiB of 4096-byte blocks: what one data buffer can hold.
    public static final BlockLimits STANDARD = new BlockLimits(4096, 128, 8, 0, 0);

    /// With the standard limits of the other commands.
    public BlockLimits(int maximumTransferBlocks, int optimalTransferBlocks, int transferGranularityBlocks,
            int maximumPrefetchBlocks, int physicalBlockExponent) {
        this(maximumTransferBlocks, optimalTransferBlocks, transferGranularityBlocks, maximumPrefetchBlocks,
                physicalBlockExponent, CommandLimits.STANDARD);
    }

    public BlockLimits {
        check("maximumTransferBlocks", maximumTransferBlocks, Integer.MAX_VALUE);
        check("optimalTransferBlocks", optimalTransferBlocks, Integer.MAX_VALUE);
        check("transferGranularityBlocks", transferGranularityBlocks, 0xFFFF);
        check("maximumPrefetchBlocks", maximumPrefetchBlocks, Integer.MAX_VALUE);
        check("physicalBlockExponent", physicalBlockExponent, 15);
        if (maximumTransferBlocks != 0 && optimalTransferBlocks > maximumTransferBlocks) {
            throw new IllegalArgumentException("optimalTransferBlocks=" + optimalTransferBlocks
                    + " > maximumTransferBlocks=" + maximumTransferBlocks + ", lower the first or raise the second");
        }
    }

    public BlockLimits withCommands(CommandLimits newCommands) {
        return new BlockLimits(maximumTransferBlocks, optimalTransferBlocks, transferGranularityBlocks,
                maximumPrefetchBlocks, physicalBlockExponent, newCommands);
    }

    private static void check(String name, int value, int max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(name + "=" + value + " not in 0.." + max + ", choose one in range");
        }
    }
}
