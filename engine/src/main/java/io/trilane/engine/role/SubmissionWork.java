package io.trilane.engine.role;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.Controller;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.RoleActivity;
import io.trilane.engine.controller.TargetTable;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskExtension;
import io.trilane.engine.task.TaskStage;
import io.trilane.engine.task.TaskStatus;
import io.trilane.engine.task.TaskToken;
import io.trilane.engine.task.TransferDirection;

/// Hands queued tasks to the controller, at most a bundle per cycle, never waiting to fill one. Runs on the role that the
/// contract names for PROCESS.
///
/// When a process call throws, its tasks stay with the controller: nobody can know which of them it has posted. They are
/// completed by it, by their deadline, or when their client or target goes.
@HotPath
public final class SubmissionWork implements RoleWork {
    private static final long NS_PER_MILLI = 1_000_000;

    private final SubmissionGate gate;
    private final Controller controller;
    private final TargetTable targets;
    private final RoleActivity activity;
    private final Returns returns;
    private final TaskBatch batch = new TaskBatch();
    private boolean bundled = true;
    private int maxSegmentsRead = TaskExtension.MAX_EXTENTS;
    private int maxSegmentsWrite = TaskExtension.MAX_EXTENTS;
    private boolean limitsSegments;
    private boolean submitting;
    /// The token inside the single process call.
    private long submittingToken = TaskToken.NONE;

    public SubmissionWork(SerialQueue<Task> tasks, Controller controller, TargetTable targets, RoleActivity activity,
            Returns returns) {
        this.gate = new SubmissionGate(tasks, returns);
        this.controller = controller;
        this.targets = targets;
        this.activity = activity;
        this.returns = returns;
    }

    /// Chosen once, before the first task arrives.
    public void setBundled(boolean bundled) {
        this.bundled = bundled;
    }

    /// Most segments of one task, from the constraints; before the first task arrives. A task with more is failed before
    /// the controller sees it.
    public void setSegmentLimits(int read, int write) {
        maxSegmentsRead = read;
        maxSegmentsWrite = write;
        limitsSegments = Math.min(read, write) < TaskExtension.MAX_EXTENTS;
    }

    /// Suspends and resumes; how to wait until that has had its effect: [SubmissionGate].
    public SubmissionGate gate() {
        return gate;
    }

    /// True while `token` is inside the process call, and not completed yet. For calls made on this role; elsewhere the
    /// answer may be old.
    public boolean isSubmitting(long token) {
        return submitting && (bundled || submittingToken == token) && batchHolds(token);
    }

    @Override
    public int doWork(long now) {
        int taken = gate.take(batch);
        if (taken == 0) {
            return 0;
        }
        try {
            accept(now);
            if (batch.count() != 0) {
                submit();
            }
        } finally {
            batch.setCount(0);
            gate.handedOver();
        }
        return taken;
    }

    /// Keeps what may reach the controller. Neighbours are mostly for one target, so its gate is looked at once: it can only
    /// close for good after this call, when the control role has waited for it.
    private void accept(long nowNs) {
        Task[] tasks = batch.tasks();
        int kept = 0;
        long lastTarget = 0;
        boolean isOpen = false;
        for (int i = 0; i < batch.count(); i++) {
            Task task = tasks[i];
            long targetId = task.targetId();
            if (!isOpen || targetId != lastTarget) {
                lastTarget = targetId;
                isOpen = targets.accepts(targetId);
            }
            if (!isOpen) {
                boolean _ = returns.failQueued(task, TaskStatus.DEVICE_NOT_PRESENT);
            } else if (accept(task, nowNs)) {
                // Storing a reference is not free, and as a rule it is there already.
                if (kept != i) {
                    tasks[kept] = task;
                }
                kept++;
            }
        }
        batch.setCount(kept);
    }

    /// False: the task was failed, or has moved on without us.
    private boolean accept(Task task, long nowNs) {
        if (limitsSegments && isOverLimit(task)) {
            return false;
        }
        if (task.isTimed()) {
            task.setExtensionLong(TaskExtension.DEADLINE_NS,
                    nowNs + (task.timeoutMillis() & 0xFFFF_FFFFL) * NS_PER_MILLI);
        }
        task.stamp(TaskStage.DEQUEUED);
        return task.moveToActive();
    }

    private boolean isOverLimit(Task task) {
        int limit = task.direction() == TransferDirection.TO_TARGET ? maxSegmentsWrite : maxSegmentsRead;
        int segments = task.extents().count();
        if (segments <= limit) {
            return false;
        }
        int slot = task.slot();
        if (returns.failQueued(task, TaskStatus.DELIVERY_FAILURE)) {
            returns.report(Misuse.SEGMENTS_OVER_LIMIT,
                    () -> "slot=" + slot + " segments=" + segments + " > maxSegments=" + limit);
        }
        return true;
    }

    private void submit() {
        activity.setCallback(Callback.PROCESS);
        submitting = true;
        try {
            if (bundled) {
                controller.process(batch);
            } else {
                processSingly();
            }
        } finally {
            submitting = false;
            activity.setCallback(null);
        }
    }

    /// An exception is the first task's that had one; the tasks behind it reach the controller all the same.
    private void processSingly() {
        RuntimeException first = null;
        for (int i = 0; i < batch.count(); i++) {
            try {
                process(batch.task(i), batch.token(i));
            } catch (RuntimeException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                    returns.counters().increment(EngineCounter.CONTROLLER_ERRORS);
                }
            }
        }
        submittingToken = TaskToken.NONE;
        if (first != null) {
            throw first;
        }
    }

    private void process(Task task, long token) {
        submittingToken = token;
        ServiceResponse response = controller.processTask(task, token);
        if (response == ServiceResponse.REQUEST_IN_PROCESS) {
            boolean _ = task.moveToPending(token);
        } else {
            failSynchronous(task, token, response);
        }
    }

    /// The response is written only by whoever won the task: the controller may have completed the token besides.
    private void failSynchronous(Task task, long token, ServiceResponse response) {
        returns.counters().increment(EngineCounter.SYNCHRONOUS_RESPONSES);
        returns.report(Misuse.SYNC_COMPLETION_UNSUPPORTED, () -> "token=" + TaskToken.describe(token)
                + " processTask answered " + response + ", expected REQUEST_IN_PROCESS");
        if (task.moveToDone(token)) {
            returns.fail(task, TaskStatus.DELIVERY_FAILURE);
        }
    }

    private boolean batchHolds(long token) {
        for (int i = 0; i < batch.count(); i++) {
            if (batch.token(i) == token) {
                return batch.task(i).isWithController();
            }
        }
        return false;
    }
}
