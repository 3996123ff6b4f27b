package io.trilane.engine;

import io.trilane.engine.controller.Completer;
import io.trilane.engine.controller.Controller;
import io.trilane.engine.controller.ControllerConstraints;
import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.HardwareAgent;
import io.trilane.engine.controller.QueueContract;
import io.trilane.engine.controller.SlowJob;
import io.trilane.engine.queue.Doorbell;
import io.trilane.engine.queue.InterruptLine;
import io.trilane.engine.queue.Reply;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.role.SlowWork;
import io.trilane.engine.role.SubmissionWork;
import io.trilane.engine.task.Role;
import io.trilane.engine.task.TaskPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What the controller sees of the engine. Lifecycle methods belong to the control role.
final class EngineFramework implements Framework {
    private final Controller controller;
    private final TaskPool pool;
    private final TaskCompleter[] completers;
    private final SlowWork slowWork;
    private final SubmissionWork submission;
    private final InterruptLine interruptLine;
    private final Doorbell hardwareDoorbell;
    private final Doorbell interruptDoorbell;
    private final QueueContract contract;
    private final Set<Long> targets = new TreeSet<>();
    private final List<SerialQueue<?>> queues = new ArrayList<>();
    private @Nullable ControllerConstraints constraints;
    /// Attached by the control role, read by the hardware's thread.
    private final Reply<HardwareAgent> hardware = new Reply<>();
    private long initiatorId;
    private long highestTargetId;

    /// @param wiring what the engine built before its controller starts
    EngineFramework(Controller controller, TaskPool pool, TaskCompleter[] completers, SlowWork slowWork,
            Wiring wiring) {
        this.controller = controller;
        this.pool = pool;
        this.completers = completers;
        this.slowWork = slowWork;
        this.submission = wiring.submission();
        this.interruptLine = wiring.interruptLine();
        this.hardwareDoorbell = wiring.hardwareDoorbell();
        this.interruptDoorbell = wiring.interruptDoorbell();
        this.contract = wiring.contract();
    }

    /// The parts that connect roles and hardware.
    record Wiring(SubmissionWork submission, InterruptLine interruptLine, Doorbell hardwareDoorbell,
            Doorbell interruptDoorbell, QueueContract contract) {}

    @Override
    public void reportConstraints(ControllerConstraints reported) {
        constraints = reported;
    }

    @Override
    public QueueContract contract() {
        return contract;
    }

    @Override
    public Completer completer(Role role) {
        return completers[role.ordinal()];
    }

    @Override
    public InterruptLine interruptLine() {
        return interruptLine;
    }

    @Override
    public <E> SerialQueue<E> hardwareQueue(String name, int capacity) {
        return remember(new SerialQueue<>(name, capacity, hardwareDoorbell));
    }

    @Override
    public <E> SerialQueue<E> interruptQueue(String name, int capacity) {
        return remember(new SerialQueue<>(name, capacity, interruptDoorbell));
    }

    @Override
    public TaskPool tasks() {
        return pool;
    }

    @Override
    public boolean runSlowly(SlowJob job) {
        return slowWork.submit(job);
    }

    @Override
    public boolean createTarget(long targetId) {
        boolean legal = targetId >= 0 && targetId <= highestTargetId && targetId != initiatorId
                && !targets.contains(targetId);
        if (!legal || !controller.initializeTarget(targetId)) {
            return false;
        }
        return targets.add(targetId);
    }

    /// The driver thread changes: its queues forget it.
    void releaseConsumers() {
        queues.forEach(SerialQueue::releaseConsumer);
    }

    private <E> SerialQueue<E> remember(SerialQueue<E> queue) {
        queues.add(queue);
        return queue;
    }

    void createAllTargets() {
        for (long id = 0; id <= highestTargetId; id++) {
            boolean _ = createTarget(id);
        }
    }

    void setTargetRange(long initiator, long highest) {
        initiatorId = initiator;
        highestTargetId = highest;
    }

    void setBundled(boolean bundled) {
        submission.setBundled(bundled);
    }

    void attachHardware(HardwareAgent agent) {
        hardware.complete(agent);
    }

    @Nullable
    HardwareAgent hardware() {
        return hardware.get();
    }

    boolean hasConstraints() {
        return constraints != null;
    }

    Set<Long> targets() {
        return targets;
    }
}
