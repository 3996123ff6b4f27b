package io.trilane.engine.role;

import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskExtension;
import io.trilane.engine.task.TaskPool;
import io.trilane.engine.task.TaskState;
import io.trilane.engine.task.TaskStatus;
import java.util.function.Consumer;

/// Looks through the slots for tasks whose deadline has passed: a bounded part per cycle, a whole pass at most once per
/// interval. Runs on the control role. A task that times out goes to its client with the verdict; its slot stays
/// quarantined until the controller returns the token.
@HotPath
public final class DeadlineScan implements RoleWork {
    /// A pass starts at most this often, so a deadline is met this much late at worst.
    public static final long INTERVAL_NS = 10_000_000;

    private static final int SLOTS_PER_CYCLE = 1024;

    private final TaskPool pool;
    private final Consumer<Task> deliver;
    private final CountersFile counters;
    private long nextPassNs;
    private int next;

    public DeadlineScan(TaskPool pool, Consumer<Task> deliver, CountersFile counters, long nowNs) {
        this.pool = pool;
        this.deliver = deliver;
        this.counters = counters;
        this.nextPassNs = nowNs + INTERVAL_NS;
    }

    @Override
    public int doWork(long nowNs) {
        if (nowNs - nextPassNs < 0) {
            return 0;
        }
        int end = Math.min(next + SLOTS_PER_CYCLE, pool.size());
        int expired = 0;
        for (; next < end; next++) {
            expired += expire(pool.task(next), nowNs);
        }
        if (next == pool.size()) {
            next = 0;
            nextPassNs = nowNs + INTERVAL_NS;
        }
        return expired;
    }

    private int expire(Task task, long nowNs) {
        // NOTE: the task may move while we look; the token is read first, and the move checks it.
        long token = task.token();
        TaskState state = task.state();
        if (state != TaskState.ACTIVE && state != TaskState.PENDING || task.timeoutMillis() == 0) {
            return 0;
        }
        long deadlineNs = task.extensionLong(TaskExtension.DEADLINE_NS);
        if (nowNs - deadlineNs < 0 || !task.moveToZombie(token,
                ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE, TaskStatus.TASK_TIMEOUT_OCCURRED)) {
            return 0;
        }
        counters.increment(EngineCounter.TIMEOUTS);
        counters.increment(EngineCounter.COMPLETED);
        deliver.accept(task);
        return 1;
    }
}
