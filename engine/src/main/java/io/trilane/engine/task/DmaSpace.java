package io.trilane.engine.task;

import java.lang.foreign.MemorySegment;

/// What a hardware address means: a small table of memory regions. An address is never a CPU address, so using one as
/// such fails here instead of corrupting memory (`driverkit.md` 3.4, row 17).
///
/// ```text
///  63        48 47                                       0
/// ┌────────────┬──────────────────────────────────────────┐
/// │ region (16)│            offset in bytes (48)          │
/// └────────────┴──────────────────────────────────────────┘
/// ```
///
/// Region 0 is the engine's own task data. Regions are registered before the tasks that use them are submitted and stay
/// until the space is closed; any role may read.
@HotPath
public final class DmaSpace {
    /// How many regions there can be.
    public static final int MAX_REGIONS = 64;

    private static final int OFFSET_BITS = 48;
    private static final long OFFSET_MASK = (1L << OFFSET_BITS) - 1;

    private final MemorySegment[] regions = new MemorySegment[MAX_REGIONS];
    private int count;

    DmaSpace(MemorySegment taskData) {
        regions[0] = taskData;
        count = 1;
    }

    /// Adds foreign memory (a guest's, a socket's) and returns its region number. The caller keeps it alive until no
    /// task refers to it: a task that timed out still does, until its controller returns the token.
    public synchronized int register(MemorySegment memory) {
        if (count == MAX_REGIONS) {
            throw new IllegalStateException(
                    "regions=" + count + " = maxRegions=" + MAX_REGIONS + ", register fewer and larger regions");
        }
        regions[count] = memory;
        return count++;
    }

    /// The memory behind an address.
    public MemorySegment region(long address) {
        return regions[(int) (address >>> OFFSET_BITS)];
    }

    /// The memory behind `lengthBytes` from an address on.
    public MemorySegment segment(long address, long lengthBytes) {
        return region(address).asSlice(offset(address), lengthBytes);
    }

    /// Offset of an address inside its region, in bytes.
    public static long offset(long address) {
        return address & OFFSET_MASK;
    }

    public static long address(int region, long offset) {
        return (long) region << OFFSET_BITS | offset;
    }
}
