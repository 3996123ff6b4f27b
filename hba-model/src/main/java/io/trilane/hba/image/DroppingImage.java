package io.trilane.hba.image;

import io.trilane.engine.task.Extents;

/// A disk that loses some writes and answers DONE: nothing that changes the medium is safe; COMPARE_AND_WRITE still
/// compares. To prove that whoever checks data would notice.
public final class DroppingImage extends ForwardingImage {
    private final Trigger trigger;
    private long drops;

    public DroppingImage(DiskImage inner, Trigger trigger) {
        super(inner);
        this.trigger = trigger;
    }

    @Override
    public long submit(Operation operation, long offset, long length, Extents extents, long token) {
        if (operation.changesMedium() && trigger.fires()) {
            drops++;
            return operation == Operation.COMPARE_AND_WRITE
                    ? inner.submit(Operation.COMPARE, offset, length, extents, token) : ImageResult.DONE;
        }
        return inner.submit(operation, offset, length, extents, token);
    }

    /// How many writes were lost.
    public long drops() {
        return drops;
    }
}
