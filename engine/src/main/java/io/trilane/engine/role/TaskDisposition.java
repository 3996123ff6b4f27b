package io.trilane.engine.role;

import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.MisuseLog;
import io.trilane.engine.controller.TargetTable;
import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskStatus;
import io.trilane.engine.task.TaskToken;

/// What becomes of a completion that is not simply good: it goes to its client as it is, or is sent again, or its sense
/// data is fetched, or it fails. Has no state of its own; shared by all completers.
public final class TaskDisposition {
    private final TargetTable targets;
    private final ResendWork resends;
    private final SenseFetch senses;
    private final CountersFile counters;
    private final MisuseLog misuses;

    /// What a completer does with the task.
    public enum Verdict {
        /// It is DONE: deliver it.
        DELIVER,
        /// It is DONE and its target is still full: deliver it, but send no other one for it.
        DELIVER_FULL,
        /// The framework keeps it.
        KEPT,
        /// The token was stale.
        REFUSED
    }

    public TaskDisposition(TargetTable targets, ResendWork resends, SenseFetch senses, CountersFile counters,
            MisuseLog misuses) {
        this.targets = targets;
        this.resends = resends;
        this.senses = senses;
        this.counters = counters;
        this.misuses = misuses;
    }

    /// Judges a task that needs attention, and makes its move.
    ///
    /// NOTE: until a move succeeds the token may be stale and what is read another I/O's; the move checks it.
    public Verdict complete(Task task, long token) {
        if (!task.isCurrent(token)) {
            return Verdict.REFUSED;
        }
        if (task.isVersionBad()) {
            return failVersion(task, token);
        }
        if (task.isFetchingSense()) {
            return endFetch(task, token);
        }
        boolean aborted = task.isAborted(token);
        if (task.isAnsweredWith(TaskStatus.TASK_SET_FULL)) {
            return aborted ? endAborted(task, token) : resend(task, token);
        }
        if (senses.wants(task)) {
            return aborted ? endAborted(task, token) : fetch(task, token);
        }
        return task.moveToDone(token) ? Verdict.DELIVER : Verdict.REFUSED;
    }

    /// The controller returned a token after the deadline.
    public void onLate(long token) {
        senses.onLate(token);
    }

    public ResendWork resends() {
        return resends;
    }

    private Verdict failVersion(Task task, long token) {
        long version = task.responseVersion();
        if (!task.moveToDone(token)) {
            return Verdict.REFUSED;
        }
        misuses.report(Misuse.RESPONSE_VERSION_BAD, () -> "token=" + TaskToken.describe(token) + " version=" + version
                + " is not 1, the task is completed with DELIVERY_FAILURE");
        task.repairVersion();
        task.overrule(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE, TaskStatus.DELIVERY_FAILURE, 0);
        if (task.isFetchingSense()) {
            senses.finish(task);
        }
        return Verdict.DELIVER;
    }

    private Verdict endFetch(Task task, long token) {
        if (!task.moveToDone(token)) {
            return Verdict.REFUSED;
        }
        senses.finish(task);
        if (task.isAborted(token) && task.senseLength() == 0) {
            task.overrule(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE, TaskStatus.NO_STATUS, 0);
        }
        return Verdict.DELIVER;
    }

    private Verdict fetch(Task task, long token) {
        if (!task.moveToResend(token)) {
            return Verdict.REFUSED;
        }
        return senses.offer(task) || !task.moveFromResendToDone(token) ? Verdict.KEPT : Verdict.DELIVER;
    }

    private Verdict resend(Task task, long token) {
        boolean isExhausted = task.resends() >= ResendWork.MAX_RESENDS;
        if (isExhausted || !targets.accepts(task.targetId())) {
            return task.moveToDone(token) ? giveUp(task, isExhausted) : Verdict.REFUSED;
        }
        if (!task.moveToResend(token)) {
            return Verdict.REFUSED;
        }
        return resends.offer(task) || !task.moveFromResendToDone(token) ? Verdict.KEPT : giveUp(task, false);
    }

    /// Nothing more is sent for a task that an abort has named.
    private Verdict endAborted(Task task, long token) {
        if (!task.moveToDone(token)) {
            return Verdict.REFUSED;
        }
        task.overrule(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE, TaskStatus.NO_STATUS, 0);
        return Verdict.DELIVER_FULL;
    }

    private Verdict giveUp(Task task, boolean isExhausted) {
        if (isExhausted) {
            counters.increment(EngineCounter.RESENDS_EXHAUSTED);
        }
        task.overrule(ServiceResponse.TASK_COMPLETE, TaskStatus.BUSY, 0);
        return Verdict.DELIVER_FULL;
    }
}
