package io.trilane.tools.iscsi;

/// Offsets and codes of the PDUs of the full-feature phase (RFC 7143 11.3 to 11.19), beside those in [Pdu].
public final class FullFeaturePdu {
    // SCSI Command.
    public static final int READ = 0x40;
    public static final int WRITE = 0x20;
    public static final int ATTRIBUTE_MASK = 0x07;
    public static final int EXPECTED_DATA_TRANSFER_LENGTH = 20;
    public static final int CDB = 32;
    public static final int CDB_BYTES = 16;
    public static final int AHS_TYPE_EXTENDED_CDB = 1;

    // SCSI Response and Data-In.
    public static final int RESPONSE = 2;
    public static final int STATUS = 3;
    public static final int OVERFLOW = 0x04;
    public static final int UNDERFLOW = 0x02;
    public static final int STATUS_PRESENT = 0x01;
    public static final int TARGET_FAILURE = 0x01;
    public static final int EXP_DATA_SN = 36;
    public static final int RESIDUAL_COUNT = 44;

    // Data-In, Data-Out and R2T.
    public static final int DATA_SN = 36;
    public static final int BUFFER_OFFSET = 40;
    public static final int R2T_SN = 36;
    public static final int DESIRED_DATA_TRANSFER_LENGTH = 44;

    // Task management.
    public static final int FUNCTION_MASK = 0x7F;
    public static final int REFERENCED_TASK_TAG = 20;
    public static final int REF_CMD_SN = 32;

    // Logout.
    public static final int REASON_MASK = 0x7F;
    public static final int CONNECTION_ID = 20;
    public static final int TIME_2_WAIT = 40;
    public static final int TIME_2_RETAIN = 42;

    // Asynchronous Message.
    public static final int ASYNC_EVENT = 36;
    public static final int PARAMETER_1 = 38;
    public static final int PARAMETER_2 = 40;
    public static final int PARAMETER_3 = 42;

    private FullFeaturePdu() {}
}
