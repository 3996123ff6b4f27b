package io.trilane.engine.role;

import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.MisuseLog;
import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskStatus;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// How the framework ends a task by itself, without its controller. Any role.
///
/// @param deliver  takes a task to the client that owns it
/// @param senses   whose REQUEST SENSE a task may be carrying
/// @param counters where it is told
/// @param misuses  where misuse is told
public record Returns(Consumer<Task> deliver, SenseFetch senses, CountersFile counters, MisuseLog misuses) {
    /// Fails a task that no controller has seen: QUEUED to DONE. False when it has moved on.
    boolean failQueued(Task task, TaskStatus status) {
        if (!task.moveFromQueuedToDone()) {
            return false;
        }
        fail(task, status);
        return true;
    }

    /// Fails a task that is DONE and nobody else's.
    void fail(Task task, TaskStatus status) {
        task.overrule(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE, status, 0);
        if (task.isFetchingSense()) {
            senses.finish(task);
            if (status == TaskStatus.NO_STATUS || status == TaskStatus.DEVICE_NOT_PRESENT) {
                // Aborted, or its target went: what it was answered before does not matter any more.
                task.overrule(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE, status, 0);
            }
        }
        deliver(task);
    }

    /// A task that is DONE, with its response, to its client.
    void deliver(Task task) {
        counters.increment(EngineCounter.COMPLETED);
        deliver.accept(task);
    }

    void report(Misuse misuse, Supplier<String> detail) {
        misuses.report(misuse, detail);
    }
}
