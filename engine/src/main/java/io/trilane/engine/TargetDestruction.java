package io.trilane.engine;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// From PRESENT to ABSENT (`driverkit.md` 2.4): no new task reaches the controller, running submission calls return, then
/// what the controller holds is completed to its clients.
final class TargetDestruction implements TargetJob {
    private final long targetId;
    private final TargetWork targets;
    private final BooleanSupplier submissionsReturned;
    private final Consumer<Boolean> onDone;
    private boolean done;

    TargetDestruction(long targetId, TargetWork targets, BooleanSupplier submissionsReturned,
            Consumer<Boolean> onDone) {
        this.targetId = targetId;
        this.targets = targets;
        this.submissionsReturned = submissionsReturned;
        this.onDone = onDone;
    }

    @Override
    public long targetId() {
        return targetId;
    }

    @Override
    public boolean isDone() {
        return done;
    }

    @Override
    public int doWork(long nowNs) {
        if (!submissionsReturned.getAsBoolean()) {
            return 0;
        }
        targets.drain(targetId);
        targets.noteGone(targetId);
        targets.table().setState(targetId, null);
        targets.directory().put(targetId, null);
        done = true;
        onDone.accept(true);
        return 1;
    }
}
