package io.trilane.engine;

import io.trilane.engine.controller.ParallelFeature;
import java.util.EnumSet;
import java.util.Set;

/// Standard INQUIRY data (SPC-5 6.6.2), as many bytes of it as a device sent: what is missing is unknown, never an error.
///
/// ```text
///  0 qualifier(3) type(5)   4 ADDITIONAL LENGTH   7 .. WBUS16(5) SYNC(4) ..   8 vendor(8)   16 product(16)
/// 32 revision(4)           56 .. CLOCKING(3..2) QAS(1) IUS(0)
/// ```
final class InquiryData {
    /// The bytes that every device has.
    static final int STANDARD_BYTES = 36;
    /// Bytes beyond say nothing that a probe wants.
    static final int LONGEST_BYTES = 96;
    /// Unknown or no device type.
    static final int UNKNOWN_TYPE = 0x1F;
    static final int DIRECT_ACCESS = 0x00;

    private final byte[] bytes;

    /// @param bytes what the device sent, owned by the new object
    InquiryData(byte[] bytes) {
        this.bytes = bytes;
    }

    /// How many bytes the device says there are, at most [#LONGEST_BYTES].
    int totalBytes() {
        return bytes.length > 4 ? Math.min(LONGEST_BYTES, u8(4) + 5) : bytes.length;
    }

    int receivedBytes() {
        return bytes.length;
    }

    /// False when the qualifier says that no device is, or can be, behind this logical unit.
    boolean hasUnit() {
        return u8(0) >>> 5 == 0;
    }

    /// Peripheral device type.
    int deviceType() {
        return bytes.length == 0 ? UNKNOWN_TYPE : u8(0) & 0x1F;
    }

    String vendor() {
        return text(8, 8);
    }

    String product() {
        return text(16, 16);
    }

    String revision() {
        return text(32, 4);
    }

    /// The parallel features that the device has. CLOCKING 01b and 11b mean double transition (SPC-2 and later).
    Set<ParallelFeature> features() {
        Set<ParallelFeature> features = EnumSet.noneOf(ParallelFeature.class);
        addIf(features, 7, 0x20, ParallelFeature.WIDE_DATA_TRANSFER);
        addIf(features, 7, 0x10, ParallelFeature.SYNCHRONOUS_DATA_TRANSFER);
        addIf(features, 56, 0x04, ParallelFeature.DOUBLE_TRANSITION);
        addIf(features, 56, 0x02, ParallelFeature.QUICK_ARBITRATION_AND_SELECTION);
        addIf(features, 56, 0x01, ParallelFeature.INFORMATION_UNIT_TRANSFER);
        return features;
    }

    private void addIf(Set<ParallelFeature> features, int index, int bit, ParallelFeature feature) {
        if ((u8(index) & bit) != 0) {
            features.add(feature);
        }
    }

    private int u8(int index) {
        return index < bytes.length ? bytes[index] & 0xFF : 0;
    }

    /// ASCII without trailing spaces; what is not printable, as devices pad with, is a space.
    private String text(int from, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < Math.min(from + length, bytes.length); i++) {
            text.append(bytes[i] >= 0x20 && bytes[i] < 0x7F ? (char) bytes[i] : ' ');
        }
        return text.toString().stripTrailing();
    }
}
