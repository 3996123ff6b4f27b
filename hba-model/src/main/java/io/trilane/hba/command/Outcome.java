package io.trilane.hba.command;

import io.trilane.engine.task.TaskStatus;

/// How a command ended: status and sense code. Details (INFORMATION, field pointer) are in the task's extension.
/// Constants only: nothing is allocated or thrown for an error.
public enum Outcome {
    GOOD,
    /// Not over: [CommandFamily#resume] will be called.
    PENDING,
    /// A reservation of another nexus stands against the command (SPC-5 5.13): a status without sense data.
    RESERVATION_CONFLICT(TaskStatus.RESERVATION_CONFLICT),

    /// The unit was stopped by START STOP UNIT.
    INITIALIZING_COMMAND_REQUIRED(0x2, 0x04, 0x02),
    MEDIUM_NOT_PRESENT(0x2, 0x3A, 0x00),
    MEDIUM_READ_ERROR(0x3, 0x11, 0x00),
    MEDIUM_WRITE_ERROR(0x3, 0x0C, 0x00),
    /// Our bug: an exception inside a command.
    INTERNAL_TARGET_FAILURE(0x4, 0x44, 0x00),
    PARAMETER_LIST_LENGTH_ERROR(0x5, 0x1A, 0x00),
    INVALID_COMMAND_OPERATION_CODE(0x5, 0x20, 0x00),
    LBA_OUT_OF_RANGE(0x5, 0x21, 0x00),
    INVALID_FIELD_IN_CDB(0x5, 0x24, 0x00),
    LOGICAL_UNIT_NOT_SUPPORTED(0x5, 0x25, 0x00),
    INVALID_FIELD_IN_PARAMETER_LIST(0x5, 0x26, 0x00),
    INVALID_RELEASE_OF_PERSISTENT_RESERVATION(0x5, 0x26, 0x04),
    /// The transport offers less data, or the other direction, than the CDB needs.
    INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT(0x5, 0x0E, 0x03),
    SAVING_PARAMETERS_NOT_SUPPORTED(0x5, 0x39, 0x00),
    MEDIUM_REMOVAL_PREVENTED(0x5, 0x53, 0x02),
    INSUFFICIENT_REGISTRATION_RESOURCES(0x5, 0x55, 0x04),
    MEDIUM_MAY_HAVE_CHANGED(0x6, 0x28, 0x00),
    POWER_ON_RESET(0x6, 0x29, 0x00),
    /// A logical unit or target reset.
    BUS_DEVICE_RESET_FUNCTION_OCCURRED(0x6, 0x29, 0x03),
    I_T_NEXUS_LOSS_OCCURRED(0x6, 0x29, 0x07),
    MODE_PARAMETERS_CHANGED(0x6, 0x2A, 0x01),
    RESERVATIONS_PREEMPTED(0x6, 0x2A, 0x03),
    RESERVATIONS_RELEASED(0x6, 0x2A, 0x04),
    REGISTRATIONS_PREEMPTED(0x6, 0x2A, 0x05),
    COMMANDS_CLEARED_BY_ANOTHER_INITIATOR(0x6, 0x2F, 0x00),
    REPORTED_LUNS_DATA_HAS_CHANGED(0x6, 0x3F, 0x0E),
    WRITE_PROTECTED(0x7, 0x27, 0x00),
    SPACE_ALLOCATION_FAILED(0x7, 0x27, 0x07),
    MISCOMPARE(0xE, 0x1D, 0x00),

    /// A flush that was answered before it was done (IMMED) has failed: reported with a deferred response code.
    DEFERRED_WRITE_ERROR(0x3, 0x0C, 0x00),
    DEFERRED_SPACE_ALLOCATION_FAILED(0x7, 0x27, 0x07);

    private final TaskStatus status;
    private final int senseKey;
    private final int additionalSenseCode;
    private final int qualifier;

    Outcome() {
        this(TaskStatus.GOOD);
    }

    /// A status without sense data.
    Outcome(TaskStatus status) {
        this.status = status;
        this.senseKey = 0;
        this.additionalSenseCode = 0;
        this.qualifier = 0;
    }

    Outcome(int senseKey, int additionalSenseCode, int qualifier) {
        this.status = TaskStatus.CHECK_CONDITION;
        this.senseKey = senseKey;
        this.additionalSenseCode = additionalSenseCode;
        this.qualifier = qualifier;
    }

    public TaskStatus status() {
        return status;
    }

    public int senseKey() {
        return senseKey;
    }

    public int additionalSenseCode() {
        return additionalSenseCode;
    }

    public int qualifier() {
        return qualifier;
    }

    /// True for an error of an earlier command (SPC-5 4.4.8).
    public boolean isDeferred() {
        return this == DEFERRED_WRITE_ERROR || this == DEFERRED_SPACE_ALLOCATION_FAILED;
    }
}
