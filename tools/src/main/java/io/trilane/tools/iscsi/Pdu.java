package io.trilane.tools.iscsi;

/// The basic header segment of a PDU: 48 bytes, big endian (RFC 7143 11.2). Offsets of the fields that several PDUs share, and the
/// operation codes.
final class Pdu {
    static final int HEADER_BYTES = 48;
    static final int DIGEST_BYTES = 4;

    static final int OPCODE = 0;
    static final int FLAGS = 1;
    static final int TOTAL_AHS_LENGTH = 4;
    /// Three bytes; byte 4 is [#TOTAL_AHS_LENGTH].
    static final int DATA_SEGMENT_LENGTH = 5;
    static final int LUN = 8;
    static final int INITIATOR_TASK_TAG = 16;
    static final int TARGET_TRANSFER_TAG = 20;
    static final int CMD_SN = 24;
    static final int STAT_SN = 24;
    static final int EXP_STAT_SN = 28;
    static final int EXP_CMD_SN = 28;
    static final int MAX_CMD_SN = 32;

    static final int IMMEDIATE = 0x40;
    static final int OPCODE_MASK = 0x3F;
    static final int FINAL = 0x80;
    static final int NO_TAG = 0xFFFF_FFFF;

    // From the initiator.
    static final int NOP_OUT = 0x00;
    static final int SCSI_COMMAND = 0x01;
    static final int TASK_MANAGEMENT_REQUEST = 0x02;
    static final int LOGIN_REQUEST = 0x03;
    static final int TEXT_REQUEST = 0x04;
    static final int DATA_OUT = 0x05;
    static final int LOGOUT_REQUEST = 0x06;
    static final int SNACK_REQUEST = 0x10;

    // From the target.
    static final int NOP_IN = 0x20;
    static final int SCSI_RESPONSE = 0x21;
    static final int TASK_MANAGEMENT_RESPONSE = 0x22;
    static final int LOGIN_RESPONSE = 0x23;
    static final int TEXT_RESPONSE = 0x24;
    static final int DATA_IN = 0x25;
    static final int LOGOUT_RESPONSE = 0x26;
    static final int READY_TO_TRANSFER = 0x31;
    static final int ASYNC_MESSAGE = 0x32;
    static final int REJECT = 0x3F;

    private Pdu() {}

    /// A length with its padding to four bytes.
    static int padded(int length) {
        return length + 3 & ~3;
    }
}
