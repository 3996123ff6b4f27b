package io.trilane.engine;

import io.trilane.engine.controller.Completer;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.MisuseLog;
import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.role.ResendWork;
import io.trilane.engine.role.TaskDisposition;
import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskPool;
import io.trilane.engine.task.TaskStage;
import io.trilane.engine.task.TaskStatus;
import io.trilane.engine.task.TaskToken;
import org.jspecify.annotations.Nullable;

/// A role's way back to the clients: one compare-and-set decides who completes a task, neighbours of one client share one
/// claim of its queue. What did not end well is judged by [TaskDisposition]. Belongs to one role.
@HotPath
final class TaskCompleter implements Completer {
    private final TaskPool pool;
    private final CountersFile counters;
    private final TaskDisposition disposition;
    private final ResendWork resends;
    private final MisuseLog misuses;
    private final SerialQueue.Bundle<Task> bundle = new SerialQueue.Bundle<>(TaskBatch.MAX_TASKS);
    private @Nullable Client bundleClient;
    /// Somebody waits for this call's completions, to be sent again.
    private boolean crediting;

    TaskCompleter(TaskPool pool, CountersFile counters, TaskDisposition disposition, MisuseLog misuses) {
        this.pool = pool;
        this.counters = counters;
        this.disposition = disposition;
        this.resends = disposition.resends();
        this.misuses = misuses;
    }

    @Override
    public void complete(long token) {
        crediting = resends.isWaiting();
        add(token);
        flush();
    }

    @Override
    public void complete(long[] tokens, int count) {
        crediting = resends.isWaiting();
        for (int i = 0; i < count; i++) {
            add(tokens[i]);
        }
        flush();
    }

    private void add(long token) {
        Task task = pool.find(token);
        if (task == null) {
            refuse(null, token);
        } else if (task.needsAttention()) {
            judge(task, token);
        } else if (task.moveToDone(token)) {
            credit(task);
            deliver(task);
        } else {
            refuse(task, token);
        }
    }

    private void judge(Task task, long token) {
        switch (disposition.complete(task, token)) {
            case DELIVER -> {
                credit(task);
                deliver(task);
            }
            case DELIVER_FULL -> deliver(task);
            // A completion behind it in this call may be what it waits for.
            case KEPT -> crediting = true;
            case REFUSED -> refuse(task, token);
        }
    }

    private void credit(Task task) {
        if (crediting) {
            resends.credit(task.targetId());
        }
    }

    private void deliver(Task task) {
        Client client = (Client) task.owner();
        if (client != bundleClient || bundle.isFull()) {
            flush();
            bundleClient = client;
        }
        task.stamp(TaskStage.INTERRUPTED);
        bundle.add(task);
    }

    private void flush() {
        if (bundleClient != null && bundle.remaining() > 0) {
            counters.add(EngineCounter.COMPLETED, bundle.remaining());
            bundleClient.deliver(bundle);
        }
        bundle.clear();
    }

    /// A timed-out task's token comes back late; anything else is stale.
    private void refuse(@Nullable Task task, long token) {
        TaskStatus verdict = task != null && task.isZombie() ? task.status() : TaskStatus.NO_STATUS;
        if (task != null && task.isZombie() && pool.returnLate(token)) {
            disposition.onLate(token);
            counters.increment(EngineCounter.LATE_COMPLETIONS);
            // A client that closes without waiting is not the controller's fault.
            if (verdict != TaskStatus.DEVICE_NOT_RESPONDING) {
                misuses.report(Misuse.LATE_COMPLETION, () -> "token=" + TaskToken.describe(token) + " slot="
                        + task.slot() + " was completed after its client was told " + verdict);
            }
        } else {
            counters.increment(EngineCounter.STALE_COMPLETIONS);
            misuses.report(Misuse.DOUBLE_COMPLETION, () -> "token=" + TaskToken.describe(token) + " does not name a "
                    + "task of the controller, slot is at token="
                    + (task == null ? "none" : TaskToken.describe(task.token())));
        }
    }
}
