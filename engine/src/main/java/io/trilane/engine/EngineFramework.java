package io.trilane.engine;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.Completer;
import io.trilane.engine.controller.ConstraintKey;
import io.trilane.engine.controller.ControllerConstraints;
import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.FrameworkCall;
import io.trilane.engine.controller.GuardedLock;
import io.trilane.engine.controller.HardwareAgent;
import io.trilane.engine.controller.HbaProperty;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.PowerState;
import io.trilane.engine.controller.QueueContract;
import io.trilane.engine.controller.ReentrancyGuard.Answer;
import io.trilane.engine.controller.SlowJob;
import io.trilane.engine.controller.TargetProperty;
import io.trilane.engine.controller.TargetVerdict;
import io.trilane.engine.queue.InterruptLine;
import io.trilane.engine.queue.Reply;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.Role;
import io.trilane.engine.task.TaskPool;
import io.trilane.engine.task.TaskToken;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the controller sees of the engine: configuration, queues and waiting here, targets in [TargetCalls], memory in
/// [TaskPool].
final class EngineFramework implements Framework {
    private static final List<String> QUEUES_TO_SET = List.of(AUXILIARY_QUEUE, INTERRUPT_QUEUE);

    private final EngineCore core;
    private final TargetCalls targets;
    private final Set<String> dispatchQueues;
    private final Map<ConstraintKey, Long> constraints;
    private final List<SerialQueue<?>> queues;
    /// Attached by the control role, read by the hardware's thread.
    private final Reply<HardwareAgent> hardware;
    private final long powerTransition;

    EngineFramework(EngineCore core) {
        this.core = core;
        this.targets = new TargetCalls(core);
        this.dispatchQueues = new TreeSet<>();
        this.constraints = new EnumMap<>(ConstraintKey.class);
        this.queues = new ArrayList<>();
        this.hardware = new Reply<>();
        this.powerTransition = PowerControl.ANY_TRANSITION;
    }

    private EngineFramework(EngineFramework other, long powerTransition) {
        this.core = other.core;
        this.targets = other.targets;
        this.dispatchQueues = other.dispatchQueues;
        this.constraints = other.constraints;
        this.queues = other.queues;
        this.hardware = other.hardware;
        this.powerTransition = powerTransition;
    }

    @Override
    public void setDispatchQueue(String name) {
        dispatchQueues.add(name);
    }

    @Override
    public void reportConstraints(Map<ConstraintKey, Long> reported) {
        constraints.putAll(reported);
    }

    @Override
    public QueueContract contract() {
        return core.config().contract();
    }

    @Override
    public Completer completer(Role role) {
        return core.completer(role);
    }

    @Override
    public InterruptLine interruptLine() {
        return core.interruptLine();
    }

    @Override
    public <E> SerialQueue<E> hardwareQueue(String name, int capacity) {
        return remember(new SerialQueue<>(name, capacity, core.hardwareDoorbell()));
    }

    @Override
    public <E> SerialQueue<E> interruptQueue(String name, int capacity) {
        return remember(new SerialQueue<>(name, capacity, core.doorbell(contract().role(Callback.INTERRUPT))));
    }

    @Override
    public TaskPool tasks() {
        return core.pool();
    }

    @Override
    public boolean runSlowly(SlowJob job) {
        return core.slowWork().submit(job);
    }

    @Override
    public boolean dispatch(Role role, Runnable block) {
        return core.messages().dispatch(role, block);
    }

    @Override
    public boolean dispatchSync(Role role, Runnable block) {
        Reply<Boolean> ran = new Reply<>();
        Runnable andReply = () -> {
            try {
                block.run();
            } finally {
                ran.complete(true);
            }
        };
        boolean[] posted = {false};
        Answer answer = core.guard().await(FrameworkCall.DISPATCH_SYNC, "dispatchSync(" + role + ")",
                EnumSet.of(role), () -> posted[0] = dispatch(role, andReply), () -> ran.isDone() || !posted[0]);
        return answer == Answer.DONE && ran.isDone();
    }

    @Override
    public TargetVerdict createTarget(long targetId, Map<TargetProperty, String> properties) {
        return targets.create(targetId, properties);
    }

    @Override
    public void createTarget(long targetId, Map<TargetProperty, String> properties, Consumer<TargetVerdict> onDone) {
        targets.create(targetId, properties, onDone);
    }

    @Override
    public boolean destroyTarget(long targetId) {
        return targets.destroy(targetId);
    }

    @Override
    public void destroyTarget(long targetId, Consumer<Boolean> onDone) {
        targets.destroy(targetId, onDone);
    }

    @Override
    public boolean isTargetPresent(long targetId) {
        return core.targetTable().present().contains(targetId);
    }

    @Override
    public void setHbaProperties(Map<HbaProperty, String> properties) {
        core.targets().directory().setHba(properties);
    }

    @Override
    public void removeHbaProperties(Set<HbaProperty> properties) {
        core.targets().directory().removeHba(properties);
    }

    @Override
    public boolean setTargetProperties(long targetId, Map<TargetProperty, String> properties) {
        return core.targets().directory().setProperties(targetId, properties);
    }

    @Override
    public boolean removeTargetProperties(long targetId, Set<TargetProperty> properties) {
        return core.targets().directory().removeProperties(targetId, properties);
    }

    @Override
    public void mediaParametersHaveChanged() {
        core.targets().askRescan();
        core.doorbell(Role.CONTROL).ring();
    }

    @Override
    public @Nullable MemorySegment dataBuffer(long token) {
        boolean isSubmitting = core.guard().currentRole() == contract().role(Callback.PROCESS)
                && core.submission().isSubmitting(token);
        if (!isSubmitting) {
            core.misuses().report(Misuse.DATA_BUFFER_OUTSIDE_SUBMIT,
                    () -> "token=" + TaskToken.describe(token) + " is not in its process call");
            return null;
        }
        return core.pool().firstSegment(token);
    }

    @Override
    public @Nullable MemorySegment dma(long address, long lengthBytes) {
        Role role = core.guard().currentRole();
        if (role != null) {
            core.misuses().report(Misuse.IOVA_AS_HOST_ADDRESS, () -> "address=" + Long.toHexString(address)
                    + " is not a host address, role=" + role + " followed it");
            return null;
        }
        return core.memory().dmaSpace().segment(address, lengthBytes);
    }

    @Override
    public GuardedLock newLock(String name) {
        return core.guard().newLock(name);
    }

    @Override
    public boolean awaitHardware(String what, BooleanSupplier answered) {
        return core.guard().await(FrameworkCall.AWAIT_HARDWARE, what, EnumSet.noneOf(Role.class), () -> {},
                answered) == Answer.DONE;
    }

    @Override
    public void acknowledgePowerState(PowerState state) {
        core.messages().onControl(() -> core.power().acknowledge(state, powerTransition));
    }

    /// The same framework, for one power transition: an acknowledgement to it means this one and no other.
    EngineFramework forPowerTransition(long number) {
        return new EngineFramework(this, number);
    }

    /// What is wrong with the queues that were set, as misuses; empty when all is well.
    List<String> checkQueues() {
        List<String> wrong = new ArrayList<>();
        for (String name : dispatchQueues) {
            if (!QUEUES_TO_SET.contains(name)) {
                wrong.add(refuse(Misuse.QUEUE_NOT_IN_CONTRACT,
                        "queue=" + name + " is not in contract=" + contract() + ", set " + QUEUES_TO_SET + " only"));
            }
        }
        for (String name : QUEUES_TO_SET) {
            if (!dispatchQueues.contains(name)) {
                wrong.add(refuse(Misuse.QUEUE_MISSING,
                        "queue=" + name + " was not set, call setDispatchQueue inside initializeController"));
            }
        }
        return wrong;
    }

    /// Keys that were not reported; all of them when nothing was.
    List<ConstraintKey> missingConstraints() {
        return ControllerConstraints.missing(constraints);
    }

    /// The constraints, once nothing is missing.
    ControllerConstraints constraints() {
        return ControllerConstraints.of(constraints);
    }

    private String refuse(Misuse misuse, String detail) {
        core.misuses().report(misuse, () -> detail);
        return misuse + ": " + detail;
    }

    /// The driver thread changes: its queues forget it.
    void releaseConsumers() {
        queues.forEach(SerialQueue::releaseConsumer);
    }

    void attachHardware(HardwareAgent agent) {
        hardware.complete(agent);
    }

    @Nullable
    HardwareAgent hardware() {
        return hardware.get();
    }

    private <E> SerialQueue<E> remember(SerialQueue<E> queue) {
        queues.add(queue);
        return queue;
    }
}
