package io.trilane.perf.harness;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;

/// C's `memcpy`, called the cheapest way there is: critical, so without a thread-state transition, and with plain
/// addresses, so without a liveness check.
final class MemcpyContender extends CopyContender {
    private static final MethodHandle MEMCPY = memcpy();

    /// By unit: where byte 0 of the image would be.
    private final long[] bases;

    MemcpyContender(Workload workload, OffsetSequence sequence, List<Placed> regions, MemorySegment data) {
        super(workload, sequence, data);
        this.bases = regions.stream().mapToLong(r -> r.region().segment().address() - r.imageOffset()).toArray();
    }

    @Override
    public String name() {
        return "memcpy";
    }

    @Override
    int loop(long[] entries, long mask, long position, long operations, int firstBuffer) {
        try {
            return copy(entries, mask, position, operations, firstBuffer);
        } catch (Throwable e) {
            throw new IllegalStateException("memcpy failed", e);
        }
    }

    private int copy(long[] entries, long mask, long position, long operations, int firstBuffer) throws Throwable {
        long first = data.address();
        int buffer = firstBuffer;
        for (long p = position; p < position + operations; p++) {
            long request = entries[(int) (p & mask)];
            long image = bases[Request.unit(request)] + Request.offsetBytes(request);
            long memory = first + buffer * stride;
            if (Request.isWrite(request)) {
                long _ = (long) MEMCPY.invokeExact(image, memory, requestBytes);
            } else {
                long _ = (long) MEMCPY.invokeExact(memory, image, requestBytes);
            }
            buffer = buffer + 1 == buffers ? 0 : buffer + 1;
        }
        return buffer;
    }

    @SuppressWarnings("restricted")
    private static MethodHandle memcpy() {
        Linker linker = Linker.nativeLinker();
        ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
        return linker.downcallHandle(linker.defaultLookup().find("memcpy").orElseThrow(),
                FunctionDescriptor.of(word, word, word, word), Linker.Option.critical(false));
    }
}
