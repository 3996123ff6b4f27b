package io.trilane.tools.frontend;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The statistics file of a server: a header, then records of one size. The numbers of a record have one writer at a time,
/// which adds without a locked instruction; readers in other processes see each number whole, in no particular order.
///
/// ```text
/// header     0 magic i64   8 version i32  12 records i32  16 pid i64  24 started (ms since 1970) i64  32 changes i64
///           40 used i32 (records from there on were never taken)
/// record     0 state i32   4 lun i32       8 nexus i32    12 nameLength i32  16 name u8[240] (UTF-8)
///          256 depth i64 264 refusals i64 272 errors i64[20]
///          432 per kind (read, write, other): commands i64, bytes i64, latency i64[232]
/// ```
///
/// `changes` is odd while records are taken or given back: a reader that met an odd or another number looks again.
/// Numbers are in the host's byte order.
final class StatisticsLayout {
    static final long MAGIC = 0x5452494C4E455855L;
    static final int VERSION = 1;
    static final int HEADER_BYTES = 64;

    static final int STATE = 0;
    static final int LUN = STATE + 4;
    static final int NEXUS = LUN + 4;
    static final int NAME_LENGTH = NEXUS + 4;
    static final int NAME = NAME_LENGTH + 4;
    static final int NAME_BYTES = 240;
    static final int DEPTH = NAME + NAME_BYTES;
    static final int REFUSALS = DEPTH + 8;
    static final int ERRORS = REFUSALS + 8;
    static final int ERROR_CLASSES = 20;
    static final int KINDS = ERRORS + 8 * ERROR_CLASSES;
    static final int COMMANDS = 0;
    static final int BYTES = COMMANDS + 8;
    static final int LATENCY = BYTES + 8;
    static final int KIND_BYTES = LATENCY + 8 * LatencyBuckets.COUNT;
    static final int RECORD_BYTES = KINDS + IoKind.values().length * KIND_BYTES;

    /// States of a record.
    static final int FREE = 0;
    /// A logical unit, with what the nexuses that are gone did to it.
    static final int UNIT = 1;
    /// A nexus and a logical unit.
    static final int OPEN_NEXUS = 2;

    private static final int MAGIC_AT = 0;
    private static final int VERSION_AT = 8;
    private static final int RECORDS_AT = 12;
    private static final int PID_AT = 16;
    private static final int STARTED_AT = 24;
    private static final int CHANGES_AT = 32;
    private static final int USED_AT = 40;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final VarHandle LONG_HANDLE = LONG.varHandle();

    private StatisticsLayout() {}

    static long fileBytes(int records) {
        return record(records);
    }

    /// Where a record starts.
    static long record(int index) {
        return HEADER_BYTES + (long) index * RECORD_BYTES;
    }

    static int kind(IoKind kind) {
        return KINDS + kind.ordinal() * KIND_BYTES;
    }

    static void writeHeader(MemorySegment file, int records, long pid, long startedMillis) {
        file.set(INT, VERSION_AT, VERSION);
        file.set(INT, RECORDS_AT, records);
        file.set(LONG, PID_AT, pid);
        file.set(LONG, STARTED_AT, startedMillis);
        LONG_HANDLE.setRelease(file, (long) MAGIC_AT, MAGIC);
    }

    static boolean isValid(MemorySegment file) {
        return file.byteSize() >= HEADER_BYTES && (long) LONG_HANDLE.getAcquire(file, (long) MAGIC_AT) == MAGIC
                && file.get(INT, VERSION_AT) == VERSION && records(file) >= 0
                && file.byteSize() >= fileBytes(records(file));
    }

    static int records(MemorySegment file) {
        return file.get(INT, RECORDS_AT);
    }

    static long pid(MemorySegment file) {
        return file.get(LONG, PID_AT);
    }

    static long startedMillis(MemorySegment file) {
        return file.get(LONG, STARTED_AT);
    }

    static long changes(MemorySegment file) {
        return (long) LONG_HANDLE.getVolatile(file, (long) CHANGES_AT);
    }

    static void setChanges(MemorySegment file, long changes) {
        LONG_HANDLE.setVolatile(file, (long) CHANGES_AT, changes);
    }

    /// Records behind these were never taken. Looking at them would make the memory file system give them room.
    static int used(MemorySegment file) {
        return file.get(INT, USED_AT);
    }

    static void setUsed(MemorySegment file, int records) {
        file.set(INT, USED_AT, records);
    }

    static int getInt(MemorySegment file, long at) {
        return file.get(INT, at);
    }

    static void setInt(MemorySegment file, long at, int value) {
        file.set(INT, at, value);
    }

    static long get(MemorySegment file, long at) {
        return (long) LONG_HANDLE.getAcquire(file, at);
    }

    /// By the record's only writer.
    static void add(MemorySegment file, long at, long amount) {
        LONG_HANDLE.setRelease(file, at, file.get(LONG, at) + amount);
    }

    static void setName(MemorySegment file, long record, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, NAME_BYTES);
        MemorySegment.copy(bytes, 0, file, ValueLayout.JAVA_BYTE, record + NAME, length);
        setInt(file, record + NAME_LENGTH, length);
    }

    static String name(MemorySegment file, long record) {
        int length = Math.clamp(getInt(file, record + NAME_LENGTH), 0, NAME_BYTES);
        byte[] bytes = new byte[length];
        MemorySegment.copy(file, ValueLayout.JAVA_BYTE, record + NAME, bytes, 0, length);
        return new String(Arrays.copyOf(bytes, length), StandardCharsets.UTF_8);
    }
}
