package io.trilane.tools.initiator.iscsi;

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

    SlotMemory(int slots, long longestBytes) {
        stride = Workload.bufferStride(longestBytes);
        parameters = slots * stride;
        memory = arena.allocate(parameters + (long) slots * PARAMETER_BYTES, Long.BYTES);
        windows = new DataWindows(memory);
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
