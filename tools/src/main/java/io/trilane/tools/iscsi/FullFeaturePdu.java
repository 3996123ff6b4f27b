package io.trilane.tools.iscsi;

/// Offsets and codes of the PDUs of the full-feature phase (RFC 7143 11.3 to 11.19), beside those in [Pdu].
final class FullFeaturePdu {
    // SCSI Command.
    static final int READ = 0x40;
    static final int WRITE = 0x20;
    static final int ATTRIBUTE_MASK = 0x07;
    static final int EXPECTED_DATA_TRANSFER_LENGTH = 20;
    static final int CDB = 32;
    static final int CDB_BYTES = 16;
    static final int AHS_TYPE_EXTENDED_CDB = 1;

    // SCSI Response and Data-In.
    static final int RESPONSE = 2;
    static final int STATUS = 3;
    static final int OVERFLOW = 0x04;
    static final int UNDERFLOW = 0x02;
    static final int STATUS_PRESENT = 0x01;
    static final int TARGET_FAILURE = 0x01;
    static final int EXP_DATA_SN = 36;
    static final int RESIDUAL_COUNT = 44;

    // Data-In, Data-Out and R2T.
    static final int DATA_SN = 36;
    static final int BUFFER_OFFSET = 40;
    static final int R2T_SN = 36;
    static final int DESIRED_DATA_TRANSFER_LENGTH = 44;

    // Task management.
    static final int FUNCTION_MASK = 0x7F;
    static final int REFERENCED_TASK_TAG = 20;
    static final int REF_CMD_SN = 32;

    // Logout.
    static final int REASON_MASK = 0x7F;
    static final int CONNECTION_ID = 20;
    static final int TIME_2_WAIT = 40;
    static final int TIME_2_RETAIN = 42;

    // Asynchronous Message.
    static final int ASYNC_EVENT = 36;
    static final int PARAMETER_1 = 38;
    static final int PARAMETER_2 = 40;
    static final int PARAMETER_3 = 42;

    private FullFeaturePdu() {}
}
