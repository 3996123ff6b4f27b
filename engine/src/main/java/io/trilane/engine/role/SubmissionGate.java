package io.trilane.engine.role;

import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskStatus;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Between the queue of submissions and the process call: lets tasks pass, fails them, or holds them back; and says how
/// far the role has come. Opened and closed by the control role, passed by the submitting role.
@HotPath
public final class SubmissionGate {
    /// What becomes of queued tasks.
    public enum Mode {
        /// They reach the controller.
        RUN,
        /// They go back to their clients with DELIVERY FAILURE.
        FAIL_FAST,
        /// They stay where they are.
        HOLD
    }

    private final SerialQueue<Task> tasks;
    private final Returns returns;
    /// Tasks taken out of the queue to look for a client's, in order, in front of the queue. The submitting role's.
    private final Deque<Task> aside = new ArrayDeque<>();
    /// Who wants queued tasks back.
    private final AtomicReference<@Nullable Withdrawal> leaver = new AtomicReference<>();
    /// Tasks before this position have been through their process call.
    private final AtomicLong handedOver = new AtomicLong();
    private volatile Mode mode = Mode.RUN;

    SubmissionGate(SerialQueue<Task> tasks, Returns returns) {
        this.tasks = tasks;
        this.returns = returns;
    }

    /// Control role. Ring the submitting role's doorbell after leaving HOLD.
    public void setMode(Mode newMode) {
        mode = newMode;
    }

    /// True while tasks stay where they are.
    public boolean isHolding() {
        return mode == Mode.HOLD;
    }

    /// A fence for others: what was submitted before this call is before this position.
    public long offeredPosition() {
        return tasks.offeredPosition();
    }

    /// True when everything before `position` was handed to the controller, or failed, and the calls that did it have
    /// returned. Not while tasks are held.
    public boolean hasTakenUpTo(long position) {
        return handedOver.getAcquire() - position >= 0;
    }

    /// Takes tasks out of the queue that must not reach the controller; done when the submitting role has had its turn.
    /// False when another withdrawal is served now; ask again.
    public boolean withdraw(Withdrawal withdrawal) {
        return withdrawal.isServed() || leaver.compareAndSet(null, withdrawal) || withdrawal.equals(leaver.get());
    }

    /// Which queued tasks to fail, and how. For one use.
    public static final class Withdrawal {
        private final Predicate<Task> meant;
        private final TaskStatus status;
        private volatile boolean served;

        public Withdrawal(Predicate<Task> meant, TaskStatus status) {
            this.meant = meant;
            this.status = status;
        }

        /// True once no such task is queued any more, and no process call runs that began before.
        public boolean isServed() {
            return served;
        }
    }

    /// The next tasks that may reach the controller, into an empty batch; returns how many tasks were dealt with.
    int take(TaskBatch batch) {
        Mode current = mode;
        Withdrawal leaving = leaver.getOpaque();
        if (current != Mode.RUN || leaving != null || !aside.isEmpty()) {
            return takeSlowly(batch, current, leaving);
        }
        int count = tasks.drainTo(batch.tasks(), TaskBatch.MAX_TASKS);
        batch.setCount(count);
        return count;
    }

    /// The process call of what was taken last has returned.
    void handedOver() {
        if (aside.isEmpty()) {
            handedOver.setRelease(tasks.takenPosition());
        }
    }

    private int takeSlowly(TaskBatch batch, Mode current, @Nullable Withdrawal leaving) {
        batch.setCount(0);
        int failed = leaving == null ? 0 : serve(leaving);
        if (current == Mode.HOLD) {
            return failed;
        }
        Task task;
        while (!batch.isFull() && (task = next()) != null) {
            batch.add(task);
        }
        if (current == Mode.FAIL_FAST) {
            for (int i = 0; i < batch.count(); i++) {
                boolean _ = returns.failQueued(batch.task(i), TaskStatus.DELIVERY_FAILURE);
            }
            failed += batch.count();
            batch.setCount(0);
        }
        return failed + batch.count();
    }

    /// Fails what is meant; the others keep their order.
    private int serve(Withdrawal withdrawal) {
        for (int i = tasks.size(); i > 0; i--) {
            Task task = tasks.poll();
            if (task != null) {
                aside.addLast(task);
            }
        }
        int failed = 0;
        for (int i = aside.size(); i > 0; i--) {
            Task task = aside.removeFirst();
            if (withdrawal.meant.test(task)) {
                failed += returns.failQueued(task, withdrawal.status) ? 1 : 0;
            } else {
                aside.addLast(task);
            }
        }
        leaver.set(null);
        withdrawal.served = true;
        return failed;
    }

    private @Nullable Task next() {
        Task task = aside.pollFirst();
        return task == null ? tasks.poll() : task;
    }
}
