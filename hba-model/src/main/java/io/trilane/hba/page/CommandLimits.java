package io.trilane.hba.page;

/// How much the commands that are not plain transfers accept, as the Block Limits VPD page says. In logical blocks
/// unless named otherwise.
///
/// @param compareAndWriteBlocks MAXIMUM COMPARE AND WRITE LENGTH, 0..255; at 0 nothing but zero blocks is accepted
/// @param writeSameBlocks       MAXIMUM WRITE SAME LENGTH, at least 1
/// @param unmapBlocks           MAXIMUM UNMAP LBA COUNT: of all descriptors together, at least 1
/// @param unmapDescriptors      MAXIMUM UNMAP BLOCK DESCRIPTOR COUNT, at least 1
public record CommandLimits(int compareAndWriteBlocks, int writeSameBlocks, int unmapBlocks, int unmapDescriptors) {
    /// Bounded, so that no command takes for ever where zeros must be written: 16 MiB and 512 MiB of 512-byte blocks.
    public static final CommandLimits STANDARD = new CommandLimits(255, 1 << 15, 1 << 20, 256);

    /// All that the length of a parameter list has room for.
    private static final int MAX_DESCRIPTORS = (0xFFFF - 8) / 16;

    public CommandLimits {
        check("compareAndWriteBlocks", compareAndWriteBlocks, 0, 255);
        check("writeSameBlocks", writeSameBlocks, 1, Integer.MAX_VALUE);
        check("unmapBlocks", unmapBlocks, 1, Integer.MAX_VALUE);
        check("unmapDescriptors", unmapDescriptors, 1, MAX_DESCRIPTORS);
    }

    private static void check(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + "=" + value + " not in " + min + ".." + max + ", choose one in range");
        }
    }
}
