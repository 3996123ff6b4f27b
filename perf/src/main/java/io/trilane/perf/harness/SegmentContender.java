package io.trilane.perf.harness;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// [MemorySegment#copy], in a class of its own: its copy sites share no profile with the engine's.
final class SegmentContender extends CopyContender {
    private final MemorySegment[] images;
    private final long[] imageOffsets;

    SegmentContender(Workload workload, OffsetSequence sequence, List<Placed> regions, MemorySegment data) {
        super(workload, sequence, data);
        this.images = regions.stream().map(r -> r.region().segment()).toArray(MemorySegment[]::new);
        this.imageOffsets = regions.stream().mapToLong(Placed::imageOffset).toArray();
    }

    @Override
    public String name() {
        return "segment";
    }

    @Override
    int loop(long[] entries, long mask, long position, long operations, int firstBuffer) {
        int buffer = firstBuffer;
        for (long p = position; p < position + operations; p++) {
            long request = entries[(int) (p & mask)];
            int unit = Request.unit(request);
            long image = Request.offsetBytes(request) - imageOffsets[unit];
            long memory = buffer * stride;
            if (Request.isWrite(request)) {
                MemorySegment.copy(data, memory, images[unit], image, requestBytes);
            } else {
                MemorySegment.copy(images[unit], image, data, memory, requestBytes);
            }
            buffer = buffer + 1 == buffers ? 0 : buffer + 1;
        }
        return buffer;
    }
}
