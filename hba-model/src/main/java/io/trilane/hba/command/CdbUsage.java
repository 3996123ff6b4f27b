package io.trilane.hba.command;

import java.util.HexFormat;

/// CDB USAGE DATA (SPC-5 6.34.3): the operation code, the service action, and a one for each bit that the device
/// server evaluates. All other bits are reserved here and must be 0. Immutable.
public final class CdbUsage {
    private final byte[] bytes;
    private final long reserved0;
    private final long reserved1;
    private final int actionMask;

    private CdbUsage(byte[] bytes, int actionMask) {
        this.bytes = bytes;
        this.actionMask = actionMask;
        this.reserved0 = reservedWord(0);
        this.reserved1 = reservedWord(1);
    }

    /// @param hex             bytes of the bitmap, separated by spaces
    /// @param hasServiceAction byte 1, bits 4..0 are the value of the service action rather than a mask
    static CdbUsage parse(String hex, boolean hasServiceAction) {
        return new CdbUsage(HexFormat.ofDelimiter(" ").parseHex(hex), hasServiceAction ? 0x1F : 0);
    }

    /// The same without some of the bits of byte `index`.
    CdbUsage without(int index, int mask) {
        byte[] fewer = bytes.clone();
        fewer[index] &= (byte) ~mask;
        return new CdbUsage(fewer, actionMask);
    }

    /// Nothing is known of the CDB, so nothing is reserved.
    static CdbUsage unknown() {
        return new CdbUsage(new byte[0], 0);
    }

    /// CDB length.
    public int length() {
        return bytes.length;
    }

    public int operationCode() {
        return bytes[0] & 0xFF;
    }

    /// Service action, or -1 when the operation code has none.
    public int serviceAction() {
        return actionMask == 0 ? -1 : bytes[1] & actionMask;
    }

    /// Byte `index` as REPORT SUPPORTED OPERATION CODES reports it.
    public int reported(int index) {
        return bytes[index] & 0xFF;
    }

    /// The bits of byte `index` that must be 0.
    public int reserved(int index) {
        if (index == 0 || index >= bytes.length) {
            return 0;
        }
        int known = index == 1 ? bytes[1] & ~actionMask | actionMask : bytes[index];
        return ~known & 0xFF;
    }

    /// The bits of CDB bytes 0..7 that must be 0.
    long reserved0() {
        return reserved0;
    }

    /// The bits of CDB bytes 8..15 that must be 0.
    long reserved1() {
        return reserved1;
    }

    private long reservedWord(int word) {
        long reserved = 0;
        for (int i = 0; i < 8; i++) {
            reserved = reserved << 8 | reserved(8 * word + i);
        }
        return reserved;
    }
}
