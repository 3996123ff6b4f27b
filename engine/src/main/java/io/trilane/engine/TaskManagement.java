package io.trilane.engine;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.ControlMessage;
import io.trilane.engine.controller.Controller;
import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.role.RoleWork;
import io.trilane.engine.role.SubmissionGate;
import io.trilane.engine.role.WaitingAbort;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskStatus;
import java.util.ArrayDeque;
import java.util.Deque;

/// Takes task-management functions to the controller, each behind the tasks that were submitted before it: an abort must
/// not overtake what it is meant for. While tasks are held it takes those that it is meant for out of the queue instead.
/// Nothing is sent again meanwhile. Control role.
final class TaskManagement implements RoleWork {
    private final Controller controller;
    private final ControllerCalls calls;
    private final SubmissionGate submission;
    private final WaitingAbort waiting;
    private final Deque<Request> requests = new ArrayDeque<>();

    /// @param behind what is before this position was submitted before
    private record Request(ControlMessage.ManageTask message, long behind, SubmissionGate.Withdrawal held) {}

    TaskManagement(Controller controller, ControllerCalls calls, SubmissionGate submission, WaitingAbort waiting) {
        this.controller = controller;
        this.calls = calls;
        this.submission = submission;
        this.waiting = waiting;
    }

    void request(ControlMessage.ManageTask message) {
        requests.add(new Request(message, submission.offeredPosition(),
                new SubmissionGate.Withdrawal(task -> isMeant(message, task), TaskStatus.NO_STATUS)));
    }

    /// True while a function waits for its turn.
    boolean isPending() {
        return !requests.isEmpty();
    }

    @Override
    public int doWork(long nowNs) {
        int done = 0;
        while (!requests.isEmpty() && hasPassed(requests.peek())) {
            manage(requests.remove().message);
            done++;
        }
        return done;
    }

    private boolean hasPassed(Request request) {
        return submission.hasTakenUpTo(request.behind)
                || submission.isHolding() && submission.withdraw(request.held) && request.held.isServed();
    }

    /// Before and after: a task that the controller refuses meanwhile must not be sent again.
    private void manage(ControlMessage.ManageTask message) {
        boolean ended = endWaiting(message);
        mark(message, true);
        ServiceResponse[] verdict = {ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE};
        calls.run(Callback.TASK_MANAGEMENT, () -> verdict[0] = controller.manageTask(message.function(),
                message.nexus(), message.targetId(), message.lun(), message.tag()));
        if (verdict[0] == ServiceResponse.FUNCTION_COMPLETE) {
            ended |= endWaiting(message);
        } else {
            mark(message, false);
        }
        // The controller cannot know of a task that only the framework had.
        boolean isDone = ended && message.function() == TaskManagementFunction.ABORT_TASK;
        message.reply().complete(isDone ? ServiceResponse.FUNCTION_COMPLETE : verdict[0]);
    }

    private void mark(ControlMessage.ManageTask message, boolean aborted) {
        waiting.mark(message.function(), message.nexus().id(), message.targetId(), message.lun(), message.tag(),
                aborted);
    }

    private boolean endWaiting(ControlMessage.ManageTask message) {
        return waiting.end(message.function(), message.nexus().id(), message.targetId(), message.lun(),
                message.tag()) > 0;
    }

    private static boolean isMeant(ControlMessage.ManageTask message, Task task) {
        return WaitingAbort.isMeant(task, message.function(), message.nexus().id(), message.targetId(), message.lun(),
                message.tag());
    }
}
