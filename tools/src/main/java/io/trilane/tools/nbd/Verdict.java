package io.trilane.tools.nbd;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskStatus;

/// What a finished task means for its request: status and sense data (SPC-5 4.4) as an NBD error.
@HotPath
enum Verdict {
    GOOD(0, ""),
    /// The same command may succeed: unit attention, busy, aborted.
    RETRY(NbdCodes.EIO, "the unit does not take the command"),
    MISCOMPARE(NbdCodes.EIO, "the block was changed by others all the time"),
    /// The unit has no such command, or not with such a field.
    UNSUPPORTED(NbdCodes.EINVAL, "the unit does not support the command"),
    OUT_OF_RANGE(NbdCodes.EINVAL, "beyond the end of the unit"),
    PROTECTED(NbdCodes.EPERM, "the unit is write protected"),
    RESERVED(NbdCodes.EPERM, "the unit is reserved by another initiator"),
    FULL(NbdCodes.ENOSPC, "no space left for the unit"),
    MEDIUM(NbdCodes.EIO, "medium error"),
    NOT_READY(NbdCodes.EIO, "the unit is not ready"),
    HARDWARE(NbdCodes.EIO, "hardware error"),
    GONE(NbdCodes.EIO, "the unit does not answer");

    private static final int SPACE_ALLOCATION_FAILED = 0x2707;

    private final int error;
    private final String text;

    Verdict(int error, String text) {
        this.error = error;
        this.text = text;
    }

    /// The NBD error, 0 for none.
    int error() {
        return error;
    }

    /// For the message of an error chunk.
    String text() {
        return text;
    }

    static Verdict of(Task task) {
        if (task.isGood()) {
            return GOOD;
        }
        if (task.serviceResponse() != ServiceResponse.TASK_COMPLETE) {
            // Aborted by another initiator's task management: it had no effect, or its effect is this request's.
            return task.status() == TaskStatus.NO_STATUS ? RETRY : GONE;
        }
        TaskStatus status = task.status();
        return switch (status) {
            case GOOD, CONDITION_MET -> GOOD;
            case CHECK_CONDITION -> ofSense(task);
            case BUSY, TASK_SET_FULL, TASK_ABORTED -> RETRY;
            case RESERVATION_CONFLICT -> RESERVED;
            default -> GONE;
        };
    }

    private static Verdict ofSense(Task task) {
        int length = task.senseLength();
        if (length < 4) {
            return HARDWARE;
        }
        int format = task.senseByte(0) & 0x7F;
        boolean isFixed = format == 0x70 || format == 0x71;
        if (format == 0x71 || format == 0x73) {
            // Deferred: it tells of an earlier command, this one was not executed (SPC-5 4.4.8).
            return RETRY;
        }
        int key = task.senseByte(isFixed ? 2 : 1) & 0x0F;
        int codeAt = isFixed ? 12 : 2;
        int code = length > codeAt + 1 ? (task.senseByte(codeAt) & 0xFF) << 8 | task.senseByte(codeAt + 1) & 0xFF : 0;
        return of(key, code);
    }

    private static Verdict of(int key, int code) {
        return switch (key) {
            case 0x0, 0x1 -> GOOD;
            case 0x2 -> NOT_READY;
            case 0x3 -> MEDIUM;
            case 0x5 -> code >>> 8 == 0x21 ? OUT_OF_RANGE : UNSUPPORTED;
            case 0x6, 0xB -> RETRY;
            case 0x7 -> code == SPACE_ALLOCATION_FAILED ? FULL : PROTECTED;
            case 0xD -> FULL;
            case 0xE -> MISCOMPARE;
            default -> HARDWARE;
        };
    }
}
