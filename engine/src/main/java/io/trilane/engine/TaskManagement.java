package io.trilane.engine;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.ControlMessage;
import io.trilane.engine.controller.Controller;
import io.trilane.engine.role.RoleWork;
import io.trilane.engine.role.SubmissionGate;
import io.trilane.engine.role.WaitingAbort;
import io.trilane.engine.task.ServiceResponse;
import java.util.ArrayDeque;
import java.util.Deque;

/// Takes task-management functions to the controller, each behind the tasks that were submitted before it: an abort must
/// not overtake what it is meant for. Control role.
final class TaskManagement implements RoleWork {
    private final Controller controller;
    private final ControllerCalls calls;
    private final SubmissionGate submission;
    private final WaitingAbort waiting;
    private final Deque<Request> requests = new ArrayDeque<>();

    private record Request(ControlMessage.ManageTask message, long behind) {}

    TaskManagement(Controller controller, ControllerCalls calls, SubmissionGate submission,
            WaitingAbort waiting) {
        this.controller = controller;
        this.calls = calls;
        this.submission = submission;
        this.waiting = waiting;
    }

    void request(ControlMessage.ManageTask message) {
        requests.add(new Request(message, submission.offeredPosition()));
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

    /// Tasks that are held will not reach the controller before it is resumed, so nothing is overtaken.
    private boolean hasPassed(Request request) {
        return submission.isHolding() || submission.hasTakenUpTo(request.behind);
    }

    /// Before and after: a task that the controller refuses meanwhile must not be sent again.
    private void manage(ControlMessage.ManageTask message) {
        endWaiting(message);
        ServiceResponse[] verdict = {ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE};
        calls.run(Callback.TASK_MANAGEMENT, () -> verdict[0] = controller.manageTask(message.function(),
                message.nexus(), message.targetId(), message.lun(), message.tag()));
        endWaiting(message);
        message.reply().complete(verdict[0]);
    }

    private void endWaiting(ControlMessage.ManageTask message) {
        int _ = waiting.end(message.function(), message.nexus().id(), message.targetId(), message.lun(), message.tag());
    }
}
