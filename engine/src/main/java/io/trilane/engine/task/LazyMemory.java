package io.trilane.engine.task;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Anonymous memory that costs nothing until it is touched: reserved with `mmap`, zero when first read, given back with
/// `madvise`. POSIX only (Linux, macOS).
final class LazyMemory {
    private static final boolean MACOS = System.getProperty("os.name", "").startsWith("Mac");
    private static final int PROT_READ_WRITE = 0x1 | 0x2;
    private static final int MAP_FLAGS = MACOS ? 0x2 | 0x1000 | 0x40 : 0x2 | 0x20 | 0x4000;
    private static final int MADV_DONTNEED = 4;
    private static final long MAP_FAILED = -1L;

    private static final AddressLayout ADDRESS = ValueLayout.ADDRESS;
    private static final MethodHandle MMAP = function("mmap",
            FunctionDescriptor.of(ADDRESS, ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
    private static final MethodHandle MUNMAP = function("munmap",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle MADVISE = function("madvise",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    private static final MethodHandle GETPAGESIZE = function("getpagesize",
            FunctionDescriptor.of(ValueLayout.JAVA_INT));

    private LazyMemory() {}

    /// Reserves `bytes`, page-aligned; unmapped when `arena` closes.
    @SuppressWarnings("restricted")
    static MemorySegment reserve(long bytes, Arena arena) {
        MemorySegment start = map(bytes);
        if (start.address() == MAP_FAILED) {
            throw new IllegalStateException(
                    "reservedBytes=" + bytes + " > address space left, lower trilane.data-budget or maxTasks");
        }
        return start.reinterpret(bytes, arena, segment -> unmap(segment, bytes));
    }

    static int pageBytes() {
        try {
            return (int) GETPAGESIZE.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException("getpagesize failed", e);
        }
    }

    /// Gives the pages of `[offset, offset + bytes)` back to the system; they read as zero afterwards.
    static void discard(MemorySegment memory, long offset, long bytes) {
        try {
            int _ = (int) MADVISE.invokeExact(memory.asSlice(offset, bytes), bytes, MADV_DONTNEED);
        } catch (Throwable e) {
            throw new IllegalStateException("madvise failed", e);
        }
    }

    private static MemorySegment map(long bytes) {
        try {
            return (MemorySegment) MMAP.invokeExact(MemorySegment.NULL, bytes, PROT_READ_WRITE, MAP_FLAGS, -1, 0L);
        } catch (Throwable e) {
            throw new IllegalStateException("mmap failed", e);
        }
    }

    private static void unmap(MemorySegment segment, long bytes) {
        try {
            int _ = (int) MUNMAP.invokeExact(segment, bytes);
        } catch (Throwable e) {
            throw new IllegalStateException("munmap failed", e);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(
                () -> new IllegalStateException("function=" + name + " not found, run on Linux or macOS")), descriptor);
    }
}
