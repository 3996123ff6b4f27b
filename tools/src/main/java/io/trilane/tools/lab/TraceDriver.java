package io.trilane.tools.lab;

import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.HardwareAgent;
import io.trilane.engine.controller.TargetVerdict;
import io.trilane.engine.task.Role;
import io.trilane.hba.HbaController;
import io.trilane.hba.HbaModel;
import io.trilane.hba.image.PendingImage;
import io.trilane.tools.lab.scenario.ForwardingController;
import io.trilane.tools.lab.scenario.LaggingHardware;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// The reference driver for a trace: one of its images lags, so that there is something to abort, and it can create a target
/// as a driver with an auxiliary queue does.
final class TraceDriver extends ForwardingController {
    private static final long SEED = 1;

    private final List<PendingImage> lagging;
    private @Nullable Framework framework;
    private boolean frozen;
    private @Nullable TargetVerdict verdict;

    TraceDriver(HbaModel hardware, PendingImage lagging) {
        super(new HbaController(hardware));
        this.lagging = List.of(lagging);
    }

    @Override
    public boolean start(Framework given) {
        framework = given;
        return super.start(given);
    }

    @Override
    public HardwareAgent hardware() {
        return new LaggingHardware(super.hardware(), lagging, new SplittableRandom(SEED), () -> frozen);
    }

    /// While it is frozen, operations of the lagging image do not end.
    void setFrozen(boolean freeze) {
        frozen = freeze;
    }

    /// Destroys a target and creates it again, both synchronously, on the auxiliary queue; returns at once.
    void createAgain(long targetId) {
        Framework given = Objects.requireNonNull(framework);
        boolean dispatched = given.dispatch(Role.IO, () -> {
            boolean _ = given.destroyTarget(targetId);
            verdict = given.createTarget(targetId, Map.of());
        });
        if (!dispatched) {
            throw new IllegalStateException("queue=" + Framework.AUXILIARY_QUEUE + " is full, our bug");
        }
    }

    /// How [#createAgain] ended; null until it has.
    @Nullable
    TargetVerdict verdict() {
        return verdict;
    }
}
