package io.trilane.engine;

/// The commands of a probe as the bytes of SPC-5 and SBC-4. Unnamed bytes are 0, CONTROL too.
///
/// ```text
/// INQUIRY            12h  0  0  ALLOCATION LENGTH(2)  0                                   SPC-5 6.6
/// TEST UNIT READY    00h  0  0  0  0  0                                                   SPC-5 6.47
/// REPORT LUNS        A0h  0  SELECT REPORT(1)=00h  0  0  0  ALLOCATION LENGTH(4)  0  0    SPC-5 6.33
/// MODE SENSE(6)      1Ah  0  PAGE CODE(1)=3Fh  0  ALLOCATION LENGTH(1)  0                 SPC-5 6.13
/// READ CAPACITY(10)  25h  0  0(7)  0                                                      SBC-4 5.20
/// READ CAPACITY(16)  9Eh  10h  0(8)  ALLOCATION LENGTH(4)  0  0                           SBC-4 5.21
/// ```
final class ProbeCommands {
    private static final int INQUIRY = 0x12;
    private static final int REPORT_LUNS = 0xA0;
    private static final int MODE_SENSE_6 = 0x1A;
    private static final int ALL_PAGES = 0x3F;
    private static final int READ_CAPACITY_10 = 0x25;
    private static final int SERVICE_ACTION_IN_16 = 0x9E;
    private static final int READ_CAPACITY_16 = 0x10;

    private ProbeCommands() {}

    /// Standard INQUIRY data.
    ///
    /// @param allocationBytes 0..65535
    static byte[] inquiry(int allocationBytes) {
        byte[] cdb = cdb(6, INQUIRY);
        cdb[3] = (byte) (allocationBytes >>> 8);
        cdb[4] = (byte) allocationBytes;
        return cdb;
    }

    static byte[] testUnitReady() {
        return cdb(6, 0);
    }

    /// The units that this nexus can reach, well-known ones not among them.
    static byte[] reportLuns(int allocationBytes) {
        byte[] cdb = cdb(12, REPORT_LUNS);
        putInt(cdb, 6, allocationBytes);
        return cdb;
    }

    /// All mode pages.
    ///
    /// @param allocationBytes 0..255; 4 bytes are the header, which says whether the medium is write protected
    static byte[] modeSense6(int allocationBytes) {
        byte[] cdb = cdb(6, MODE_SENSE_6);
        cdb[2] = ALL_PAGES;
        cdb[4] = (byte) allocationBytes;
        return cdb;
    }

    static byte[] readCapacity10() {
        return cdb(10, READ_CAPACITY_10);
    }

    static byte[] readCapacity16(int allocationBytes) {
        byte[] cdb = cdb(16, SERVICE_ACTION_IN_16);
        cdb[1] = READ_CAPACITY_16;
        putInt(cdb, 10, allocationBytes);
        return cdb;
    }

    private static byte[] cdb(int lengthBytes, int operationCode) {
        byte[] cdb = new byte[lengthBytes];
        cdb[0] = (byte) operationCode;
        return cdb;
    }

    private static void putInt(byte[] cdb, int offset, int value) {
        for (int i = 0; i < 4; i++) {
            cdb[offset + i] = (byte) (value >>> 24 - 8 * i);
        }
    }
}
