package io.trilane.engine;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.Controller;
import io.trilane.engine.controller.Lifecycle;
import io.trilane.engine.controller.LifecycleState;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.MisuseLog;
import io.trilane.engine.controller.TargetProperty;
import io.trilane.engine.controller.TargetTable;
import io.trilane.engine.controller.TargetVerdict;
import io.trilane.engine.role.RoleWork;
import io.trilane.engine.role.SubmissionGate;
import io.trilane.engine.task.Task;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Creates, destroys and probes targets: jobs of several cycles, stepped on the control role, so that no role waits for
/// another target's probe.
final class TargetWork implements RoleWork {
    private static final int COMPLETIONS_PER_CYCLE = 32;

    private final Ports ports;
    private final TargetTable table;
    private final TargetDirectory directory = new TargetDirectory();
    private final Lifecycle lifecycle;
    private final MisuseLog misuses;
    private final List<TargetJob> jobs = new ArrayList<>();
    private final Map<Long, TargetProbe> probes = new HashMap<>();
    /// Jobs whose step is on the stack: a callback of one may wait for another, never for itself.
    private final Set<TargetJob> stepping = new HashSet<>();
    /// Where the queue of submissions stood when a target of this id went: what is before it was meant for that one.
    private final Map<Long, Long> left = new HashMap<>();
    private final Deque<BooleanSupplier> retries = new ArrayDeque<>();
    private final Consumer<Task> onProbeTask = this::onProbeTask;
    private @Nullable Runnable allGone;
    private @Nullable Client probeClient;
    /// The media parameters have changed since the targets were asked last.
    private final AtomicBoolean rescanAsked = new AtomicBoolean();
    private final AtomicInteger openJobs = new AtomicInteger();

    /// What the work needs of the engine.
    ///
    /// @param controller    the driver
    /// @param callbacks     makes a call of the control role into the controller
    /// @param newClient     opens the framework's own client; null when targets are not probed
    /// @param drain         completes what the controller holds for a target
    /// @param readyTimeoutNs how long a probe waits for a unit that is not ready
    /// @param setAutoSense  tells the submitting side whether sense data comes by itself
    /// @param gate          how far the queue of submissions has been emptied
    /// @param newFence      makes what is true once every submission call that runs now has returned
    record Ports(Controller controller, ControllerCalls callbacks, @Nullable ClientFactory newClient,
            LongConsumer drain, long readyTimeoutNs, Consumer<Boolean> setAutoSense, SubmissionGate gate,
            Supplier<BooleanSupplier> newFence) {}

    /// Opens the framework's own client.
    interface ClientFactory {
        Client open();
    }

    TargetWork(Ports ports, TargetTable table, Lifecycle lifecycle, MisuseLog misuses) {
        this.ports = ports;
        this.table = table;
        this.lifecycle = lifecycle;
        this.misuses = misuses;
    }

    TargetTable table() {
        return table;
    }

    TargetDirectory directory() {
        return directory;
    }

    Controller controller() {
        return ports.controller;
    }

    /// True when no target is on its way. Any thread.
    boolean isSettled() {
        return openJobs.get() == 0;
    }

    /// Counts a job that will be handed over by a message; any thread.
    void expect() {
        openJobs.incrementAndGet();
    }

    /// Takes [#expect] back.
    void unexpect() {
        settle();
    }

    private void settle() {
        openJobs.decrementAndGet();
    }

    /// Control role. `onDone` is called on the control role, once. The job was expected.
    void create(long targetId, Map<TargetProperty, String> properties, Consumer<TargetVerdict> onDone) {
        Consumer<TargetVerdict> andSettle = verdict -> {
            try {
                onDone.accept(verdict);
            } finally {
                settle();
            }
        };
        TargetTable.State state = table.state(targetId);
        if (!table.isLegal(targetId)) {
            if (targetId > table.highestId()) {
                misuses.report(Misuse.TARGET_ID_OUT_OF_RANGE, () -> "targetId=" + targetId + " > highestTargetId="
                        + table.highestId());
            }
            andSettle.accept(TargetVerdict.OUT_OF_RANGE);
        } else if (state == TargetTable.State.CREATING || state == TargetTable.State.PRESENT
                || isCreating(targetId)) {
            misuses.report(Misuse.TARGET_EXISTS, () -> "targetId=" + targetId + " state=" + state + " is not absent");
            andSettle.accept(TargetVerdict.EXISTS);
        } else if (isStopping() || lifecycle.state().isSuspended()) {
            andSettle.accept(TargetVerdict.ABANDONED);
        } else {
            jobs.add(new TargetCreation(targetId, properties, this, andSettle));
        }
    }

    /// Control role: tries every id from 0 to the highest, one after another; then calls `onDone`.
    void scan(Runnable onDone) {
        scanFrom(0, onDone);
    }

    private void scanFrom(long first, Runnable onDone) {
        long next = first;
        while (next <= table.highestId() && !table.isLegal(next)) {
            next++;
        }
        if (next > table.highestId() || isStopping()) {
            onDone.run();
            return;
        }
        long id = next;
        expect();
        create(id, Map.of(), _ -> scanFrom(id + 1, onDone));
    }

    /// Control role. The job was expected.
    ///
    /// @param submissionsReturned true once every submission call that was running has returned
    void destroy(long targetId, BooleanSupplier submissionsReturned, Consumer<Boolean> onDone) {
        Consumer<Boolean> andSettle = answer -> {
            try {
                onDone.accept(answer);
            } finally {
                settle();
            }
        };
        TargetTable.State state = table.state(targetId);
        boolean abandoned = abandonCreation(targetId);
        if (table.state(targetId) == null || state == TargetTable.State.DESTROYING) {
            if (abandoned) {
                andSettle.accept(true);
                return;
            }
            misuses.report(Misuse.TARGET_EXISTS, () -> "targetId=" + targetId + " is not present, nothing to destroy");
            andSettle.accept(false);
            return;
        }
        beginDestruction(targetId, submissionsReturned, andSettle);
    }

    /// A creation that failed after its target took tasks: they are drained like those of any other target.
    void takeBack(long targetId, Runnable onDone) {
        beginDestruction(targetId, ports.newFence.get(), _ -> onDone.run());
    }

    private void beginDestruction(long targetId, BooleanSupplier submissionsReturned, Consumer<Boolean> onDone) {
        table.setState(targetId, TargetTable.State.DESTROYING);
        table.setAccepts(targetId, false);
        jobs.add(new TargetDestruction(targetId, this, submissionsReturned, onDone));
    }

    /// Nobody waits for this creation any more.
    void giveUp(long targetId) {
        for (TargetJob job : List.copyOf(jobs)) {
            if (job instanceof TargetCreation creation && creation.targetId() == targetId) {
                creation.giveUp();
            }
        }
    }

    /// Control role: calls `attempt` in the next cycles until it answers true.
    void retry(BooleanSupplier attempt) {
        retries.add(attempt);
    }

    /// Control role: destroys every target, then calls `onDone`.
    void destroyAll(BooleanSupplier submissionsReturned, Runnable onDone) {
        for (TargetJob job : List.copyOf(jobs)) {
            boolean _ = table.state(job.targetId()) == null && abandonCreation(job.targetId());
        }
        for (long targetId : table.all()) {
            if (table.state(targetId) != TargetTable.State.DESTROYING) {
                expect();
                destroy(targetId, submissionsReturned, _ -> {});
            }
        }
        allGone = onDone;
        tellWhenAllAreGone();
    }

    private void tellWhenAllAreGone() {
        Runnable teller = allGone;
        if (teller != null && jobs.stream().noneMatch(TargetDestruction.class::isInstance)) {
            allGone = null;
            teller.run();
        }
    }

    /// Any thread; ring the control role's doorbell afterwards. Asked often before the role looks, it is done once.
    void askRescan() {
        rescanAsked.set(true);
    }

    /// Every target that is present is asked anew; one that is being asked already, once more afterwards.
    private void rescanAll() {
        for (long targetId : table.present()) {
            Optional<TargetRescan> pending = jobs.stream()
                    .filter(job -> job instanceof TargetRescan && !job.isDone() && job.targetId() == targetId)
                    .map(TargetRescan.class::cast).findFirst();
            if (pending.isPresent()) {
                pending.get().repeat();
            } else {
                expect();
                jobs.add(new TargetRescan(targetId, this));
            }
        }
    }

    @Override
    public int doWork(long nowNs) {
        boolean idle = jobs.isEmpty() && retries.isEmpty() && (probeClient == null || probeClient.inFlight() == 0)
                && !rescanAsked.getOpaque();
        return idle ? 0 : step(nowNs);
    }

    /// Steps every job once; also for a caller on the control role that waits for one of them.
    int step(long nowNs) {
        if (lifecycle.state().ordinal() < LifecycleState.ACCEPTING.ordinal()) {
            return 0;
        }
        while (!retries.isEmpty() && retries.peek().getAsBoolean()) {
            retries.remove();
        }
        if (rescanAsked.getOpaque() && rescanAsked.compareAndSet(true, false)) {
            rescanAll();
        }
        int done = probeClient == null ? 0 : probeClient.poll(onProbeTask, COMPLETIONS_PER_CYCLE);
        for (TargetJob job : List.copyOf(jobs)) {
            if (stepping.add(job)) {
                try {
                    done += step(job, nowNs);
                } finally {
                    stepping.remove(job);
                }
            }
            if (job.isDone() && jobs.remove(job) && job instanceof TargetRescan) {
                settle();
            }
        }
        tellWhenAllAreGone();
        return done;
    }

    private int step(TargetJob job, long nowNs) {
        if (job.isDone()) {
            return 0;
        }
        if (!lifecycle.state().isSuspended() || job instanceof TargetDestruction) {
            return job.doWork(nowNs);
        }
        return job instanceof TargetCreation creation ? creation.doWorkSuspended(nowNs) : 0;
    }

    /// A target of this id has gone and was drained.
    void noteGone(long targetId) {
        left.put(targetId, ports.gate.offeredPosition());
    }

    /// True when no task is queued any more that was meant for the last target of this id.
    boolean isQueuePast(long targetId) {
        Long position = left.get(targetId);
        if (position != null && ports.gate.hasTakenUpTo(position)) {
            left.remove(targetId);
            position = null;
        }
        return position == null;
    }

    /// A call into the controller that answers yes or no; an exception is a no.
    boolean call(Callback callback, BooleanSupplier body) {
        return ports.callbacks.ask(callback, body);
    }

    void askAutoSense() {
        ports.setAutoSense.accept(call(Callback.INITIALIZE_TARGET, ports.controller::doesHbaPerformAutoSense));
    }

    void drain(long targetId) {
        ports.drain.accept(targetId);
    }

    /// True while a probe of this target is under way: one at a time.
    boolean isProbing(long targetId) {
        return probes.containsKey(targetId);
    }

    /// A probe of this target, or null when targets are not probed.
    @Nullable
    TargetProbe newProbe(long targetId) {
        if (ports.newClient == null) {
            return null;
        }
        if (probeClient == null) {
            probeClient = ports.newClient.open();
        }
        long highestLun = ports.callbacks.number(Callback.INITIALIZE_TARGET,
                ports.controller::reportHighestLogicalUnitNumber);
        TargetProbe probe = new TargetProbe(probeClient, targetId, highestLun, ports.readyTimeoutNs, misuses);
        probes.put(targetId, probe);
        return probe;
    }

    void forget(@Nullable TargetProbe probe) {
        probes.values().remove(probe);
    }

    /// The driver thread changes.
    void releaseConsumer() {
        if (probeClient != null) {
            probeClient.takeOver();
        }
    }

    private boolean isStopping() {
        return lifecycle.state().ordinal() >= LifecycleState.DRAINING.ordinal();
    }

    private boolean isCreating(long targetId) {
        return jobs.stream().anyMatch(job -> job instanceof TargetCreation && job.targetId() == targetId);
    }

    /// True when there was one.
    private boolean abandonCreation(long targetId) {
        boolean found = false;
        for (TargetJob job : List.copyOf(jobs)) {
            if (job instanceof TargetCreation creation && creation.targetId() == targetId) {
                creation.abandon();
                jobs.remove(job);
                found = true;
            }
        }
        return found;
    }

    private void onProbeTask(Task task) {
        TargetProbe probe = probes.get(task.userData());
        if (probe != null) {
            probe.onCompletion(task);
        } else if (probeClient != null) {
            boolean _ = probeClient.release(task.token());
        }
    }
}
