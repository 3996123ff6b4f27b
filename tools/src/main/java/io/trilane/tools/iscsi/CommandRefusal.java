package io.trilane.tools.iscsi;

import io.trilane.engine.task.TaskStatus;

/// How the front end itself ends a command, with the sense data of RFC 7143 11.4.7.2.
enum CommandRefusal {
    /// No task is free while others of this session are under way.
    TASK_SET_FULL(TaskStatus.TASK_SET_FULL, 0, 0),
    /// No task is free.
    BUSY(TaskStatus.BUSY, 0, 0),
    /// Data came that was not negotiated for: ABORTED COMMAND, UNEXPECTED UNSOLICITED DATA.
    UNEXPECTED_UNSOLICITED_DATA(TaskStatus.CHECK_CONDITION, 0x0B, 0x0C0C),
    /// More or less data than asked for, or out of order: ABORTED COMMAND, NOT ENOUGH UNSOLICITED DATA.
    INCORRECT_AMOUNT_OF_DATA(TaskStatus.CHECK_CONDITION, 0x0B, 0x0C0D);

    private final TaskStatus status;
    private final int senseKey;
    private final int additionalSense;

    CommandRefusal(TaskStatus status, int senseKey, int additionalSense) {
        this.status = status;
        this.senseKey = senseKey;
        this.additionalSense = additionalSense;
    }

    TaskStatus status() {
        return status;
    }

    int senseKey() {
        return senseKey;
    }

    /// Additional sense code in bits 8..15, qualifier in bits 0..7.
    int additionalSense() {
        return additionalSense;
    }
}
