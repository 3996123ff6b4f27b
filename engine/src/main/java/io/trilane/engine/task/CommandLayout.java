package io.trilane.engine.task;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A command slot: the fields of DriverKit's `SCSIUserParallelTask` at the same offsets (`driverkit.md` 4.1). Numbers
/// are in host byte order, the CDB and the LUN are wire bytes (big-endian).
///
/// ```text
///   0 version u64            8 targetId u64         16 featureRequest u32[5]   40 featureRequestCount u64
///  48 controllerTaskId u64  56 transferCount u64    64 bufferIovmAddress u64   72 taskAttribute u32
///  80 taskTag u64           88 lun u8[8]            96 cdb u8[16]             112 cdbLength u8
/// 113 transferDirection u8 116 timeoutMillis u32   120 reserved u8[8]
/// ```
///
/// Written by the client that claimed the task, read-only from submission to completion.
@HotPath
public final class CommandLayout {
    public static final int VERSION = 0;
    public static final int TARGET_ID = VERSION + 8;
    public static final int FEATURE_REQUEST = TARGET_ID + 8;
    public static final int FEATURES = 5;
    public static final int FEATURE_REQUEST_COUNT = FEATURE_REQUEST + FEATURES * 4 + 4;
    public static final int CONTROLLER_TASK_ID = FEATURE_REQUEST_COUNT + 8;
    public static final int TRANSFER_COUNT = CONTROLLER_TASK_ID + 8;
    public static final int BUFFER_IOVM_ADDRESS = TRANSFER_COUNT + 8;
    public static final int TASK_ATTRIBUTE = BUFFER_IOVM_ADDRESS + 8;
    public static final int TASK_TAG = TASK_ATTRIBUTE + 4 + 4;
    public static final int LUN = TASK_TAG + 8;
    public static final int CDB = LUN + 8;
    public static final int CDB_BYTES = 16;
    public static final int CDB_LENGTH = CDB + CDB_BYTES;
    public static final int TRANSFER_DIRECTION = CDB_LENGTH + 1;
    public static final int TIMEOUT_MILLIS = TRANSFER_DIRECTION + 1 + 2;
    public static final int RESERVED = TIMEOUT_MILLIS + 4;
    /// Bytes of a slot.
    public static final int LENGTH = RESERVED + 8;

    /// The only version there is.
    public static final long VERSION_1 = 1;

    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    static final ValueLayout.OfLong LONG_BE = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    static final ValueLayout.OfShort SHORT_BE = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    private CommandLayout() {}

    public static long getLong(MemorySegment slots, long base, int field) {
        return slots.get(LONG, base + field);
    }

    public static void setLong(MemorySegment slots, long base, int field, long value) {
        slots.set(LONG, base + field, value);
    }

    public static int getInt(MemorySegment slots, long base, int field) {
        return slots.get(INT, base + field);
    }

    public static void setInt(MemorySegment slots, long base, int field, int value) {
        slots.set(INT, base + field, value);
    }

    /// Two neighbouring bytes, the first one in the more significant position.
    public static int getShort(MemorySegment slots, long base, int field) {
        return slots.get(SHORT_BE, base + field) & 0xFFFF;
    }

    public static void setShort(MemorySegment slots, long base, int field, int value) {
        slots.set(SHORT_BE, base + field, (short) value);
    }

    public static int getByte(MemorySegment slots, long base, int field) {
        return slots.get(BYTE, base + field) & 0xFF;
    }

    public static void setByte(MemorySegment slots, long base, int field, int value) {
        slots.set(BYTE, base + field, (byte) value);
    }

    /// Eight wire bytes, the first one in the most significant position.
    public static long getWire(MemorySegment slots, long base, int field) {
        return slots.get(LONG_BE, base + field);
    }

    public static void setWire(MemorySegment slots, long base, int field, long value) {
        slots.set(LONG_BE, base + field, value);
    }
}
