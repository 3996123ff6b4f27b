package io.trilane.hba.command;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskExtension;
import io.trilane.engine.task.TaskStatus;
import io.trilane.hba.page.SenseData;

/// Writes the response slot of a finished command.
///
/// `TaskExtension.RESIDUAL` is what the client offered minus what the command asked to transfer: positive is underflow
/// (the client expected more), negative is overflow (the command had more), as RFC 7143 11.4.5 has it.
@HotPath
public final class CommandResponse {
    private CommandResponse() {}

    /// Writes status, bytes, residual and, for CHECK CONDITION, sense data.
    public static void write(Command command, Outcome outcome) {
        Task task = command.task();
        task.setResponse(ServiceResponse.TASK_COMPLETE, outcome.status(), command.transferredBytes());
        task.setResidual(command.offeredBytes() - command.wantedBytes());
        if (outcome.status() == TaskStatus.CHECK_CONDITION) {
            writeSense(command, outcome);
        }
    }

    /// Writes the response of a task that ends without a status: SERVICE DELIVERY OR TARGET FAILURE.
    ///
    /// [TaskStatus#NO_STATUS] says that the task was aborted. Its initiator has the verdict of the task-management
    /// function, or a unit attention, instead (SAM-5 5.6, TAS = 0): a front end must not answer it.
    public static void writeAborted(Task task, TaskStatus status) {
        assert !status.isSam() : status;
        task.clearSenseDetails();
        task.setResponse(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE, status, 0);
        task.setResidual(task.transferCount());
    }

    private static void writeSense(Command command, Outcome outcome) {
        assert outcome.status() == TaskStatus.CHECK_CONDITION : outcome;
        Task task = command.task();
        SenseData sense = command.sense(outcome);
        int flags = task.senseDetails();
        if ((flags & TaskExtension.SENSE_INFORMATION_VALID) != 0) {
            sense.information(task.extensionLong(TaskExtension.INFORMATION));
        }
        if ((flags & TaskExtension.SENSE_FIELD_POINTER_VALID) != 0) {
            sense.fieldPointer(task.extensionInt(TaskExtension.FIELD_POINTER));
        }
        task.setSenseLength(sense.writeTo(task.responses(), task.senseOffset(),
                command.device().pages().isDescriptorSense()));
    }
}
