package io.trilane.engine.task;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Data buffers in power-of-two size classes, from one page to 16 MiB, page-aligned, most recently freed first.
///
/// Every class has address space of its own, so that any class can use the whole budget; the budget bounds the memory
/// that is *committed*. When a class needs fresh memory beyond it, warm free buffers of other classes are given back to
/// the system first. Nothing is moved, nothing is allocated after construction. Any thread may claim and release.
@HotPath
final class DataBuffers {
    /// The largest buffer, in bytes.
    static final int MAX_BUFFER_BYTES = 16 << 20;
    /// No buffer could be had within the budget.
    static final long REFUSED = -1L;

    private static final int MAX_SHIFT = 24;

    private final MemorySegment memory;
    private final SizeClass[] classes;
    private final int minShift;
    private final long budgetBytes;
    private final AtomicLong committedBytes = new AtomicLong();

    DataBuffers(long budgetBytes, int maxTasks, Arena arena) {
        this.budgetBytes = budgetBytes;
        this.minShift = Integer.numberOfTrailingZeros(LazyMemory.pageBytes());
        this.classes = new SizeClass[MAX_SHIFT - minShift + 1];
        // The first page stays unused, so that address 0 is never a buffer.
        long end = 1L << minShift;
        for (int i = 0; i < classes.length; i++) {
            int shift = minShift + i;
            int capacity = (int) Math.min(maxTasks, budgetBytes >> shift);
            classes[i] = new SizeClass(end, shift, capacity);
            end += (long) capacity << shift;
        }
        this.memory = LazyMemory.reserve(end, arena);
    }

    MemorySegment memory() {
        return memory;
    }

    long committedBytes() {
        return committedBytes.get();
    }

    /// Offset in [#memory] of a buffer of at least `lengthBytes` (1..16 MiB), or [#REFUSED].
    long claim(long lengthBytes) {
        SizeClass sizeClass = sizeClass(lengthBytes);
        int index = sizeClass.warm.pop();
        if (index == IndexStack.EMPTY) {
            index = commit(sizeClass);
            if (index == IndexStack.EMPTY) {
                return REFUSED;
            }
        }
        return sizeClass.offset(index);
    }

    /// Returns a buffer that was claimed with this length.
    void release(long offset, long lengthBytes) {
        SizeClass sizeClass = sizeClass(lengthBytes);
        sizeClass.warm.push(sizeClass.index(offset));
    }

    /// What a claim of `lengthBytes` takes from the budget, in bytes.
    long sizeOf(long lengthBytes) {
        return 1L << sizeClass(lengthBytes).shift;
    }

    private SizeClass sizeClass(long lengthBytes) {
        int shift = 64 - Long.numberOfLeadingZeros(lengthBytes - 1);
        return classes[Math.max(shift - minShift, 0)];
    }

    private int commit(SizeClass sizeClass) {
        long bytes = 1L << sizeClass.shift;
        if (sizeClass.capacity == 0 || !reserve(bytes)) {
            return sizeClass.warm.pop();
        }
        int index = sizeClass.cold.pop();
        if (index == IndexStack.EMPTY) {
            index = sizeClass.takeFresh();
        }
        if (index == IndexStack.EMPTY) {
            committedBytes.addAndGet(-bytes);
        }
        return index;
    }

    private boolean reserve(long bytes) {
        while (true) {
            long committed = committedBytes.get();
            if (committed + bytes > budgetBytes) {
                if (!reclaimOne()) {
                    return false;
                }
            } else if (committedBytes.compareAndSet(committed, committed + bytes)) {
                return true;
            }
        }
    }

    private boolean reclaimOne() {
        for (int i = classes.length - 1; i >= 0; i--) {
            SizeClass victim = classes[i];
            int index = victim.warm.pop();
            if (index != IndexStack.EMPTY) {
                LazyMemory.discard(memory, victim.offset(index), 1L << victim.shift);
                committedBytes.addAndGet(-(1L << victim.shift));
                victim.cold.push(index);
                return true;
            }
        }
        return false;
    }

    private static final class SizeClass {
        final long base;
        final int shift;
        final int capacity;
        final IndexStack warm;
        final IndexStack cold;
        final AtomicInteger fresh = new AtomicInteger();

        SizeClass(long base, int shift, int capacity) {
            this.base = base;
            this.shift = shift;
            this.capacity = capacity;
            this.warm = new IndexStack(capacity);
            this.cold = new IndexStack(capacity);
        }

        long offset(int index) {
            return base + ((long) index << shift);
        }

        int index(long offset) {
            return (int) (offset - base >> shift);
        }

        int takeFresh() {
            int index;
            do {
                index = fresh.get();
                if (index == capacity) {
                    return IndexStack.EMPTY;
                }
            } while (!fresh.compareAndSet(index, index + 1));
            return index;
        }
    }
}
