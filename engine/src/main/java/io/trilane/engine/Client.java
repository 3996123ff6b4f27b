package io.trilane.engine;

import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.queue.Doorbell;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.role.SubmissionGate;
import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Leave;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskPool;
import io.trilane.engine.task.TaskStage;
import io.trilane.engine.task.TaskState;
import io.trilane.engine.task.TaskStatus;
import io.trilane.engine.task.TaskToken;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One submitter on one nexus: claim a task, fill it, submit it, poll for it, release it. Used from one thread at a time;
/// many clients work on one engine at once. A refusal is back-pressure: poll, release, try again.
@HotPath
public final class Client implements AutoCloseable {
    private final Engine engine;
    private final Nexus nexus;
    private final int maxTasks;
    private final TaskPool pool;
    private final SerialQueue<Task> submissions;
    private final SerialQueue<Task> completions;
    private final CountersFile counters;
    private final Doorbell doorbell;
    /// Of this client's tasks that are still queued when it gives up.
    private final SubmissionGate.Withdrawal leaving = new SubmissionGate.Withdrawal(task -> task.owner() == this,
            TaskStatus.DEVICE_NOT_RESPONDING);
    private final SerialQueue.Bundle<Task> bundle = new SerialQueue.Bundle<>(TaskBatch.MAX_TASKS);
    private final int[] slots = new int[TaskBatch.MAX_TASKS];
    private final int[] freed = new int[TaskBatch.MAX_TASKS];
    private int freedCount;
    private boolean polling;
    private int claimed;
    private int inFlight;
    private boolean closed;
    /// Closed without its tasks: what still comes goes back to the pool.
    private volatile boolean gone;
    private @Nullable Task ahead;
    /// Null: the stages of tasks are not stamped.
    private @Nullable LongSupplier stageClock;

    Client(Engine engine, Nexus nexus, int maxTasks, Doorbell doorbell) {
        this.engine = engine;
        this.nexus = nexus;
        this.maxTasks = maxTasks;
        this.pool = engine.pool();
        this.submissions = engine.submissions();
        this.counters = engine.counters();
        this.doorbell = doorbell;
        this.completions = new SerialQueue<>("client-" + nexus.id(), maxTasks, doorbell);
    }

    public Nexus nexus() {
        return nexus;
    }

    /// A CLAIMED task with a buffer of `lengthBytes` (0: none) as its only extent, or null: no slot, no memory within the
    /// budget, or this client's quota is used up.
    public @Nullable Task claim(long lengthBytes) {
        Task task = claimed < maxTasks && !closed ? pool.claim(this, nexus.id(), lengthBytes) : null;
        if (task == null) {
            counters.increment(EngineCounter.REFUSED_CLAIMS);
            return null;
        }
        claimed++;
        return task;
    }

    /// Claims at most `limit` tasks at once and adds them to `batch`, as far as there is room, quota and memory; returns
    /// how many. One access to the pool for all.
    public int claim(TaskBatch batch, int limit, long lengthBytes) {
        pool.requireLegal(lengthBytes);
        int wanted = closed ? 0 : Math.min(Math.min(limit, batch.room()), maxTasks - claimed);
        int taken = wanted > 0 ? pool.take(slots, wanted) : 0;
        int count = 0;
        for (int i = 0; i < taken; i++) {
            Task task = pool.claim(slots[i], this, nexus.id(), lengthBytes);
            if (task != null) {
                batch.add(task);
                count++;
            }
        }
        claimed += count;
        if (count == 0) {
            counters.increment(EngineCounter.REFUSED_CLAIMS);
        }
        return count;
    }

    /// Claims one task, waiting at most `timeoutNs`. Inside a cycle of a role it does not wait: a role that waits for a task
    /// to come back may be the one that brings it (`driverkit.md` 5.2, blocking rule).
    public @Nullable Task claim(long lengthBytes, long timeoutNs) {
        if (engine.currentRole() != null) {
            return claim(lengthBytes);
        }
        boolean room = engine.gate().await(() -> claimAhead(lengthBytes), timeoutNs);
        Task task = room ? ahead : null;
        ahead = null;
        return task;
    }

    /// Whether tasks submitted from now on are stamped at every [TaskStage], with the engine's clock: five clock calls per
    /// task. Off until asked for.
    public void stampStages(boolean stamps) {
        stageClock = stamps ? engine.config().nanoClock() : null;
    }

    /// Hands the task to the engine. From here on until it comes back from [#poll] the task is not the caller's: it may be
    /// completed before this returns. False: refused, the task is still the caller's.
    public boolean submit(Task task) {
        take(task);
        if (!engine.acceptsTasks() || closed || !submissions.offer(task)) {
            giveBack(task);
            return false;
        }
        inFlight++;
        counters.add(EngineCounter.SUBMITTED, 1);
        return true;
    }

    /// Hands over a bundle with one claim of the queue; returns how many were taken, in order. The others are still the
    /// caller's.
    public int submit(TaskBatch batch) {
        if (!engine.acceptsTasks() || closed) {
            counters.increment(EngineCounter.REFUSED_SUBMISSIONS);
            return 0;
        }
        takeAll(batch);
        bundle.wrap(batch.tasks(), batch.count());
        int sent = submissions.offer(bundle);
        while (bundle.remaining() > 0) {
            giveBack(bundle.get());
        }
        inFlight += sent;
        counters.add(EngineCounter.SUBMITTED, sent);
        return sent;
    }

    /// Gives at most `limit` finished tasks to `handler`, each exactly once; returns how many. The handler reads the
    /// response and releases the task, now or later.
    public int poll(Consumer<Task> handler, int limit) {
        polling = true;
        int polled = 0;
        Task task;
        try {
            while (polled < limit && (task = completions.poll()) != null) {
                polled++;
                task.setPolled();
                task.stamp(TaskStage.DELIVERED);
                handler.accept(task);
            }
        } finally {
            polling = false;
            pool.giveBack(freed, freedCount);
            freedCount = 0;
            inFlight -= polled;
        }
        return polled;
    }

    /// Gives a task back to the pool: one that came from [#poll], or one that was claimed and not submitted. False, and
    /// counted, for a token that is stale or not this client's to release.
    public boolean release(long token) {
        Task task = pool.find(token);
        Leave leave =
                task == null || task.owner() != this || !task.isWithClient() ? Leave.REFUSED : pool.leave(task, token);
        if (leave == Leave.REFUSED) {
            counters.increment(EngineCounter.STALE_RELEASES);
            return false;
        }
        if (leave == Leave.FREED) {
            giveBack(TaskToken.slot(token));
        }
        claimed--;
        return true;
    }

    /// Tasks submitted and not yet polled.
    public int inFlight() {
        return inFlight;
    }

    /// Tasks claimed and not released; those in flight are among them.
    public int claimed() {
        return claimed;
    }

    /// True when [#poll] would find something.
    public boolean hasCompletions() {
        return !completions.isEmpty();
    }

    /// Sleeps until a completion arrives, at most `maxNs`. Only with DEDICATED threading: otherwise nobody would work.
    public void awaitCompletion(long maxNs) {
        doorbell.prepareToSleep();
        if (completions.isEmpty()) {
            doorbell.sleep(maxNs);
        } else {
            doorbell.stayAwake();
        }
    }

    /// Task management on this nexus, with its verdict.
    ///
    /// @param tag for ABORT_TASK
    public ServiceResponse manageTask(TaskManagementFunction function, long targetId, long lun, long tag) {
        return engine.manageTask(function, nexus, targetId, lun, tag);
    }

    /// Closes after the tasks in flight have completed; their results are dropped.
    @Override
    public void close() {
        close(_ -> {});
    }

    /// Closes: refuses new work, gives every task still in flight to `handler` exactly once, ends the nexus. A task that
    /// the controller does not return within the close timeout is given to the handler with a delivery failure; its slot
    /// stays quarantined.
    public void close(Consumer<Task> handler) {
        if (closed) {
            return;
        }
        closed = true;
        Consumer<Task> handOver = task -> {
            long token = task.token();
            handler.accept(task);
            boolean _ = task.token() == token && release(token);
        };
        boolean drained = engine.gate().await(() -> poll(handOver, TaskBatch.MAX_TASKS) == 0 && inFlight == 0,
                engine.config().closeTimeoutNs());
        if (!drained) {
            gone = !engine.gate().await(() -> abandon(handOver), engine.config().closeTimeoutNs());
            boolean _ = poll(handOver, maxTasks) > 0;
        }
        completions.releaseConsumer();
        engine.forget(this);
    }

    /// Other roles: a run of finished tasks of this client. The queue holds every task of the quota, so nothing is refused.
    void deliver(SerialQueue.Bundle<Task> finished) {
        if (gone) {
            while (finished.remaining() > 0) {
                discard(finished.get());
            }
            return;
        }
        if (completions.offer(finished) == 0 || finished.remaining() != 0) {
            throw new IllegalStateException("queue=" + completions.name() + " refused a completion, our bug");
        }
    }

    /// The engine closes a client whose thread is gone.
    void takeOver() {
        completions.releaseConsumer();
    }

    void deliver(Task finished) {
        if (gone) {
            discard(finished);
            return;
        }
        if (!completions.offer(finished)) {
            throw new IllegalStateException("queue=" + completions.name() + " refused a completion, our bug");
        }
    }

    private void discard(Task task) {
        boolean _ = pool.release(task.token());
    }

    /// For a waiting claim: tries once, keeps what it got.
    private boolean claimAhead(long lengthBytes) {
        ahead = claim(lengthBytes);
        return ahead != null;
    }

    /// Slots released inside [#poll] go back to the pool together at its end.
    private void giveBack(int slot) {
        freed[freedCount++] = slot;
        if (!polling || freedCount == freed.length) {
            pool.giveBack(freed, freedCount);
            freedCount = 0;
        }
    }

    private void take(Task task) {
        LongSupplier clock = stageClock;
        if (clock != null && task.owner() == this) {
            task.startStages(clock);
        }
        if (task.owner() != this || !task.moveToQueued()) {
            throw new IllegalStateException("slot=" + task.slot() + " state=" + task.state()
                    + " is not CLAIMED by nexus=" + nexus.id() + ", submit a task once, after claiming it");
        }
    }

    /// All or, with an exception, none.
    private void takeAll(TaskBatch batch) {
        int taken = 0;
        try {
            while (taken < batch.count()) {
                take(batch.task(taken));
                taken++;
            }
        } catch (IllegalStateException e) {
            for (int i = 0; i < taken; i++) {
                giveBack(batch.task(i));
            }
            throw e;
        }
    }

    private void giveBack(Task task) {
        boolean _ = task.moveBackToClaimed();
        counters.increment(EngineCounter.REFUSED_SUBMISSIONS);
    }

    /// Takes back what the controller or the framework holds; true when nothing is in flight any more. A task that is only
    /// now handed to the controller, or completed at this moment, is found by the next call. A queued one is returned by
    /// the submitting role; while that role hangs in a process call, nobody can take it.
    private boolean abandon(Consumer<Task> handOver) {
        boolean _ = engine.submissionGate().withdraw(leaving);
        for (int slot = 0; slot < pool.size(); slot++) {
            Task task = pool.task(slot);
            // The token first: a slot that is freed and claimed by another client meanwhile has another one.
            long token = task.token();
            TaskState state = task.state();
            boolean isOut = state == TaskState.RESEND || state == TaskState.ACTIVE || state == TaskState.PENDING;
            if (isOut && task.owner() == this && takeBack(task, token)) {
                inFlight--;
                counters.increment(EngineCounter.COMPLETED);
                task.setPolled();
                handOver.accept(task);
            }
        }
        boolean _ = poll(handOver, TaskBatch.MAX_TASKS) > 0;
        return inFlight == 0;
    }

    /// False, and nothing done, when the slot is used for another I/O than the token's by now, or its completion was first.
    static boolean takeBack(Task task, long token) {
        if (task.moveFromResendToDone(token)) {
            task.overrule(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE, TaskStatus.DEVICE_NOT_RESPONDING, 0);
            return true;
        }
        return task.moveToZombie(token, ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE,
                TaskStatus.DEVICE_NOT_RESPONDING);
    }
}
