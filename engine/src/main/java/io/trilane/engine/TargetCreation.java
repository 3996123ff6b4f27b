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
            if (targets.table().state(targetId) != null) {
                // The last target of this id is still being destroyed.
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

    /// The target is being destroyed, or the engine stopped.
    void abandon() {
        if (!done) {
            if (probe != null) {
                probe.abandon("the target is destroyed");
            }
            finish(TargetVerdict.ABANDONED);
        }
    }

    private void begin() {
        targets.table().setState(targetId, TargetTable.State.CREATING);
        Controller controller = targets.controller();
        boolean initialized = targets.call(Callback.INITIALIZE_TARGET, () -> controller.initializeTarget(targetId));
        if (!initialized) {
            takeBack(TargetVerdict.INITIALIZE_FAILED);
            return;
        }
        multiPathing = targets.call(Callback.INITIALIZE_TARGET, controller::doesHbaSupportMultiPathing);
        targets.askAutoSense();
        targets.table().setAccepts(targetId, true);
        probe = targets.newProbe(targetId);
    }

    private void settle() {
        if (probe != null && !probe.isGood()) {
            takeBack(TargetVerdict.PROBE_FAILED);
            return;
        }
        targets.directory().put(targetId, new TargetInfo(targetId, properties, multiPathing, agreedFeatures(),
                probe == null ? List.of() : probe.units()));
        targets.table().setState(targetId, TargetTable.State.PRESENT);
        finish(TargetVerdict.CREATED);
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

    private void takeBack(TargetVerdict verdict) {
        targets.table().setAccepts(targetId, false);
        targets.table().setState(targetId, null);
        finish(verdict);
    }

    private void finish(TargetVerdict verdict) {
        done = true;
        targets.forget(probe);
        onDone.accept(verdict);
    }
}
