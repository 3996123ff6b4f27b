package io.trilane.hba.image;

import io.trilane.engine.task.Extents;

/// A disk that puts some writes in another place and answers DONE: the place that was meant keeps its old bytes and
/// another one loses them. COMPARE_AND_WRITE is never misplaced: it names one place for both of its halves. To prove that whoever checks data would notice.
public final class MisplacingImage extends ForwardingImage {
    private final Trigger trigger;
    private final long displacementBytes;
    private long misplacements;

    /// @param displacementBytes how far off, not 0; the other way where the image ends
    public MisplacingImage(DiskImage inner, Trigger trigger, long displacementBytes) {
        super(inner);
        this.trigger = trigger;
        this.displacementBytes = displacementBytes;
    }

    @Override
    public long submit(Operation operation, long offset, long length, Extents extents, long token) {
        if (!operation.changesMedium() || operation == Operation.COMPARE_AND_WRITE || !trigger.fires()) {
            return inner.submit(operation, offset, length, extents, token);
        }
        misplacements++;
        return inner.submit(operation, displaced(offset, length), length, extents, token);
    }

    /// How many writes went elsewhere.
    public long misplacements() {
        return misplacements;
    }

    private long displaced(long offset, long length) {
        long end = capacityBlocks() * blockBytes() - length;
        long there = offset + displacementBytes;
        long place = there >= 0 && there <= end ? there : offset - displacementBytes;
        if (place < 0 || place > end) {
            throw new IllegalStateException("displacementBytes=" + displacementBytes + " > image,"
                    + " choose a smaller one");
        }
        return place;
    }
}
