package io.trilane.tools.initiator.iscsi;

import java.util.Arrays;
import java.util.HexFormat;

/// Says in words how a command ended. Cold. Sense data is read as SPC-5 4.4 writes it, in both formats; too little of it
/// reads as zeros.
final class SenseText {
    static final int CHECK_CONDITION = 0x02;
    static final int UNIT_ATTENTION = 0x06;

    private static final int LENGTH_BYTES = 2;
    private static final int DESCRIPTOR_FORMAT = 0x72;
    private static final int FORMAT_MASK = 0x7E;
    private static final String[] SENSE_KEYS = {"NO SENSE", "RECOVERED ERROR", "NOT READY", "MEDIUM ERROR",
            "HARDWARE ERROR", "ILLEGAL REQUEST", "UNIT ATTENTION", "DATA PROTECT", "BLANK CHECK", "VENDOR SPECIFIC",
            "COPY ABORTED", "ABORTED COMMAND", "RESERVED", "VOLUME OVERFLOW", "MISCOMPARE", "COMPLETED"};

    private SenseText() {}

    /// The sense data in a response's data segment (RFC 7143 11.4.7); empty when its length says more than there is.
    static byte[] senseOf(byte[] segment) {
        if (segment.length < LENGTH_BYTES) {
            return new byte[0];
        }
        int length = (segment[0] & 0xFF) << 8 | segment[1] & 0xFF;
        return length > segment.length - LENGTH_BYTES ? new byte[0]
                : Arrays.copyOfRange(segment, LENGTH_BYTES, LENGTH_BYTES + length);
    }

    static boolean isUnitAttention(int status, byte[] sense) {
        return status == CHECK_CONDITION && senseKey(sense) == UNIT_ATTENTION;
    }

    /// How a command ended that is not good.
    static String describe(RequestSlot slot) {
        String command = "cdb=" + HexFormat.of().formatHex(slot.cdb, 0, cdbBytes(slot.cdb[0] & 0xFF));
        if (slot.response != 0) {
            return command + " response=" + Integer.toHexString(slot.response) + "h (target failure)";
        }
        if (slot.status != 0) {
            return command + " status=" + status(slot.status) + (slot.sense.length == 0 ? "" : sense(slot.sense));
        }
        if (slot.residualFlags != 0) {
            return command + " residual=" + Integer.toUnsignedString(slot.residual) + " of bytes=" + slot.length;
        }
        return command + " transferred=" + slot.received + " != " + slot.length;
    }

    private static String sense(byte[] sense) {
        int code = isDescriptor(sense) ? 2 : 12;
        int asc = at(sense, code);
        int qualifier = at(sense, code + 1);
        return String.format(" sense=%s asc=%02xh ascq=%02xh%s", SENSE_KEYS[senseKey(sense)], asc, qualifier,
                words(asc << 8 | qualifier));
    }

    private static int senseKey(byte[] sense) {
        return at(sense, isDescriptor(sense) ? 1 : 2) & 0xF;
    }

    private static boolean isDescriptor(byte[] sense) {
        return (at(sense, 0) & FORMAT_MASK) == DESCRIPTOR_FORMAT;
    }

    private static int at(byte[] sense, int index) {
        return index < sense.length ? sense[index] & 0xFF : 0;
    }

    private static String status(int code) {
        return switch (code) {
            case CHECK_CONDITION -> "CHECK CONDITION";
            case 0x08 -> "BUSY (the target has no room, lower --iodepth)";
            case 0x18 -> "RESERVATION CONFLICT";
            case 0x28 -> "TASK SET FULL (the target has no room, lower --iodepth)";
            case 0x30 -> "ACA ACTIVE";
            case 0x40 -> "TASK ABORTED";
            default -> Integer.toHexString(code) + "h";
        };
    }

    /// What load meets most (SPC-5 annex F); the others are numbers.
    private static String words(int code) {
        String text = switch (code) {
            case 0x0401, 0x0402 -> "not ready";
            case 0x0C00 -> "write error";
            case 0x0C0C -> "write error, unexpected unsolicited data";
            case 0x0C0D -> "write error, not enough unsolicited data";
            case 0x1100 -> "unrecovered read error";
            case 0x1A00 -> "parameter list length error";
            case 0x2000 -> "invalid command operation code";
            case 0x2100 -> "logical block address out of range";
            case 0x2400 -> "invalid field in CDB";
            case 0x2500 -> "logical unit not supported";
            case 0x2600 -> "invalid field in parameter list";
            case 0x2700 -> "write protected";
            case 0x2707 -> "space allocation failed write protect";
            case 0x2800 -> "medium may have changed";
            case 0x2900, 0x2901, 0x2902, 0x2903 -> "power on, reset, or bus device reset";
            case 0x2907 -> "I_T nexus loss";
            case 0x2A09 -> "capacity data has changed";
            case 0x3A00 -> "medium not present";
            case 0x3F0E -> "reported LUNs data has changed";
            case 0x4400 -> "internal target failure";
            case 0x4705 -> "protocol service CRC error";
            default -> "";
        };
        return text.isEmpty() ? "" : " (" + text + ")";
    }

    /// By the group code of the operation code (SPC-5 4.3.2).
    private static int cdbBytes(int operationCode) {
        return switch (operationCode >>> 5) {
            case 0 -> 6;
            case 1, 2 -> 10;
            case 5 -> 12;
            default -> RequestSlot.CDB_BYTES;
        };
    }
}
