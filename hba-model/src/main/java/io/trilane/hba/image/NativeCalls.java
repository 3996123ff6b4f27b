package io.trilane.hba.image;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.OptionalLong;

/// The system calls that Java has no words for. Cold: opening, creating, prefaulting. POSIX; what only Linux has
/// answers "not supported" elsewhere. Each returns 0 (or a value `>= 0`) or the negative `errno`.
///
/// Image addresses go to the kernel only, never to native code that would read or write them: a fault there is a signal
/// that nobody catches.
final class NativeCalls {
    static final int ENXIO = 6;
    static final int ENOSPC = 28;
    static final int MADV_RANDOM = 1;
    static final int MADV_WILLNEED = 3;
    static final int MADV_DONTNEED = 4;
    static final int MADV_HUGEPAGE = 14;
    static final int MADV_POPULATE_READ = 22;
    static final int MADV_POPULATE_WRITE = 23;
    static final int LOCK_SHARED = 1;
    static final int LOCK_EXCLUSIVE = 2;

    private static final boolean LINUX = "Linux".equals(System.getProperty("os.name"));
    private static final boolean MACOS = System.getProperty("os.name", "").startsWith("Mac");
    private static final int O_RDWR = 2;
    private static final int O_CLOEXEC = MACOS ? 0x1000000 : 0x80000;
    private static final int LOCK_NONBLOCKING = 4;
    private static final int KEEP_SIZE_AND_PUNCH_HOLE = 0x1 | 0x2;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int PROT_READ_WRITE = 0x1 | 0x2;
    /// Private, anonymous, without reservation.
    private static final int MAP_FLAGS = MACOS ? 0x2 | 0x1000 | 0x40 : 0x2 | 0x20 | 0x4000;
    private static final int NOT_SUPPORTED = MACOS ? 45 : 95;
    private static final int EWOULDBLOCK = MACOS ? 35 : 11;
    private static final int ENOSYS = 38;
    private static final int ENOLCK = MACOS ? 77 : 37;

    private static final int AT_FDCWD = -100;
    private static final int STATX_BLOCKS = 0x400;
    private static final int STATX_BYTES = 256;
    private static final int STATX_BLOCKS_FIELD = 48;
    private static final int STATX_UNIT_BYTES = 512;

    private static final AddressLayout ADDRESS = ValueLayout.ADDRESS;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final VarHandle ERRNO =
            Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle MMAP =
            function("mmap", FunctionDescriptor.of(LONG, LONG, LONG, INT, INT, INT, LONG));
    private static final MethodHandle MUNMAP = function("munmap", FunctionDescriptor.of(INT, LONG, LONG));
    private static final MethodHandle MADVISE =
            function("madvise", FunctionDescriptor.of(INT, LONG, LONG, INT));
    private static final MethodHandle OPEN = function("open", FunctionDescriptor.of(INT, ADDRESS, INT));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(INT, INT));
    private static final MethodHandle FLOCK = function("flock", FunctionDescriptor.of(INT, INT, INT));
    private static final MethodHandle FALLOCATE =
            function("fallocate", FunctionDescriptor.of(INT, INT, INT, LONG, LONG));
    private static final MethodHandle LSEEK = function("lseek", FunctionDescriptor.of(LONG, INT, LONG, INT));
    private static final MethodHandle STATX =
            function("statx", FunctionDescriptor.of(INT, INT, ADDRESS, INT, INT, ADDRESS));

    private NativeCalls() {}

    /// Start of `bytes` of zeros that cost nothing until they are touched, or the negative `errno`.
    static long mapAnonymous(long bytes) {
        return call(state -> (long) MMAP.invokeExact(state, 0L, bytes, PROT_READ_WRITE, MAP_FLAGS, -1, 0L));
    }

    static void unmap(long address, long bytes) {
        long _ = call(state -> (int) MUNMAP.invokeExact(state, address, bytes));
    }

    /// Advice of Linux; elsewhere not supported.
    static long advise(long address, long bytes, int advice) {
        return LINUX ? call(state -> (int) MADVISE.invokeExact(state, address, bytes, advice)) : -NOT_SUPPORTED;
    }

    /// A file descriptor that no child process inherits.
    static long open(Path path, boolean writable) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path.toString());
            int flags = O_CLOEXEC | (writable ? O_RDWR : 0);
            return call(state -> (int) OPEN.invokeExact(state, name, flags));
        }
    }

    static void close(long descriptor) {
        long _ = call(state -> (int) CLOSE.invokeExact(state, (int) descriptor));
    }

    /// Locks the whole file for this open descriptor or fails at once.
    static long lock(long descriptor, int kind) {
        return call(state -> (int) FLOCK.invokeExact(state, (int) descriptor, kind | LOCK_NONBLOCKING));
    }

    /// Reserves room for the first `bytes` of a file.
    static long allocate(long descriptor, long bytes) {
        return call(state -> (int) FALLOCATE.invokeExact(state, (int) descriptor, 0, 0L, bytes));
    }

    /// Makes a hole: the range reads as zeros and its room is given back. Whole blocks of the file system go, the rest is
    /// zeroed. Only Linux.
    static long punchHole(long descriptor, long offset, long bytes) {
        return LINUX ? call(state -> (int) FALLOCATE.invokeExact(state, (int) descriptor, KEEP_SIZE_AND_PUNCH_HOLE,
                offset, bytes)) : -NOT_SUPPORTED;
    }

    /// Where the next byte that may have been written is, at `offset` or after it; `-ENXIO` when there is none. Only Linux.
    static long seekData(long descriptor, long offset) {
        return seek(descriptor, offset, SEEK_DATA);
    }

    /// Where the next byte that was not written is, at `offset` or after it; the end of the file is one. Only Linux.
    static long seekHole(long descriptor, long offset) {
        return seek(descriptor, offset, SEEK_HOLE);
    }

    private static long seek(long descriptor, long offset, int whence) {
        return LINUX ? call(state -> (long) LSEEK.invokeExact(state, (int) descriptor, offset, whence))
                : -NOT_SUPPORTED;
    }

    /// What the file system spends on a file, in bytes, where it can be known.
    static OptionalLong allocatedBytes(Path path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path.toString());
            MemorySegment facts = arena.allocate(STATX_BYTES, 8);
            long result = call(
                    state -> (int) STATX.invokeExact(state, AT_FDCWD, name, 0, STATX_BLOCKS, facts));
            return result < 0 || (facts.get(INT, 0) & STATX_BLOCKS) == 0 ? OptionalLong.empty()
                    : OptionalLong.of(facts.get(LONG, STATX_BLOCKS_FIELD) * STATX_UNIT_BYTES);
        }
    }

    static boolean isNotSupported(long result) {
        return result == -NOT_SUPPORTED || result == -ENOSYS || result == -ENOLCK;
    }

    static boolean isLockedElsewhere(long result) {
        return result == -EWOULDBLOCK;
    }

    private interface Body {
        long run(MemorySegment state) throws Throwable;
    }

    private static long call(Body body) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
            long result = body.run(state);
            return result == -1 ? -(int) ERRNO.get(state, 0L) : result;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("native call failed", e);
        }
    }

    /// The function, or where there is none, something that answers "not supported".
    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup().find(name)
                .map(at -> linker.downcallHandle(at, descriptor, Linker.Option.captureCallState("errno")))
                .orElseGet(() -> notSupported(descriptor.toMethodType()));
    }

    private static MethodHandle notSupported(MethodType type) {
        MethodHandle answer = type.returnType() == long.class
                ? MethodHandles.constant(long.class, (long) -NOT_SUPPORTED)
                : MethodHandles.constant(int.class, -NOT_SUPPORTED);
        return MethodHandles.dropArguments(
                MethodHandles.dropArguments(answer, 0, type.parameterArray()), 0, MemorySegment.class);
    }
}
