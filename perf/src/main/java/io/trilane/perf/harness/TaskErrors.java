package io.trilane.perf.harness;

import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskStatus;

/// Says in words how a task ended. Cold. Sense data is read as SPC-5 4.4 writes it, in both formats.
final class TaskErrors {
    private static final int DESCRIPTOR_FORMAT = 0x72;
    private static final int FORMAT_MASK = 0x7E;
    private static final String[] SENSE_KEYS = {"NO SENSE", "RECOVERED ERROR", "NOT READY", "MEDIUM ERROR",
            "HARDWARE ERROR", "ILLEGAL REQUEST", "UNIT ATTENTION", "DATA PROTECT", "BLANK CHECK", "VENDOR SPECIFIC",
            "COPY ABORTED", "ABORTED COMMAND", "RESERVED", "VOLUME OVERFLOW", "MISCOMPARE", "COMPLETED"};

    private TaskErrors() {}

    static String describe(Task task, long expectedBytes) {
        StringBuilder text = new StringBuilder("cdb=");
        for (int i = 0; i < task.cdbLength(); i++) {
            text.append(String.format("%02x", task.cdbByte(i)));
        }
        text.append(" lun=").append(task.lun() >>> 48);
        if (task.serviceResponse() != ServiceResponse.TASK_COMPLETE || task.status() != TaskStatus.GOOD) {
            text.append(" response=").append(task.serviceResponse()).append(" status=").append(task.status());
        } else {
            text.append(" transferred=").append(task.bytesTransferred()).append(" != ").append(expectedBytes);
        }
        if (task.senseLength() > 0) {
            text.append(' ').append(sense(task));
        }
        return text.toString();
    }

    /// True for CHECK CONDITION with UNIT ATTENTION.
    static boolean isUnitAttention(Task task) {
        return task.serviceResponse() == ServiceResponse.TASK_COMPLETE && task.status() == TaskStatus.CHECK_CONDITION
                && task.senseLength() > 2 && senseKey(task) == 6;
    }

    private static String sense(Task task) {
        boolean descriptor = isDescriptor(task);
        int code = descriptor ? 2 : 12;
        int asc = task.senseLength() > code ? task.senseByte(code) : 0;
        int qualifier = task.senseLength() > code + 1 ? task.senseByte(code + 1) : 0;
        return String.format("sense=%s asc=%02xh ascq=%02xh", SENSE_KEYS[senseKey(task)], asc, qualifier);
    }

    private static int senseKey(Task task) {
        return task.senseByte(isDescriptor(task) ? 1 : 2) & 0xF;
    }

    private static boolean isDescriptor(Task task) {
        return (task.senseByte(0) & FORMAT_MASK) == DESCRIPTOR_FORMAT;
    }
}
