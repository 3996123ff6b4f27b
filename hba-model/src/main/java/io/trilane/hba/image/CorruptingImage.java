package io.trilane.hba.image;

import io.trilane.engine.task.Extents;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A disk that flips one bit and says nothing: of the data on their way to the medium, or from it. To prove that
/// whoever checks data would notice. The image inside must finish at once; the buffer of a write is as before
/// afterwards.
public final class CorruptingImage extends ForwardingImage {
    private final Operation spoiled;
    private final Trigger trigger;
    private final long bit;
    private long corruptions;

    private CorruptingImage(DiskImage inner, Operation spoiled, Trigger trigger, long bit) {
        super(inner);
        this.spoiled = spoiled;
        this.trigger = trigger;
        this.bit = bit;
    }

    /// Spoils what is stored by WRITE, FILL and COMPARE_AND_WRITE; the others that change the medium bring no data.
    ///
    /// @param bit which one, from the start of the data; modulo their length
    public static CorruptingImage onWrite(DiskImage inner, Trigger trigger, long bit) {
        return new CorruptingImage(inner, Operation.WRITE, trigger, bit);
    }

    /// Spoils what is delivered; the medium stays good.
    ///
    /// @param bit which one, from the start of the data; modulo their length
    public static CorruptingImage onRead(DiskImage inner, Trigger trigger, long bit) {
        return new CorruptingImage(inner, Operation.READ, trigger, bit);
    }

    @Override
    public long submit(Operation operation, long offset, long length, Extents extents, long token) {
        if (!isSpoiled(operation) || length == 0 || !trigger.fires()) {
            return inner.submit(operation, offset, length, extents, token);
        }
        corruptions++;
        long from = operation == Operation.COMPARE_AND_WRITE ? length : 0;
        long dataLength = operation == Operation.FILL ? blockBytes() : length;
        if (spoiled == Operation.WRITE) {
            flip(extents, from, dataLength);
        }
        long result = inner.submit(operation, offset, length, extents, token);
        if (result == ImageResult.PENDING) {
            throw new IllegalStateException("image=" + name() + " is PENDING, put the PendingImage outside");
        }
        flip(extents, from, dataLength);
        return result;
    }

    /// How many operations were spoiled.
    public long corruptions() {
        return corruptions;
    }

    private boolean isSpoiled(Operation operation) {
        return operation == spoiled || spoiled == Operation.WRITE
                && (operation == Operation.FILL || operation == Operation.COMPARE_AND_WRITE);
    }

    /// Flips the bit in `length` bytes of data that start at byte `from`.
    private void flip(Extents extents, long from, long length) {
        long at = from + Math.floorMod(bit, length * Byte.SIZE) / Byte.SIZE;
        int mask = 1 << Math.floorMod(bit, Byte.SIZE);
        int i = 0;
        while (at >= extents.length(i)) {
            at -= extents.length(i++);
        }
        MemorySegment data = extents.segment(i);
        long place = extents.offset(i) + at;
        data.set(ValueLayout.JAVA_BYTE, place, (byte) (data.get(ValueLayout.JAVA_BYTE, place) ^ mask));
    }
}
