package io.trilane.perf.harness;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Something that copies what the engine copies and does nothing else: same requests, as many rotating buffers as the
/// engine has requests in flight, same stride and alignment. Belongs to one job's thread.
public abstract sealed class CopyContender permits MemcpyContender, SegmentContender {
    private static final int PAGE_BYTES = 4096;

    final int buffers;
    final long stride;
    final long requestBytes;
    final MemorySegment data;
    private final OffsetSequence sequence;
    private int nextBuffer;

    CopyContender(Workload workload, OffsetSequence sequence, MemorySegment data) {
        this.buffers = workload.depth();
        this.stride = Workload.bufferStride(workload.requestBytes());
        this.requestBytes = workload.requestBytes();
        this.sequence = sequence;
        this.data = data;
    }

    /// Both, on the same regions and buffers.
    ///
    /// @param regions one per unit, with the image offset of its first byte
    public static List<CopyContender> all(Workload workload, OffsetSequence sequence, List<Placed> regions,
            Arena arena) {
        // Zeroed by the arena: prefaulted.
        MemorySegment data = arena.allocate(workload.bufferBytes(), PAGE_BYTES);
        return List.of(new MemcpyContender(workload, sequence, regions, data),
                new SegmentContender(workload, sequence, regions, data));
    }

    /// A region that stands for `[imageOffset, imageOffset + size)` of an image.
    public record Placed(CopyRegion region, long imageOffset) {}

    /// For reports.
    public abstract String name();

    /// Copies the requests from `position` on.
    public final void run(long position, long operations) {
        nextBuffer = loop(sequence.entries(), sequence.mask(), position, operations, nextBuffer);
    }

    /// Returns the buffer to go on with.
    abstract int loop(long[] entries, long mask, long position, long operations, int firstBuffer);
}
