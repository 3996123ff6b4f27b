package io.trilane.engine.role;

import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskPool;
import io.trilane.engine.task.TaskState;
import io.trilane.engine.task.TaskStatus;
import io.trilane.engine.task.TaskToken;

/// Ends tasks that a task-management function is meant for and that the controller has returned but the framework keeps:
/// refused with TASK SET FULL and waiting to be sent again, or waiting for sense data. Otherwise they would be executed
/// after their abort. Control role.
public final class WaitingAbort {
    private final TaskPool pool;
    private final Returns returns;

    public WaitingAbort(TaskPool pool, Returns returns) {
        this.pool = pool;
        this.returns = returns;
    }

    /// Marks what the controller holds, so that a refusal that comes later is the end of the task; or takes the mark back.
    public void mark(TaskManagementFunction function, int nexusId, long targetId, long lun, long tag, boolean aborted) {
        for (int slot = 0; slot < pool.size(); slot++) {
            Task task = pool.task(slot);
            long token = task.token();
            TaskState state = task.state();
            if ((state == TaskState.ACTIVE || state == TaskState.PENDING)
                    && isMeant(task, function, nexusId, targetId, lun, tag)) {
                task.markAborted(aborted ? token : TaskToken.NONE);
            }
        }
    }

    /// Ends what the function names; returns how many tasks. Each goes to its client with NO STATUS, as an aborted task does.
    ///
    /// @param nexusId of the initiator that asks
    /// @param lun     the eight LUN bytes
    /// @param tag     for ABORT_TASK
    public int end(TaskManagementFunction function, int nexusId, long targetId, long lun, long tag) {
        int ended = 0;
        for (int slot = 0; slot < pool.size(); slot++) {
            Task task = pool.task(slot);
            long token = task.token();
            if (task.state() == TaskState.RESEND && isMeant(task, function, nexusId, targetId, lun, tag)
                    && task.moveFromResendToDone(token)) {
                returns.fail(task, TaskStatus.NO_STATUS);
                ended++;
            }
        }
        return ended;
    }

    /// True for a task that the function names.
    public static boolean isMeant(Task task, TaskManagementFunction function, int nexusId, long targetId, long lun,
            long tag) {
        boolean sameTarget = task.targetId() == targetId;
        boolean sameUnit = sameTarget && task.lun() == lun;
        boolean sameNexus = task.nexusId() == nexusId;
        return switch (function) {
            case ABORT_TASK -> sameUnit && sameNexus && tag != 0 && task.tag() == tag;
            case ABORT_TASK_SET -> sameUnit && sameNexus;
            case CLEAR_TASK_SET, LOGICAL_UNIT_RESET -> sameUnit;
            case TARGET_RESET -> sameTarget;
            case I_T_NEXUS_RESET -> sameTarget && sameNexus;
            case CLEAR_ACA -> false;
        };
    }
}
