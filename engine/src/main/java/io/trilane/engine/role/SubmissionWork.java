package io.trilane.engine.role;

import io.trilane.engine.controller.Completer;
import io.trilane.engine.controller.Controller;
import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskExtension;
import io.trilane.engine.task.TaskStatus;

/// Hands queued tasks to the controller, at most a bundle per cycle, never waiting to fill one. Runs on the role that the
/// contract names for PROCESS.
@HotPath
public final class SubmissionWork implements RoleWork {
    private static final long NS_PER_MILLI = 1_000_000;

    private final SerialQueue<Task> tasks;
    private final Controller controller;
    private final Completer completer;
    private final CountersFile counters;
    private final TaskBatch batch = new TaskBatch();
    private boolean bundled = true;

    public SubmissionWork(SerialQueue<Task> tasks, Controller controller, Completer completer,
            CountersFile counters) {
        this.tasks = tasks;
        this.controller = controller;
        this.completer = completer;
        this.counters = counters;
    }

    /// Chosen once, before the first task arrives.
    public void setBundled(boolean bundled) {
        this.bundled = bundled;
    }

    @Override
    public int doWork(long now) {
        batch.setCount(tasks.drainTo(batch.tasks(), TaskBatch.MAX_TASKS));
        for (int i = 0; i < batch.count(); i++) {
            accept(batch.task(i), now);
        }
        if (batch.count() != 0) {
            if (bundled) {
                controller.process(batch);
            } else {
                processSingly();
            }
        }
        return batch.count();
    }

    private void accept(Task task, long nowNs) {
        if (task.isTimed()) {
            task.setExtensionLong(TaskExtension.DEADLINE_NS,
                    nowNs + (task.timeoutMillis() & 0xFFFF_FFFFL) * NS_PER_MILLI);
        }
        if (!task.moveToActive()) {
            throw new IllegalStateException(
                    "slot=" + task.slot() + " state=" + task.state() + " expected QUEUED, its client touched it");
        }
    }

    /// An exception is the first task's that had one; the tasks behind it reach the controller all the same.
    private void processSingly() {
        RuntimeException first = null;
        for (int i = 0; i < batch.count(); i++) {
            try {
                process(batch.task(i), batch.token(i));
            } catch (RuntimeException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private void process(Task task, long token) {
        ServiceResponse response = controller.processTask(task, token);
        if (response != ServiceResponse.REQUEST_IN_PROCESS) {
            counters.increment(EngineCounter.SYNCHRONOUS_RESPONSES);
            task.setResponse(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE, TaskStatus.DELIVERY_FAILURE, 0);
            completer.complete(token);
        } else {
            boolean _ = task.moveToPending(token);
        }
    }
}
