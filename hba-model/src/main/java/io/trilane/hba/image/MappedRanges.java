package io.trilane.hba.image;

import io.trilane.engine.task.Extents;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// What a [MappedImage] does to whole ranges, without data or with one block of it. Any of it may run on the slow-work
/// agent while the image's own agent executes other operations, so nothing that both would write is in here. A fault is
/// an [InternalError], as in the image itself.
final class MappedRanges {
    private static final int PIECE_BYTES = 64 << 10;
    /// The smallest page there is.
    private static final int PAGE_BYTES = 4096;
    /// One call of the kernel covers this much, so that none takes for ever.
    private static final long STEP_BYTES = 64L << 20;

    private final Mapping mapping;
    private final MemorySegment segment;
    /// Always 1. Not final on purpose: were it a constant, the compiler could remove the loop of [#deliverFault].
    private int polls = 1;
    /// Keeps the compiler from dropping the loads of [#touch]. NOTE: a benign race, its value means nothing.
    @SuppressWarnings("UnusedVariable")
    private int touched;

    MappedRanges(Mapping mapping, MemorySegment segment) {
        this.mapping = mapping;
        this.segment = segment;
    }

    /// Writes one block of `extents` to every block of the range.
    long fill(long offset, long length, Extents extents) {
        int blockBytes = mapping.blockBytes();
        assert length % blockBytes == 0 : "length=" + length + " blockBytes=" + blockBytes;
        try (Arena buffers = Arena.ofConfined()) {
            MemorySegment pattern = buffers.allocate(Math.min(length, PIECE_BYTES));
            long given = extents.gather(0, pattern, 0, blockBytes);
            assert given == blockBytes : given + " of " + blockBytes;
            for (long at = blockBytes; at < pattern.byteSize(); at += blockBytes) {
                MemorySegment.copy(pattern, 0, pattern, at, blockBytes);
            }
            return store(pattern, offset, length);
        }
    }

    long zero(long offset, long length) {
        try (Arena buffers = Arena.ofConfined()) {
            return store(buffers.allocate(Math.min(length, PIECE_BYTES)), offset, length);
        }
    }

    /// Where nothing can be given back, zeros are written: what was there must not be readable in any case.
    long unmap(long offset, long length) {
        if (!mapping.punch(offset, length)) {
            return zero(offset, length);
        }
        return mapping.isWhole() ? ImageResult.DONE : ImageResult.MEDIUM_ERROR;
    }

    /// Reads a byte of every page: the kernel brings pages as a whole. The advice makes it bring many at a time; it may
    /// refuse, and what cannot be read is found by the loads.
    long touch(long offset, long length) {
        advise(offset, length, NativeCalls.MADV_POPULATE_READ);
        int sum = 0;
        for (long at = offset; at < offset + length; at = (at / PAGE_BYTES + 1) * PAGE_BYTES) {
            sum += segment.get(ValueLayout.JAVA_BYTE, at);
        }
        touched = sum;
        deliverFault();
        return ImageResult.DONE;
    }

    /// The kernel starts to read, and does not wait for it.
    void readAhead(long offset, long length) {
        advise(offset, length, NativeCalls.MADV_WILLNEED);
    }

    private void advise(long offset, long length, int advice) {
        long end = offset + length;
        long result = 0;
        for (long at = offset / PAGE_BYTES * PAGE_BYTES; at < end && result >= 0; at += STEP_BYTES) {
            result = NativeCalls.advise(mapping.address() + at, Math.min(STEP_BYTES, end - at), advice);
        }
    }

    private long store(MemorySegment pattern, long offset, long length) {
        for (long done = 0; done < length; done += pattern.byteSize()) {
            MemorySegment.copy(pattern, 0, segment, offset + done, Math.min(pattern.byteSize(), length - done));
            deliverFault();
        }
        return ImageResult.DONE;
    }

    /// A safepoint poll, as in [MappedImage].
    private void deliverFault() {
        for (int i = polls; i != 0; i >>>= 1) {
            // The way back to the top of the loop is the poll.
        }
    }
}
