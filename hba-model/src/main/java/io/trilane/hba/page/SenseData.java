package io.trilane.hba.page;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The only encoder of sense data (SPC-5 4.4), in fixed and in descriptor format. Reused: `begin`, details, `writeTo`.
/// Touched by the hardware agent only.
///
/// ```text
/// fixed 18 B        0 VALID|70h/71h  2 key  3 INFORMATION u32  7 length  12 ASC  13 ASCQ  15 sense key specific (3)
/// descriptor 8+ B   0 72h/73h  1 key  2 ASC  3 ASCQ  7 length
///   information     0 00h  1 0Ah  2 VALID  4 INFORMATION u64
///   key specific    0 02h  1 06h  4 sense key specific (3)
/// ```
public final class SenseData {
    /// A field pointer's byte number is in bits 0..15, its bit number in 16..18.
    public static final int BIT_SHIFT = 16;
    /// The bit number of a field pointer is valid.
    public static final int BIT_VALID = 1 << 19;
    /// A field pointer points into the parameter list, not into the CDB.
    public static final int IN_PARAMETER_LIST = 1 << 20;

    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT_BE =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT_BE = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG_BE = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final int FIXED_BYTES = 18;
    private static final int DESCRIPTOR_HEADER_BYTES = 8;
    private static final int INFORMATION_BYTES = 12;
    private static final int KEY_SPECIFIC_BYTES = 8;

    private int senseKey;
    private int additionalSenseCode;
    private int qualifier;
    private boolean deferred;
    private boolean hasInformation;
    private long information;
    private boolean hasFieldPointer;
    private int fieldPointer;

    /// Starts sense data for a current error without details.
    public SenseData begin(int newSenseKey, int newAdditionalSenseCode, int newQualifier) {
        senseKey = newSenseKey;
        additionalSenseCode = newAdditionalSenseCode;
        qualifier = newQualifier;
        deferred = false;
        hasInformation = false;
        hasFieldPointer = false;
        return this;
    }

    /// The error belongs to an earlier command (SPC-5 4.4.8).
    public SenseData deferred() {
        deferred = true;
        return this;
    }

    public SenseData information(long value) {
        hasInformation = true;
        information = value;
        return this;
    }

    /// @param packed byte number, bit number and flags as in [#BIT_SHIFT], [#BIT_VALID], [#IN_PARAMETER_LIST]
    public SenseData fieldPointer(int packed) {
        hasFieldPointer = true;
        fieldPointer = packed;
        return this;
    }

    /// Writes at `offset` and returns the length in bytes.
    public int writeTo(MemorySegment target, long offset, boolean descriptorFormat) {
        return descriptorFormat ? writeDescriptors(target, offset) : writeFixed(target, offset);
    }

    /// SPC-5 4.4.3. INFORMATION that needs more than 32 bits cannot be said: VALID stays 0.
    private int writeFixed(MemorySegment target, long offset) {
        clear(target, offset, FIXED_BYTES);
        boolean valid = hasInformation && information >>> 32 == 0;
        put(target, offset, (valid ? 0x80 : 0) | (deferred ? 0x71 : 0x70));
        put(target, offset + 2, senseKey);
        if (valid) {
            target.set(INT_BE, offset + 3, (int) information);
        }
        put(target, offset + 7, FIXED_BYTES - 8);
        put(target, offset + 12, additionalSenseCode);
        put(target, offset + 13, qualifier);
        if (hasFieldPointer) {
            writeFieldPointer(target, offset + 15);
        }
        return FIXED_BYTES;
    }

    /// SPC-5 4.4.2.
    private int writeDescriptors(MemorySegment target, long offset) {
        int length = DESCRIPTOR_HEADER_BYTES;
        clear(target, offset, DESCRIPTOR_HEADER_BYTES + INFORMATION_BYTES + KEY_SPECIFIC_BYTES);
        put(target, offset, deferred ? 0x73 : 0x72);
        put(target, offset + 1, senseKey);
        put(target, offset + 2, additionalSenseCode);
        put(target, offset + 3, qualifier);
        if (hasInformation) {
            put(target, offset + length, 0x00);
            put(target, offset + length + 1, INFORMATION_BYTES - 2);
            put(target, offset + length + 2, 0x80);
            target.set(LONG_BE, offset + length + 4, information);
            length += INFORMATION_BYTES;
        }
        if (hasFieldPointer) {
            put(target, offset + length, 0x02);
            put(target, offset + length + 1, KEY_SPECIFIC_BYTES - 2);
            writeFieldPointer(target, offset + length + 4);
            length += KEY_SPECIFIC_BYTES;
        }
        put(target, offset + 7, length - DESCRIPTOR_HEADER_BYTES);
        return length;
    }

    /// SPC-5 4.4.2.4.2: SKSV, C/D, BPV and BIT POINTER, then FIELD POINTER.
    private void writeFieldPointer(MemorySegment target, long offset) {
        int commandData = (fieldPointer & IN_PARAMETER_LIST) == 0 ? 0x40 : 0;
        int bit = (fieldPointer & BIT_VALID) == 0 ? 0 : 0x08 | fieldPointer >>> BIT_SHIFT & 0x7;
        put(target, offset, 0x80 | commandData | bit);
        target.set(SHORT_BE, offset + 1, (short) fieldPointer);
    }

    /// Byte by byte: a slice would be an allocation.
    private static void clear(MemorySegment target, long offset, int count) {
        for (int i = 0; i < count; i++) {
            put(target, offset + i, 0);
        }
    }

    private static void put(MemorySegment target, long offset, int value) {
        target.set(BYTE, offset, (byte) value);
    }
}
