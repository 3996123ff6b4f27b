package io.trilane.tools.initiator.iscsi;

import io.trilane.perf.harness.Environment;
import io.trilane.perf.harness.Workload;
import io.trilane.tools.frontend.DataWindows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/// The data of all requests in flight: one piece of memory, a buffer per slot, and 32 bytes per slot for parameter lists.
/// Freed by [#close].
final class SlotMemory implements AutoCloseable {
    static final int PARAMETER_BYTES = 32;

    private final Arena arena = Arena.ofShared();
    private final long stride;
    private final long parameters;
    private final MemorySegment memory;
    private final DataWindows windows;

    /// @throws IllegalArgumentException that is more than half of the machine's memory, or more than it gives
    SlotMemory(int slots, long longestBytes) {
        this(slots, longestBytes, Environment.current().memoryBytes() / 2);
    }

    /// @param mostBytes of all
    SlotMemory(int slots, long longestBytes, long mostBytes) {
        stride = Workload.bufferStride(longestBytes);
        parameters = slots * stride;
        long bytes = parameters + (long) slots * PARAMETER_BYTES;
        // Looked at first: memory that is promised and not there ends the process, and not with an exception.
        if (bytes > mostBytes) {
            arena.close();
            throw new IllegalArgumentException(tooMuch(slots, longestBytes) + " half of the memory there is, "
                    + mostBytes + ", lower --iodepth or --bs");
        }
        try {
            memory = arena.allocate(bytes, Long.BYTES);
            windows = new DataWindows(memory);
        } catch (OutOfMemoryError e) {
            arena.close();
            throw new IllegalArgumentException(tooMuch(slots, longestBytes)
                    + " the memory there is, lower --iodepth or --bs", e);
        }
    }

    private static String tooMuch(int slots, long longestBytes) {
        return "iodepth=" + slots + " x bs=" + longestBytes + " >";
    }

    DataWindows windows() {
        return windows;
    }

    /// Where a slot's data are.
    long address(int slot) {
        return slot * stride;
    }

    /// Where a slot's parameter list is.
    long parameterAddress(int slot) {
        return parameters + (long) slot * PARAMETER_BYTES;
    }

    MemorySegment memory() {
        return memory;
    }

    /// Data that no disk can make smaller.
    void fill(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (long at = 0; at < parameters; at += Long.BYTES) {
            memory.set(ValueLayout.JAVA_LONG, at, random.nextLong());
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
