package io.trilane.hba;

import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskStatus;
import io.trilane.hba.command.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// The task-management functions (SAM-5 clause 7). Whoever calls has executed what was posted before the function.
/// Touched by the hardware agent only.
///
/// - A task that waits behind others is taken out and never starts. A task whose image operation is pending is finished
///   when that is back, without another step, and the verdict waits for it: after FUNCTION COMPLETE no aborted task has
///   any effect. Either way it comes back once, through the completion ring, answered as
///   [io.trilane.hba.command.CommandResponse#writeAborted] says.
/// - A task that is not here any more makes the function complete all the same (SAM-5 7.2).
/// - The Control mode page says TAS = 0, so other nexuses hear of their aborted tasks by unit attention (SAM-5 5.14).
/// - A target that does not exist is SERVICE DELIVERY OR TARGET FAILURE. A logical unit that does not exist is FUNCTION
///   REJECTED: DriverKit's codes have no INCORRECT LOGICAL UNIT NUMBER (`driverkit.md` 4.5).
/// - CLEAR ACA is FUNCTION REJECTED: INQUIRY says NormACA = 0 (SAM-5 7.4).
/// - A reset restores the mode parameters, releases what RESERVE(6) reserved and allows medium removal; persistent
///   reservations and deferred errors survive it. The loss of a nexus does the last two for that nexus.
final class TaskManagement {
    private static final Predicate<Task> ALL = _ -> true;

    private final Targets targets;
    private final List<Verdict> settled = new ArrayList<>();

    TaskManagement(Targets targets) {
        this.targets = targets;
    }

    /// Performs a function; its verdict is given by [#answer], now or later.
    void perform(HardwareEvent.ManageTask request) {
        Target target = targets.find(request.targetId());
        if (target == null) {
            settle(request, ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE);
            return;
        }
        List<LogicalUnit> units = affectedUnits(request, target);
        if (units.isEmpty() || request.function() == TaskManagementFunction.CLEAR_ACA) {
            settle(request, ServiceResponse.FUNCTION_REJECTED);
            return;
        }
        Verdict verdict = verdict(() -> request.reply().complete(ServiceResponse.FUNCTION_COMPLETE));
        units.forEach(unit -> perform(request, unit, verdict));
        verdict.release();
    }

    /// A verdict that is given by [#answer] once its maker and everybody else has released it.
    Verdict verdict(Runnable answer) {
        return new Verdict(answer, settled::add);
    }

    /// True when [#answer] has something to say.
    boolean hasSettled() {
        return !settled.isEmpty();
    }

    /// Gives the verdicts that wait for nothing any more. After the aborted tasks are in the completion ring.
    void answer() {
        settled.forEach(Verdict::answer);
        settled.clear();
    }

    private void settle(HardwareEvent.ManageTask request, ServiceResponse response) {
        verdict(() -> request.reply().complete(response)).release();
    }

    private static List<LogicalUnit> affectedUnits(HardwareEvent.ManageTask request, Target target) {
        if (request.function() == TaskManagementFunction.TARGET_RESET
                || request.function() == TaskManagementFunction.I_T_NEXUS_RESET) {
            return target.units();
        }
        LogicalUnit unit = target.unitOf(request.lun());
        return unit == null ? List.of() : List.of(unit);
    }

    private static void perform(HardwareEvent.ManageTask request, LogicalUnit unit, Verdict verdict) {
        int nexusId = request.nexusId();
        switch (request.function()) {
            case ABORT_TASK -> abort(unit, task -> isNamed(task, request), verdict);
            case ABORT_TASK_SET -> abort(unit, task -> task.nexusId() == nexusId, verdict);
            case CLEAR_TASK_SET -> clearTaskSet(unit, nexusId, verdict);
            case LOGICAL_UNIT_RESET, TARGET_RESET -> {
                abort(unit, ALL, verdict);
                unit.reset();
            }
            case I_T_NEXUS_RESET -> {
                abort(unit, task -> task.nexusId() == nexusId, verdict);
                unit.loseNexus(nexusId);
            }
            case CLEAR_ACA -> throw new IllegalStateException("function=CLEAR_ACA is rejected before");
        }
    }

    private static void clearTaskSet(LogicalUnit unit, int nexusId, Verdict verdict) {
        NexusSet others = unit.nexusesWithTasks();
        others.remove(nexusId);
        abort(unit, ALL, verdict);
        others.raise(unit.attentions(), Outcome.COMMANDS_CLEARED_BY_ANOTHER_INITIATOR);
    }

    private static void abort(LogicalUnit unit, Predicate<Task> which, Verdict verdict) {
        unit.abort(which, TaskStatus.NO_STATUS, verdict);
    }

    /// Tag 0 is untagged and names no task (`driverkit.md` 4.4).
    private static boolean isNamed(Task task, HardwareEvent.ManageTask request) {
        return request.tag() != 0 && task.tag() == request.tag() && task.nexusId() == request.nexusId();
    }
}
