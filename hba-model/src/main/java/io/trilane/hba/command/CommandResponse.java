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
        if (outcome != Outcome.GOOD) {
            writeSense(command, outcome);
        }
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
