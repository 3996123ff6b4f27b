package io.trilane.hba;

import io.trilane.engine.task.Extents;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageListener;
import io.trilane.hba.image.ImageResult;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// A disk in heap memory that remembers what it was asked, fails when told to, and can hold operations back.
class TestImage implements DiskImage {
    /// An operation as it was submitted.
    record Held(Operation operation, long offset, long length, Extents extents, long token) {}

    final byte[] bytes;
    final List<String> log = new ArrayList<>();
    final List<Held> held = new ArrayList<>();
    /// Bytes without storage.
    final BitSet holes = new BitSet();
    boolean holds;
    boolean remembers = true;
    long failure = ImageResult.DONE;

    private final int blockBytes;
    private final long capacityBlocks;
    private final boolean readOnly;

    /// Only the first 64 KiB have bytes behind them.
    TestImage(int blockBytes, long capacityBlocks, boolean readOnly) {
        this.blockBytes = blockBytes;
        this.capacityBlocks = capacityBlocks;
        this.readOnly = readOnly;
        this.bytes = new byte[(int) Math.min(capacityBlocks * blockBytes, 1 << 16)];
    }

    @Override
    public long submit(Operation operation, long offset, long length, Extents extents, long token) {
        if (offset < 0 || length <= 0 || length > capacityBlocks * blockBytes - offset) {
            throw new AssertionError(operation + " " + offset + "+" + length + " is outside the image");
        }
        if (remembers) {
            log.add(operation + " " + offset + "+" + length);
        }
        if (holds && !operation.mayTakeLong()) {
            held.add(new Held(operation, offset, length, extents, token));
            return ImageResult.PENDING;
        }
        return perform(operation, offset, length, extents);
    }

    long perform(Operation operation, long offset, long length, Extents extents) {
        if (failure != ImageResult.DONE) {
            return failure;
        }
        if (offset + length > bytes.length) {
            return ImageResult.DONE;
        }
        if (operation == Operation.WRITE || operation == Operation.FILL || operation == Operation.ZERO) {
            holes.clear((int) offset, (int) (offset + length));
        }
        MemorySegment memory = MemorySegment.ofArray(bytes);
        return switch (operation) {
            case READ -> moved(extents.scatter(memory, offset, 0, length), length);
            case WRITE -> moved(extents.gather(0, memory, offset, length), length);
            case COMPARE -> compare(offset, length, extents);
            case FLUSH, PREFETCH -> ImageResult.DONE;
            case COMPARE_AND_WRITE -> {
                long different = compare(offset, length, extents);
                yield different != ImageResult.DONE ? different
                        : moved(extents.gather(length, memory, offset, length), length);
            }
            case FILL -> fill(offset, length, extents);
            case ZERO -> zero(offset, length, false);
            case UNMAP -> zero(offset, length, true);
            case SEEK_DATA -> seek(offset, length, false);
            case SEEK_HOLE -> seek(offset, length, true);
        };
    }

    private long fill(long offset, long length, Extents extents) {
        for (long at = offset; at < offset + length; at += blockBytes) {
            long _ = moved(extents.gather(0, MemorySegment.ofArray(bytes), at, blockBytes), blockBytes);
        }
        return ImageResult.DONE;
    }

    private long zero(long offset, long length, boolean unmaps) {
        Arrays.fill(bytes, (int) offset, (int) (offset + length), (byte) 0);
        if (unmaps) {
            holes.set((int) offset, (int) (offset + length));
        }
        return ImageResult.DONE;
    }

    private long seek(long offset, long length, boolean hole) {
        int found = hole ? holes.nextSetBit((int) offset) : holes.nextClearBit((int) offset);
        return found < 0 || found >= offset + length ? ImageResult.DONE : found - offset;
    }

    @Override
    public void readAhead(long offset, long length) {
        log.add("readAhead " + offset + "+" + length);
    }

    private static long moved(long done, long length) {
        if (done != length) {
            throw new AssertionError("moved " + done + " of " + length);
        }
        return ImageResult.DONE;
    }

    private long compare(long offset, long length, Extents extents) {
        byte[] data = new byte[(int) length];
        moved(extents.gather(0, MemorySegment.ofArray(data), 0, length), length);
        for (int i = 0; i < length; i++) {
            if (data[i] != bytes[(int) offset + i]) {
                return i;
            }
        }
        return ImageResult.DONE;
    }

    @Override
    public void setListener(ImageListener listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int pendingOperations() {
        return held.size();
    }

    @Override
    public int blockBytes() {
        return blockBytes;
    }

    @Override
    public long capacityBlocks() {
        return capacityBlocks;
    }

    @Override
    public boolean isReadOnly() {
        return readOnly;
    }

    @Override
    public String name() {
        return "test";
    }

    @Override
    public void close() {
        bytes[0] = 0;
    }

    static byte[] read(Extents extents, long length) {
        MemorySegment copy = MemorySegment.ofArray(new byte[(int) length]);
        long done = extents.gather(0, copy, 0, length);
        return copy.asSlice(0, done).toArray(ValueLayout.JAVA_BYTE);
    }
}
