package io.trilane.hba;

import io.trilane.hba.command.Outcome;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageResult;

/// Flushes that were answered before they are done (SYNCHRONIZE CACHE with IMMED): one is under way, the others are
/// merged into the next. A failure becomes a deferred error of every nexus that asked. Belongs to one logical unit.
final class BackgroundFlush {
    private final LogicalUnit unit;
    private final SlowImageWork slowWork;
    private final UnitAttentions attentions;

    private boolean isUnderWay;
    private NexusSet asked = new NexusSet();
    private NexusSet askedNext = new NexusSet();
    private long nextOffset;
    private long nextEnd;

    BackgroundFlush(LogicalUnit unit, SlowImageWork slowWork, UnitAttentions attentions) {
        this.unit = unit;
        this.slowWork = slowWork;
        this.attentions = attentions;
    }

    boolean isUnderWay() {
        return isUnderWay;
    }

    void request(int nexusId, long offset, long length) {
        nextOffset = askedNext.isEmpty() ? offset : Math.min(nextOffset, offset);
        nextEnd = askedNext.isEmpty() ? offset + length : Math.max(nextEnd, offset + length);
        askedNext.add(nexusId);
        if (!isUnderWay) {
            start();
        }
    }

    void onDone(long result) {
        if (result != ImageResult.DONE) {
            asked.raise(attentions, result == ImageResult.NO_SPACE ? Outcome.DEFERRED_SPACE_ALLOCATION_FAILED
                    : Outcome.DEFERRED_WRITE_ERROR);
        }
        asked.clear();
        isUnderWay = false;
        if (!askedNext.isEmpty()) {
            start();
        }
    }

    private void start() {
        NexusSet done = asked;
        asked = askedNext;
        askedNext = done;
        isUnderWay = true;
        slowWork.submitInBackground(unit, DiskImage.Operation.FLUSH, nextOffset, nextEnd - nextOffset);
    }
}
