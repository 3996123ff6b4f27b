package io.trilane.engine;

import io.trilane.engine.controller.Completer;
import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskPool;
import org.jspecify.annotations.Nullable;

/// A role's way back to the clients: one compare-and-set decides who completes a task, neighbours of one client share one
/// claim of its queue. Belongs to one role.
@HotPath
final class TaskCompleter implements Completer {
    private final TaskPool pool;
    private final CountersFile counters;
    private final SerialQueue.Bundle<Task> bundle = new SerialQueue.Bundle<>(TaskBatch.MAX_TASKS);
    private @Nullable Client bundleClient;

    TaskCompleter(TaskPool pool, CountersFile counters) {
        this.pool = pool;
        this.counters = counters;
    }

    @Override
    public void complete(long token) {
        add(token);
        flush();
    }

    @Override
    public void complete(long[] tokens, int count) {
        for (int i = 0; i < count; i++) {
            add(tokens[i]);
        }
        flush();
    }

    private void add(long token) {
        Task task = pool.find(token);
        if (task == null || !task.moveToDone(token)) {
            refuse(task, token);
            return;
        }
        Client client = (Client) task.owner();
        if (client != bundleClient || bundle.isFull()) {
            flush();
            bundleClient = client;
        }
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
        boolean late = task != null && task.isZombie() && pool.returnLate(token);
        counters.increment(late ? EngineCounter.LATE_COMPLETIONS : EngineCounter.STALE_COMPLETIONS);
    }
}
