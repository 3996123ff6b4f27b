package io.trilane.hba.image;

import io.trilane.engine.task.Extents;
import io.trilane.engine.task.HotPath;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// One view of an image that is memory: a mapped file ([ImageRegistry]) or memory alone ([MemoryImage]). Always answers
/// at once. The view belongs to one hardware agent; the memory is shared by all views of the file. Operations that may
/// take long may run on another thread at the same time ([MappedRanges]).
///
/// There is one such class, so that one pair of copy calls is compiled, over one class of segments: a mapped segment
/// is of another class than task data, and mixing them costs a third of the speed of small copies. So the view reaches
/// the mapped bytes through a plain native segment at the same address, with an arena of its own that ends with it.
///
/// Memory of a file can fail: someone truncates it, or the disk is full when a hole must be filled. The JVM then raises
/// an [InternalError], but at the next safepoint poll instead of the access. In compiled code that poll may lie in our
/// caller, after we answered DONE. So every operation ends with a poll of its own ([#deliverFault]) inside the `try`.
@HotPath
public final class MappedImage implements DiskImage {
    private static final int SCRATCH_BYTES = 16 << 10;
    /// The smallest page there is.
    private static final int TOUCH_BYTES = 4096;
    private static final int LINE_BYTES = 64;

    private final Mapping mapping;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment segment;
    private final MemorySegment scratch;
    private final MappedRanges ranges;
    private final boolean readOnly;
    private final int blockBytes;
    private final long sizeBytes;
    /// Always 1. Not final on purpose: were it a constant, the compiler could remove the loop of [#deliverFault].
    private int polls = 1;
    /// Keeps the compiler from dropping the loads of [#anticipate]; its value means nothing.
    @SuppressWarnings("UnusedVariable")
    private int anticipated;
    private boolean closed;
    private long mediumErrors;
    private long noSpaceErrors;

    @SuppressWarnings("restricted")
    MappedImage(Mapping mapping) {
        this.mapping = mapping;
        this.readOnly = mapping.isReadOnly();
        this.blockBytes = mapping.blockBytes();
        this.sizeBytes = mapping.sizeBytes();
        MemorySegment whole = MemorySegment.ofAddress(mapping.address()).reinterpret(sizeBytes, arena, null);
        // A store into a read-only mapping would kill the process: the second guard after submit's own.
        this.segment = readOnly ? whole.asReadOnly() : whole;
        this.scratch = arena.allocate(SCRATCH_BYTES, 64);
        this.ranges = new MappedRanges(mapping, segment);
    }

    @Override
    public long submit(Operation operation, long offset, long length, Extents extents, long token) {
        assert offset >= 0 && length >= 0 && offset <= sizeBytes - length : offset + "+" + length;
        if (operation == Operation.FLUSH) {
            return mapping.flush(offset, length);
        }
        if (operation == Operation.WRITE && readOnly) {
            return ImageResult.READ_ONLY;
        }
        try {
            long result = ImageResult.DONE;
            if (operation == Operation.READ) {
                long first = Math.min(extents.length(0), length);
                MemorySegment.copy(segment, offset, extents.segment(0), extents.offset(0), first);
                if (first < length) {
                    readRest(offset, first, length, extents);
                }
            } else if (operation == Operation.WRITE) {
                long first = Math.min(extents.length(0), length);
                MemorySegment.copy(extents.segment(0), extents.offset(0), segment, offset, first);
                if (first < length) {
                    writeRest(offset, first, length, extents);
                }
            } else if (operation == Operation.COMPARE) {
                result = compare(offset, length, extents);
            } else {
                result = submitRare(operation, offset, length, extents);
            }
            deliverFault();
            return result;
        } catch (InternalError _) {
            return faulted(operation, offset, length, extents);
        }
    }

    private long submitRare(Operation operation, long offset, long length, Extents extents) {
        if (operation.changesMedium() && readOnly) {
            return ImageResult.READ_ONLY;
        }
        if (length == 0) {
            return ImageResult.DONE;
        }
        return switch (operation) {
            case COMPARE_AND_WRITE -> compareAndWrite(offset, length, extents);
            case FILL -> ranges.fill(offset, length, extents);
            case ZERO -> ranges.zero(offset, length);
            case UNMAP -> ranges.unmap(offset, length);
            case PREFETCH -> ranges.touch(offset, length);
            case SEEK_DATA -> found(mapping.seekData(offset), offset, length);
            case SEEK_HOLE -> found(mapping.seekHole(offset), offset, length);
            case READ, WRITE, COMPARE, FLUSH -> throw new IllegalArgumentException("operation=" + operation);
        };
    }

    private static long found(long place, long offset, long length) {
        return place - offset < length ? place - offset : ImageResult.DONE;
    }

    private long compareAndWrite(long offset, long length, Extents extents) {
        long different = compare(offset, length, extents);
        if (different == ImageResult.DONE) {
            long written = extents.gather(length, segment, offset, length);
            assert written == length : written + " of " + length;
        }
        return different;
    }

    @Override
    public void readAhead(long offset, long length) {
        ranges.readAhead(offset, length);
    }

    @Override
    public boolean anticipates() {
        return true;
    }

    /// One load per cache line, none depending on another: the processor has as many misses under way as it can hold. The
    /// first line of every place comes before the second of any, so that the page walks overlap too. A load that faults is
    /// no error here; the operation that follows reports it.
    @Override
    public void anticipate(long[] offsets, int count, int length) {
        try {
            int sum = 0;
            for (int line = 0; line < length; line += LINE_BYTES) {
                for (int i = 0; i < count; i++) {
                    sum += segment.get(ValueLayout.JAVA_BYTE, offsets[i] + line);
                }
            }
            anticipated += sum;
            deliverFault();
        } catch (InternalError _) {
            anticipated = 0;
        }
    }

    private void readRest(long offset, long from, long length, Extents extents) {
        long done = from;
        for (int i = 1; done < length; i++) {
            long piece = Math.min(extents.length(i), length - done);
            MemorySegment.copy(segment, offset + done, extents.segment(i), extents.offset(i), piece);
            done += piece;
        }
    }

    private void writeRest(long offset, long from, long length, Extents extents) {
        long done = from;
        for (int i = 1; done < length; i++) {
            long piece = Math.min(extents.length(i), length - done);
            MemorySegment.copy(extents.segment(i), extents.offset(i), segment, offset + done, piece);
            done += piece;
        }
    }

    /// Compares a copy: [MemorySegment#mismatch] over a MiB runs a stub in which a fault is a SIGBUS that nobody
    /// catches, while a copy that faults is survived.
    private long compare(long offset, long length, Extents extents) {
        long done = 0;
        for (int i = 0; done < length; i++) {
            long end = done + Math.min(extents.length(i), length - done);
            for (long at = extents.offset(i); done < end;) {
                long piece = Math.min(end - done, SCRATCH_BYTES);
                MemorySegment.copy(segment, offset + done, scratch, 0, piece);
                deliverFault();
                long different = MemorySegment.mismatch(scratch, 0, piece, extents.segment(i), at, at + piece);
                if (different >= 0) {
                    return done + different;
                }
                at += piece;
                done += piece;
            }
        }
        return ImageResult.DONE;
    }

    /// A safepoint poll: the compiler must keep one in a loop that it cannot count. Its cost was lost in the noise.
    private void deliverFault() {
        for (int i = polls; i != 0; i >>>= 1) {
            // The way back to the top of the loop is the poll.
        }
    }

    /// The one place where a fault becomes an answer.
    private long faulted(Operation operation, long offset, long length, Extents extents) {
        int counted = operation.mayTakeLong() ? 0 : 1;
        if (mapping.isWhole()) {
            if (operation.changesMedium()) {
                noSpaceErrors += counted;
                return ImageResult.NO_SPACE;
            }
            if (operation == Operation.READ && mapping.readAround(offset, length, extents)
                    || operation == Operation.PREFETCH && mapping.isReadable(offset, length)) {
                return ImageResult.DONE;
            }
        }
        mediumErrors += counted;
        return ImageResult.MEDIUM_ERROR;
    }

    /// Operations of this view that ended with MEDIUM_ERROR, other than those that may take long. For the owner of the
    /// view.
    public long mediumErrors() {
        return mediumErrors;
    }

    /// Operations of this view that ended with NO_SPACE, other than those that may take long. For the owner of the view.
    public long noSpaceErrors() {
        return noSpaceErrors;
    }

    /// Brings the whole image into memory by reading only: no byte of a user's file changes.
    public Prefault prefault() {
        if (Prefault.advise(mapping, NativeCalls.MADV_POPULATE_READ)) {
            return new Prefault(Prefault.Method.POPULATED_FOR_READING, sizeBytes);
        }
        for (long at = 0; at < sizeBytes; at += TOUCH_BYTES) {
            if (!touch(at)) {
                throw new ImageException("image=" + name() + " unreadableAt=" + at
                        + ", it was truncated or its disk fails");
            }
        }
        return new Prefault(Prefault.Method.TOUCHED_BY_READING, sizeBytes);
    }

    /// As [#prefault], but pages are made writable and holes are filled. Only for images that we created.
    public Prefault prefaultForWriting() {
        if (!mapping.isScratch()) {
            throw new IllegalStateException("image=" + name() + " is a user's file, use prefault()");
        }
        return Prefault.advise(mapping, NativeCalls.MADV_POPULATE_WRITE)
                ? new Prefault(Prefault.Method.POPULATED_FOR_WRITING, sizeBytes) : prefault();
    }

    /// Says that access will be random: the kernel stops reading around each fault. True when it took the advice.
    public boolean adviseRandom() {
        return Prefault.advise(mapping, NativeCalls.MADV_RANDOM);
    }

    /// Asks for huge pages; true when the kernel took the advice. What it makes of it is its own affair.
    public boolean adviseHugePages() {
        return Prefault.advise(mapping, NativeCalls.MADV_HUGEPAGE);
    }

    private boolean touch(long at) {
        try {
            MemorySegment.copy(segment, at, scratch, 0, 1);
            deliverFault();
            return true;
        } catch (InternalError _) {
            return false;
        }
    }

    @Override
    public int blockBytes() {
        return blockBytes;
    }

    @Override
    public long capacityBlocks() {
        return sizeBytes / blockBytes;
    }

    @Override
    public boolean isReadOnly() {
        return readOnly;
    }

    @Override
    public String name() {
        return mapping.name();
    }

    /// A use after this is an [IllegalStateException], also while other views are open.
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            arena.close();
            mapping.release();
        }
    }
}
