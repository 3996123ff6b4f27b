package io.trilane.hba.page;

import java.nio.charset.StandardCharsets;

/// Who a logical unit says it is. Two units with the same serial number are taken for two paths to one disk.
///
/// @param vendor   T10 VENDOR IDENTIFICATION, 1..8 printable ASCII characters
/// @param product  PRODUCT IDENTIFICATION, 1..16 characters
/// @param revision PRODUCT REVISION LEVEL, 1..4 characters
/// @param serial   PRODUCT SERIAL NUMBER, 1..64 characters
public record UnitIdentity(String vendor, String product, String revision, String serial) {
    static final int VENDOR_BYTES = 8;
    static final int PRODUCT_BYTES = 16;
    static final int REVISION_BYTES = 4;
    static final int SERIAL_BYTES = 64;

    private static final long LOCALLY_ASSIGNED = 3L << 60;

    public UnitIdentity {
        check("vendor", vendor, VENDOR_BYTES);
        check("product", product, PRODUCT_BYTES);
        check("revision", revision, REVISION_BYTES);
        check("serial", serial, SERIAL_BYTES);
    }

    /// Trilane's own names with this serial number.
    public static UnitIdentity ofSerial(String serial) {
        return new UnitIdentity("TRILANE", "Virtual Disk", "0001", serial);
    }

    /// NAA 3h, locally assigned (SPC-5 7.7.6.6.4): 60 bits of FNV-1a over vendor and serial, the same on every run.
    long locallyAssignedName() {
        long hash = 0xCBF29CE484222325L;
        for (byte b : (vendor + '/' + serial).getBytes(StandardCharsets.US_ASCII)) {
            hash = (hash ^ b & 0xFF) * 0x100000001B3L;
        }
        // The top four bits go to the NAA; fold them in rather than lose them.
        return LOCALLY_ASSIGNED | (hash ^ hash >>> 60) & (1L << 60) - 1;
    }

    private static void check(String name, String value, int maxLength) {
        if (value.isEmpty() || value.length() > maxLength) {
            throw new IllegalArgumentException(name + "Length=" + value.length() + " not in 1.." + maxLength
                    + ", choose a " + name + " that fits its INQUIRY field");
        }
        if (value.chars().anyMatch(c -> c < 0x20 || c > 0x7E)) {
            throw new IllegalArgumentException(
                    name + "=\"" + value + "\" is not printable ASCII, use characters 20h to 7Eh");
        }
    }
}
