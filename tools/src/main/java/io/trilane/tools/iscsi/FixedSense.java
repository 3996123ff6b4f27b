package io.trilane.tools.iscsi;

/// Sense data of the front end's own, fixed format (SPC-5 4.4.3), without information.
final class FixedSense {
    static final int LENGTH = 18;

    private static final int CURRENT = 0x70;
    private static final int SENSE_KEY = 2;
    private static final int ADDITIONAL_LENGTH = 7;
    private static final int ADDITIONAL_SENSE_CODE = 12;

    private FixedSense() {}

    /// Fills the bytes at `at`, which are zero.
    static void put(PduWriter writer, int at, int senseKey, int additionalSense) {
        writer.putByte(at, CURRENT);
        writer.putByte(at + SENSE_KEY, senseKey);
        writer.putByte(at + ADDITIONAL_LENGTH, LENGTH - ADDITIONAL_LENGTH - 1);
        writer.putShort(at + ADDITIONAL_SENSE_CODE, additionalSense);
    }
}
