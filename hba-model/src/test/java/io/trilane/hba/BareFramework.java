package io.trilane.hba;

import io.trilane.engine.controller.Completer;
import io.trilane.engine.controller.ConstraintKey;
import io.trilane.engine.controller.ControllerConstraints;
import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.GuardedLock;
import io.trilane.engine.controller.HbaProperty;
import io.trilane.engine.controller.PowerState;
import io.trilane.engine.controller.QueueContract;
import io.trilane.engine.controller.SlowJob;
import io.trilane.engine.controller.TargetProperty;
import io.trilane.engine.controller.TargetVerdict;
import io.trilane.engine.queue.Doorbell;
import io.trilane.engine.queue.InterruptLine;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.Role;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskMemory;
import io.trilane.engine.task.TaskPool;
import io.trilane.engine.task.TransferDirection;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Just enough of a framework for hardware and driver without roles: queues, the interrupt line, tasks, a notebook of
/// what the driver asked for. What it does not have it refuses loudly.
final class BareFramework implements Framework, Completer, AutoCloseable {
    private static final int ROUNDS = 1000;

    final List<String> queues = new ArrayList<>();
    final Map<HbaProperty, String> hbaProperties = new EnumMap<>(HbaProperty.class);
    final Set<Long> targets = new TreeSet<>();
    /// Completed tasks, in order.
    final List<Task> completed = new ArrayList<>();
    final List<String> awaited = new ArrayList<>();
    final Deque<SlowJob> slowJobs = new ArrayDeque<>();
    ControllerConstraints constraints;
    /// What every creation of a target ends with.
    TargetVerdict verdict = TargetVerdict.CREATED;
    /// What happens elsewhere while the driver waits.
    Runnable whileWaiting = () -> {};
    boolean holdsSlowJobs;
    /// Completions of tokens that the driver did not have.
    int staleCompletions;

    private final TaskMemory memory;
    private final TaskPool pool;
    private final InterruptLine line = new InterruptLine(Doorbell.silent());

    BareFramework(int maxTasks) {
        memory = new TaskMemory(maxTasks, 1 << 20);
        pool = new TaskPool(memory, 0);
        pool.open(maxTasks);
    }

    /// A bundle of TEST UNIT READY for unit 0 of target 0.
    SerialQueue.Bundle<Task> testUnitReady(int count) {
        SerialQueue.Bundle<Task> bundle = new SerialQueue.Bundle<>(count);
        for (int i = 0; i < count; i++) {
            Task task = Objects.requireNonNull(pool.claim(this, 0, 0));
            task.setTargetId(0);
            task.setLun(0);
            task.setCdb(new byte[6]);
            task.setTransfer(TransferDirection.NONE, 0);
            handOver(task);
            bundle.add(task);
        }
        return bundle;
    }

    /// Moves a claimed task to where the driver has it.
    static void handOver(Task task) {
        if (!task.moveToQueued() || !task.moveToActive()) {
            throw new AssertionError("slot=" + task.slot() + " state=" + task.state() + " is not CLAIMED");
        }
    }

    @Override
    public void setDispatchQueue(String name) {
        queues.add(name);
    }

    @Override
    public void reportConstraints(Map<ConstraintKey, Long> reported) {
        constraints = ControllerConstraints.of(reported);
    }

    @Override
    public QueueContract contract() {
        return QueueContract.ENGINE;
    }

    @Override
    public Completer completer(Role role) {
        return this;
    }

    @Override
    public void complete(long token) {
        Task task = Objects.requireNonNull(pool.find(token));
        if (task.moveToDone(token)) {
            completed.add(task);
        } else if (!task.isZombie() || !pool.returnLate(token)) {
            staleCompletions++;
        }
    }

    @Override
    public void complete(long[] tokens, int count) {
        for (int i = 0; i < count; i++) {
            complete(tokens[i]);
        }
    }

    @Override
    public InterruptLine interruptLine() {
        return line;
    }

    @Override
    public <E> SerialQueue<E> hardwareQueue(String name, int capacity) {
        return new SerialQueue<>(name, capacity, Doorbell.silent());
    }

    @Override
    public <E> SerialQueue<E> interruptQueue(String name, int capacity) {
        return new SerialQueue<>(name, capacity, Doorbell.silent());
    }

    @Override
    public TaskPool tasks() {
        return pool;
    }

    @Override
    public boolean runSlowly(SlowJob job) {
        if (holdsSlowJobs) {
            slowJobs.add(job);
        } else {
            job.run();
        }
        return true;
    }

    @Override
    public void createTarget(long targetId, Map<TargetProperty, String> properties, Consumer<TargetVerdict> onDone) {
        if (verdict == TargetVerdict.CREATED) {
            targets.add(targetId);
        }
        onDone.accept(verdict);
    }

    @Override
    public void destroyTarget(long targetId, Consumer<Boolean> onDone) {
        onDone.accept(targets.remove(targetId));
    }

    @Override
    public boolean isTargetPresent(long targetId) {
        return targets.contains(targetId);
    }

    @Override
    public void setHbaProperties(Map<HbaProperty, String> properties) {
        hbaProperties.putAll(properties);
    }

    /// The deadline passes after so many rounds.
    @Override
    public boolean awaitHardware(String what, BooleanSupplier answered) {
        awaited.add(what);
        for (int round = 0; round < ROUNDS && !answered.getAsBoolean(); round++) {
            whileWaiting.run();
        }
        return answered.getAsBoolean();
    }

    @Override
    public boolean dispatch(Role role, Runnable block) {
        throw absent();
    }

    @Override
    public boolean dispatchSync(Role role, Runnable block) {
        throw absent();
    }

    @Override
    public TargetVerdict createTarget(long targetId, Map<TargetProperty, String> properties) {
        throw new AssertionError("the synchronous call needs a role that the reference driver is on");
    }

    @Override
    public boolean destroyTarget(long targetId) {
        throw absent();
    }

    @Override
    public void removeHbaProperties(Set<HbaProperty> properties) {
        throw absent();
    }

    @Override
    public boolean setTargetProperties(long targetId, Map<TargetProperty, String> properties) {
        throw absent();
    }

    @Override
    public boolean removeTargetProperties(long targetId, Set<TargetProperty> properties) {
        throw absent();
    }

    @Override
    public void mediaParametersHaveChanged() {
        throw absent();
    }

    @Override
    public MemorySegment dataBuffer(long token) {
        throw absent();
    }

    @Override
    public MemorySegment dma(long address, long lengthBytes) {
        throw absent();
    }

    @Override
    public GuardedLock newLock(String name) {
        throw absent();
    }

    @Override
    public void acknowledgePowerState(PowerState state) {
        throw absent();
    }

    private static UnsupportedOperationException absent() {
        return new UnsupportedOperationException("a bare framework does not have this");
    }

    @Override
    public void close() {
        memory.close();
    }
}
