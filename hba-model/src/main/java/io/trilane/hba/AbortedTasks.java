package io.trilane.hba;

import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskStatus;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tasks that were aborted while an image operation of theirs was pending: an image cannot be stopped, so the task ends,
/// and its verdicts are given, when the operation is back. Belongs to one logical unit; empty unless something was
/// aborted.
final class AbortedTasks {
    private final List<Entry> entries = new ArrayList<>();

    /// A task may be aborted more than once; each abort has a verdict that waits for it.
    private record Entry(Task task, TaskStatus status, Verdict verdict) {
        /// There is one object per slot, and the slot stays taken until the task is finished.
        @SuppressWarnings("ReferenceEquality")
        boolean isOf(Task other) {
            return task == other;
        }
    }

    void add(Task task, TaskStatus status, Verdict verdict) {
        verdict.hold();
        entries.add(new Entry(task, status, verdict));
    }

    /// What the task will be answered with, by its first abort; null when it is not aborted.
    @Nullable
    TaskStatus statusOf(Task task) {
        for (Entry entry : entries) {
            if (entry.isOf(task)) {
                return entry.status;
            }
        }
        return null;
    }

    /// The task has no further effect.
    void onDone(Task task) {
        entries.removeIf(entry -> {
            boolean isDone = entry.isOf(task);
            if (isDone) {
                entry.verdict.release();
            }
            return isDone;
        });
    }
}
