package io.trilane.tools.iscsi;

/// The basic header segment of a PDU: 48 bytes, big endian (RFC 7143 11.2). Offsets of the fields that several PDUs share, and the
/// operation codes.
public final class Pdu {
    public static final int HEADER_BYTES = 48;
    public static final int DIGEST_BYTES = 4;

    public static final int OPCODE = 0;
    public static final int FLAGS = 1;
    public static final int TOTAL_AHS_LENGTH = 4;
    /// Three bytes; byte 4 is [#TOTAL_AHS_LENGTH].
    public static final int DATA_SEGMENT_LENGTH = 5;
    public static final int LUN = 8;
    public static final int INITIATOR_TASK_TAG = 16;
    public static final int TARGET_TRANSFER_TAG = 20;
    public static final int CMD_SN = 24;
    public static final int STAT_SN = 24;
    public static final int EXP_STAT_SN = 28;
    public static final int EXP_CMD_SN = 28;
    public static final int MAX_CMD_SN = 32;

    public static final int IMMEDIATE = 0x40;
    public static final int OPCODE_MASK = 0x3F;
    public static final int FINAL = 0x80;
    public static final int NO_TAG = 0xFFFF_FFFF;

    // From the initiator.
    public static final int NOP_OUT = 0x00;
    public static final int SCSI_COMMAND = 0x01;
    public static final int TASK_MANAGEMENT_REQUEST = 0x02;
    public static final int LOGIN_REQUEST = 0x03;
    public static final int TEXT_REQUEST = 0x04;
    public static final int DATA_OUT = 0x05;
    public static final int LOGOUT_REQUEST = 0x06;
    public static final int SNACK_REQUEST = 0x10;

    // From the target.
    public static final int NOP_IN = 0x20;
    public static final int SCSI_RESPONSE = 0x21;
    public static final int TASK_MANAGEMENT_RESPONSE = 0x22;
    public static final int LOGIN_RESPONSE = 0x23;
    public static final int TEXT_RESPONSE = 0x24;
    public static final int DATA_IN = 0x25;
    public static final int LOGOUT_RESPONSE = 0x26;
    public static final int READY_TO_TRANSFER = 0x31;
    public static final int ASYNC_MESSAGE = 0x32;
    public static final int REJECT = 0x3F;

    private Pdu() {}

    /// A length with its padding to four bytes.
    public static int padded(int length) {
        return length + 3 & ~3;
    }
}
