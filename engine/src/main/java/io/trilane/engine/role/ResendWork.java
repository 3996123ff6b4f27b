package io.trilane.engine.role;

import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskPool;
import io.trilane.engine.task.TaskStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Sends tasks again that a full target has refused (`driverkit.md` 5.4): a list per target, first refused first. Each
/// completion of the target that does not say full sends its head; when none comes, the head goes 10 s after the list was
/// begun, or last sent from. A waiting task keeps its slot, has no deadline, and may be taken away by its client or with
/// its target: then its entry is skipped.
///
/// Runs on the control role; completers hand tasks and credits over.
public final class ResendWork implements RoleWork {
    /// How often one I/O is sent again.
    public static final int MAX_RESENDS = 3;
    /// How long a list waits for a completion.
    public static final long FALLBACK_NS = 10_000_000_000L;

    private final TaskPool pool;
    private final SerialQueue<Task> submissions;
    private final CountersFile counters;
    private final SerialQueue<Task> refused;
    /// Targets that have completed something, while somebody waits. Boxing costs only then.
    private final SerialQueue<Long> credits;
    /// Entries in the queue and in the lists.
    private final AtomicInteger waiting = new AtomicInteger();
    private final List<ResendList> lists = new ArrayList<>();
    private final Consumer<Task> list = this::list;
    private final Consumer<Long> spend = this::spend;
    /// A task-management function is on its way to the controller: nothing may get in behind its fence.
    private BooleanSupplier paused = () -> false;
    private long nowNs;
    private int sent;

    /// @param submissions holds every task of the pool, so that it never refuses one
    /// @param capacity    number of tasks
    public ResendWork(TaskPool pool, SerialQueue<Task> submissions, int capacity, SenseFetch.ControlParts control) {
        this.pool = pool;
        this.submissions = submissions;
        this.counters = control.counters();
        this.refused = new SerialQueue<>("resends", capacity, control.doorbell());
        this.credits = new SerialQueue<>("resend-credits", capacity, control.doorbell());
    }

    @Override
    public int doWork(long now) {
        // Counted first: a credit is offered after the entry that it may be for, so that entry is listed below.
        int creditCount = credits.size();
        if (creditCount == 0 && waiting.getAcquire() == 0 || paused.getAsBoolean()) {
            return 0;
        }
        nowNs = now;
        sent = 0;
        int listed = refused.drain(list, refused.capacity());
        int spent = credits.drain(spend, creditCount);
        for (int i = 0; i < lists.size(); i++) {
            ResendList each = lists.get(i);
            if (!each.isEmpty() && now - each.fallbackNs() >= 0) {
                sendHead(each);
            }
        }
        return listed + spent + sent;
    }

    /// Bring-up: nothing is sent again while this is true.
    public void setPaused(BooleanSupplier newPaused) {
        paused = newPaused;
    }

    /// The driver thread changes: its queues forget it.
    public void releaseConsumer() {
        refused.releaseConsumer();
        credits.releaseConsumer();
    }

    // Completers.

    /// True while a completion is worth a credit.
    public boolean isWaiting() {
        return waiting.getOpaque() != 0;
    }

    /// Takes a task that was moved to RESEND; false when it does not fit, then it is still the caller's.
    boolean offer(Task task) {
        waiting.getAndIncrement();
        if (refused.offer(task)) {
            return true;
        }
        waiting.getAndDecrement();
        return false;
    }

    /// A task of this target was completed, and not as full. A credit that does not fit is lost: there are as many already
    /// as there are tasks.
    public void credit(long targetId) {
        boolean _ = credits.offer(targetId);
    }

    private void list(Task task) {
        long token = task.token();
        ResendList mine = find(task.targetId());
        if (mine == null) {
            mine = new ResendList(task.targetId());
            lists.add(mine);
        }
        if (mine.isEmpty()) {
            mine.setFallbackNs(nowNs + FALLBACK_NS);
        }
        mine.add(token);
    }

    private void spend(long targetId) {
        ResendList mine = find(targetId);
        if (mine != null) {
            sendHead(mine);
        }
    }

    /// Sends the first entry that is still waiting, if there is one.
    private void sendHead(ResendList from) {
        from.setFallbackNs(nowNs + FALLBACK_NS);
        while (!from.isEmpty()) {
            waiting.getAndDecrement();
            if (send(from.take())) {
                return;
            }
        }
    }

    private boolean send(long token) {
        Task task = pool.find(token);
        if (task == null || !task.isAnsweredWith(TaskStatus.TASK_SET_FULL) || task.isAborted(token)
                || !task.moveFromResendToQueued(token)) {
            return false;
        }
        task.countResend();
        counters.increment(EngineCounter.RESENDS);
        sent++;
        if (!submissions.offer(task)) {
            throw new IllegalStateException("queue=" + submissions.name() + " refused a resend, our bug");
        }
        return true;
    }

    private @Nullable ResendList find(long targetId) {
        for (int i = 0; i < lists.size(); i++) {
            if (lists.get(i).targetId() == targetId) {
                return lists.get(i);
            }
        }
        return null;
    }
}
