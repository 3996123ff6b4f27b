package io.trilane.engine.task;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The ring of the design: three arrays of N slots, off-heap, never reallocated, and the data buffers. Index in, index
/// out. Slot `i` of each array belongs to task `i`; who may touch it follows from the task's state.
@HotPath
public final class TaskMemory implements AutoCloseable {
    /// Most slots there can be: a slot index is 16 bits in DriverKit's bundles.
    public static final int MAX_TASKS = 65536;

    private final Arena arena = Arena.ofShared();
    private final int maxTasks;
    private final MemorySegment commands;
    private final MemorySegment responses;
    private final MemorySegment extensions;
    private final DataBuffers dataBuffers;
    private final DmaSpace dmaSpace;

    /// @param maxTasks        1..[#MAX_TASKS]
    /// @param dataBudgetBytes most data-buffer memory that is committed at any time
    public TaskMemory(int maxTasks, long dataBudgetBytes) {
        this.maxTasks = maxTasks;
        this.commands = LazyMemory.reserve((long) maxTasks * CommandLayout.LENGTH, arena);
        this.responses = LazyMemory.reserve((long) maxTasks * ResponseLayout.LENGTH, arena);
        this.extensions = LazyMemory.reserve((long) maxTasks * TaskExtension.LENGTH, arena);
        this.dataBuffers = new DataBuffers(dataBudgetBytes, maxTasks, arena);
        this.dmaSpace = new DmaSpace(dataBuffers.memory());
    }

    public int maxTasks() {
        return maxTasks;
    }

    public MemorySegment commands() {
        return commands;
    }

    public MemorySegment responses() {
        return responses;
    }

    public MemorySegment extensions() {
        return extensions;
    }

    public DmaSpace dmaSpace() {
        return dmaSpace;
    }

    /// Data-buffer memory that is committed now, in bytes; never more than the budget.
    public long committedDataBytes() {
        return dataBuffers.committedBytes();
    }

    DataBuffers dataBuffers() {
        return dataBuffers;
    }

    /// Unmaps everything. Only when no controller holds a token any more.
    @Override
    public void close() {
        arena.close();
    }
}
