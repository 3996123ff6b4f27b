package io.trilane.tools.lab.scenario;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.Controller;
import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.HardwareAgent;
import io.trilane.engine.controller.TargetVerdict;
import io.trilane.engine.task.Role;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskStatus;
import io.trilane.hba.image.PendingImage;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The reference driver in a scenario: its hardware lags, its completions can be tapped, it can say TASK SET FULL, and it
/// can create its targets from the auxiliary queue.
final class PatternController extends ForwardingController {
    private final Options options;
    private final List<PendingImage> lagging;
    private final CompletionTap tap;
    private final RandomGenerator hardwareRandom;
    private final RandomGenerator refusalRandom;
    private final Map<Long, TargetVerdict> verdicts = new ConcurrentHashMap<>();
    private volatile boolean frozen;
    private volatile boolean storming;
    private final AtomicInteger refusals = new AtomicInteger();
    private @Nullable Framework framework;

    /// @param auxiliaryTargets created synchronously from the auxiliary queue; empty: the driver inside creates its own
    record Options(List<Long> auxiliaryTargets) {}

    PatternController(Controller inner, Options options, List<PendingImage> lagging,
            RandomGenerator.SplittableGenerator random) {
        super(inner);
        this.options = options;
        this.lagging = lagging;
        this.tap = new CompletionTap(random.split());
        this.hardwareRandom = random.split();
        this.refusalRandom = random.split();
    }

    CompletionTap tap() {
        return tap;
    }

    Framework framework() {
        return Objects.requireNonNull(framework);
    }

    /// While it storms, about every other task is refused with TASK SET FULL.
    void setStorming(boolean storm) {
        storming = storm;
    }

    /// While it is frozen, what the images have in flight stays there.
    void setFrozen(boolean freeze) {
        frozen = freeze;
    }

    int refusals() {
        return refusals.get();
    }

    /// How the creations from the auxiliary queue ended.
    Map<Long, TargetVerdict> verdicts() {
        return verdicts;
    }

    @Override
    public boolean start(Framework given) {
        framework = given;
        return super.start(tap.around(given));
    }

    @Override
    public HardwareAgent hardware() {
        HardwareAgent hardware = super.hardware();
        return lagging.isEmpty() ? hardware : new LaggingHardware(hardware, lagging, hardwareRandom,
                () -> frozen);
    }

    /// Returns at once; the calls wait on the auxiliary queue, which none of their callbacks needs.
    @Override
    public boolean startController() {
        if (options.auxiliaryTargets().isEmpty()) {
            return super.startController();
        }
        return framework().dispatch(Role.IO, () -> options.auxiliaryTargets()
                .forEach(id -> verdicts.put(id, framework().createTarget(id, Map.of()))));
    }

    @Override
    public void process(TaskBatch batch) {
        if (!storming) {
            super.process(batch);
            return;
        }
        for (int i = 0; i < batch.count(); i++) {
            if (refusalRandom.nextBoolean()) {
                refuse(batch.task(i), batch.token(i));
            } else {
                ServiceResponse _ = super.processTask(batch.task(i), batch.token(i));
            }
        }
    }

    private void refuse(Task task, long token) {
        refusals.incrementAndGet();
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.TASK_SET_FULL, 0);
        framework().completer(framework().contract().role(Callback.PROCESS)).complete(token);
    }
}
