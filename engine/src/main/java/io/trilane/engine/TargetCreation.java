package io.trilane.engine;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.Controller;
import io.trilane.engine.controller.ParallelFeature;
import io.trilane.engine.controller.TargetProperty;
import io.trilane.engine.controller.TargetTable;
import io.trilane.engine.controller.TargetVerdict;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// From ABSENT to PRESENT (`driverkit.md` 2.3): initialize, questions, probe, announce. A failure takes back what was done.
final class TargetCreation implements TargetJob {
    private final long targetId;
    private final Map<TargetProperty, String> properties;
    private final TargetWork targets;
    private final Consumer<TargetVerdict> onDone;
    private @Nullable TargetProbe probe;
    private boolean multiPathing;
    private boolean begun;
    private boolean done;

    TargetCreation(long targetId, Map<TargetProperty, String> properties, TargetWork targets,
            Consumer<TargetVerdict> onDone) {
        this.targetId = targetId;
        this.properties = Map.copyOf(properties);
        this.targets = targets;
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
        if (!begun) {
            if (targets.table().state(targetId) != null || !targets.isQueuePast(targetId)) {
                // The last target of this id is still being destroyed, or tasks that were meant for it are queued.
                return 0;
            }
            begun = true;
            begin();
            return 1;
        }
        int work = probe == null ? 0 : probe.doWork(nowNs);
        if (probe == null || probe.isDone()) {
            settle();
            return 1;
        }
        return work;
    }

    /// The target is being destroyed, or the engine stops: whoever does that takes it back.
    void abandon() {
        if (!done) {
            if (probe != null) {
                probe.abandon("the target is destroyed");
            }
            finish(TargetVerdict.ABANDONED);
        }
    }

    /// While no task reaches the controller only what needs no probe any more can end well.
    int doWorkSuspended(long nowNs) {
        if (begun && probe == null) {
            return doWork(nowNs);
        }
        giveUp();
        return 1;
    }

    /// The probe cannot go on, or nobody waits any more.
    void giveUp() {
        if (!done && begun) {
            takeBack(TargetVerdict.ABANDONED);
        } else if (!done) {
            finish(TargetVerdict.ABANDONED);
        }
    }

    // A callback may destroy the very target that it is about: then this is done when it returns.

    private void begin() {
        targets.table().setState(targetId, TargetTable.State.CREATING);
        Controller controller = targets.controller();
        boolean initialized = targets.call(Callback.INITIALIZE_TARGET, () -> controller.initializeTarget(targetId));
        if (!initialized && !done) {
            targets.table().setState(targetId, null);
            finish(TargetVerdict.INITIALIZE_FAILED);
        }
        if (!done) {
            multiPathing = targets.call(Callback.INITIALIZE_TARGET, controller::doesHbaSupportMultiPathing);
            targets.askAutoSense();
        }
        if (!done) {
            targets.table().setAccepts(targetId, true);
            probe = targets.newProbe(targetId);
        }
        if (done) {
            targets.forget(probe);
        }
    }

    private void settle() {
        if (probe != null && !probe.isGood()) {
            takeBack(TargetVerdict.PROBE_FAILED);
            return;
        }
        Set<ParallelFeature> features = agreedFeatures();
        if (!done) {
            targets.directory().put(targetId, new TargetInfo(targetId, properties, multiPathing, features,
                    probe == null ? List.of() : probe.units()));
            targets.table().setState(targetId, TargetTable.State.PRESENT);
            finish(TargetVerdict.CREATED);
        }
    }

    private Set<ParallelFeature> agreedFeatures() {
        Set<ParallelFeature> agreed = EnumSet.noneOf(ParallelFeature.class);
        if (probe != null) {
            for (ParallelFeature feature : probe.advertised()) {
                if (targets.call(Callback.INITIALIZE_TARGET,
                        () -> targets.controller().doesHbaSupportParallelFeature(feature))) {
                    agreed.add(feature);
                }
            }
        }
        return agreed;
    }

    /// Tells the verdict once the target is gone again.
    private void takeBack(TargetVerdict verdict) {
        done = true;
        if (probe != null) {
            probe.abandon(verdict.name());
        }
        targets.forget(probe);
        targets.takeBack(targetId, () -> onDone.accept(verdict));
    }

    private void finish(TargetVerdict verdict) {
        done = true;
        targets.forget(probe);
        onDone.accept(verdict);
    }
}
