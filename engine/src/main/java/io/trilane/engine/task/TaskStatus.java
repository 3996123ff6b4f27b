package io.trilane.engine.task;

/// SAM-5 5.3.1 status codes, plus the non-SAM codes that DriverKit delivers together with
/// [ServiceResponse#SERVICE_DELIVERY_OR_TARGET_FAILURE]. Codes 02h and 04h occur in both groups, therefore a status is
/// always read *with* its service response (`driverkit.md` 4.5).
public enum TaskStatus {
    GOOD(0x00, true),
    CHECK_CONDITION(0x02, true),
    CONDITION_MET(0x04, true),
    BUSY(0x08, true),
    RESERVATION_CONFLICT(0x18, true),
    TASK_SET_FULL(0x28, true),
    ACA_ACTIVE(0x30, true),
    TASK_ABORTED(0x40, true),
    TASK_TIMEOUT_OCCURRED(0x01, false),
    PROTOCOL_TIMEOUT_OCCURRED(0x02, false),
    DEVICE_NOT_RESPONDING(0x03, false),
    DEVICE_NOT_PRESENT(0x04, false),
    DELIVERY_FAILURE(0x05, false),
    NO_STATUS(0xFF, false);

    private static final TaskStatus[] SAM = table(true);
    private static final TaskStatus[] DELIVERY = table(false);

    private final int code;
    private final boolean sam;

    TaskStatus(int code, boolean sam) {
        this.code = code;
        this.sam = sam;
    }

    /// The byte in the response slot.
    public int code() {
        return code;
    }

    /// True for a SAM status, which is valid with [ServiceResponse#TASK_COMPLETE] only.
    public boolean isSam() {
        return sam;
    }

    /// Interprets a status byte with its service response; an unknown byte is [#NO_STATUS].
    public static TaskStatus of(ServiceResponse response, int code) {
        return (response == ServiceResponse.TASK_COMPLETE ? SAM : DELIVERY)[code & 0xFF];
    }

    private static TaskStatus[] table(boolean sam) {
        TaskStatus[] table = new TaskStatus[256];
        java.util.Arrays.fill(table, NO_STATUS);
        for (TaskStatus status : values()) {
            if (status.sam == sam) {
                table[status.code] = status;
            }
        }
        return table;
    }
}
