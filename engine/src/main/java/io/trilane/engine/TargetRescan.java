package io.trilane.engine;

import io.trilane.engine.controller.TargetTable;
import org.jspecify.annotations.Nullable;

/// Asks a target anew because its media parameters have changed. When it does not answer, what was known stays.
final class TargetRescan implements TargetJob {
    private final long targetId;
    private final TargetWork targets;
    private @Nullable TargetProbe probe;
    private boolean repeats;
    private boolean done;

    TargetRescan(long targetId, TargetWork targets) {
        this.targetId = targetId;
        this.targets = targets;
    }

    @Override
    public long targetId() {
        return targetId;
    }

    @Override
    public boolean isDone() {
        return done;
    }

    /// The media parameters have changed once more: what was answered so far may be old.
    void repeat() {
        repeats = probe != null;
    }

    @Override
    public int doWork(long nowNs) {
        if (targets.table().state(targetId) != TargetTable.State.PRESENT) {
            finish();
            return 1;
        }
        if (probe == null && targets.isProbing(targetId)) {
            return 0;
        }
        if (probe == null) {
            probe = targets.newProbe(targetId);
            done = probe == null;
            return 1;
        }
        int work = probe.doWork(nowNs);
        if (probe.isDone()) {
            TargetProbe finished = probe;
            if (finished.isGood()) {
                targets.directory().target(targetId)
                        .ifPresent(info -> targets.directory().put(targetId, info.withUnits(finished.units())));
            }
            finish();
            if (repeats) {
                begin();
            }
        }
        return work;
    }

    /// Anew, in the next cycle.
    private void begin() {
        repeats = false;
        probe = null;
        done = false;
    }

    private void finish() {
        done = true;
        targets.forget(probe);
    }
}
