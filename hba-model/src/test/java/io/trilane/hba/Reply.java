package io.trilane.hba;

import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskExtension;
import io.trilane.engine.task.TaskStatus;
import java.util.HexFormat;

/// What came back for a command.
record Reply(TaskStatus status, long transferred, long residual, byte[] data, byte[] sense) {
    static Reply of(Task task) {
        if (task.serviceResponse() != ServiceResponse.TASK_COMPLETE) {
            throw new AssertionError("serviceResponse=" + task.serviceResponse());
        }
        byte[] sense = new byte[task.senseLength()];
        for (int i = 0; i < sense.length; i++) {
            sense[i] = (byte) task.senseByte(i);
        }
        return new Reply(task.status(), task.bytesTransferred(), task.extensionLong(TaskExtension.RESIDUAL),
                TestImage.read(task.extents(), task.bytesTransferred()), sense);
    }

    String dataHex() {
        return HexFormat.ofDelimiter(" ").formatHex(data).toUpperCase(java.util.Locale.ROOT);
    }

    String senseHex() {
        return HexFormat.ofDelimiter(" ").formatHex(sense).toUpperCase(java.util.Locale.ROOT);
    }

    /// `key/ASC/ASCQ` of fixed-format sense data; without any `good`, or the name of the status.
    String error() {
        if (sense.length == 0) {
            return status == TaskStatus.GOOD ? "good" : status.name();
        }
        return "%X/%02X/%02X".formatted(sense[2] & 0xF, sense[12], sense[13]);
    }

    /// Field pointer of fixed-format sense data: `byte.bit`, `byte`, or empty.
    String fieldPointer() {
        if (sense.length == 0 || (sense[15] & 0x80) == 0) {
            return "";
        }
        int index = (sense[16] & 0xFF) << 8 | sense[17] & 0xFF;
        return (sense[15] & 0x08) == 0 ? "" + index : index + "." + (sense[15] & 0x7);
    }

    /// INFORMATION of fixed-format sense data, or -1 when it is not valid.
    long information() {
        if (sense.length == 0 || (sense[0] & 0x80) == 0) {
            return -1;
        }
        return (sense[3] & 0xFFL) << 24 | (sense[4] & 0xFF) << 16 | (sense[5] & 0xFF) << 8 | sense[6] & 0xFF;
    }
}
