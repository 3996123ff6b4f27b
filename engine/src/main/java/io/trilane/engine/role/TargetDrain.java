package io.trilane.engine.role;

import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskPool;
import io.trilane.engine.task.TaskState;
import io.trilane.engine.task.TaskStatus;

/// Takes the tasks of a target that goes away from its controller: each goes to its client once as DEVICE NOT PRESENT
/// (`driverkit.md` 2.4). Control role.
public final class TargetDrain {
    private final TaskPool pool;
    private final Returns returns;

    public TargetDrain(TaskPool pool, Returns returns) {
        this.pool = pool;
        this.returns = returns;
    }

    /// Drains a target that accepts no tasks any more and whose submission calls have all returned; returns how many tasks
    /// it had. Slots that the controller holds stay quarantined until it returns their tokens.
    public int drainTarget(long targetId) {
        int drained = 0;
        for (int slot = 0; slot < pool.size(); slot++) {
            drained += drain(pool.task(slot), targetId) ? 1 : 0;
        }
        returns.counters().add(EngineCounter.DRAINED, drained);
        return drained;
    }

    private boolean drain(Task task, long targetId) {
        // NOTE: the task may move while we look; the token is read first, and the moves check it.
        long token = task.token();
        TaskState state = task.state();
        if (task.targetId() != targetId) {
            return false;
        }
        // A completer may move it from the controller to RESEND meanwhile, never back without this role.
        if ((state == TaskState.ACTIVE || state == TaskState.PENDING) && task.moveToZombie(token,
                ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE, TaskStatus.DEVICE_NOT_PRESENT)) {
            returns.deliver(task);
            return true;
        }
        if (task.moveFromResendToDone(token)) {
            returns.fail(task, TaskStatus.DEVICE_NOT_PRESENT);
            return true;
        }
        return false;
    }
}
