package io.trilane.engine;

import io.trilane.engine.task.Task;
import java.util.Locale;

/// Why a command ended in CHECK CONDITION, in fixed or descriptor format (SPC-5 4.4).
///
/// @param isDeferred it belongs to an earlier command; the one that was told was not executed (SPC-5 4.4.8)
/// @param senseKey   sense key, or [#NO_DATA]
/// @param code       additional sense code, 0 when not told
/// @param qualifier  additional sense code qualifier, 0 when not told
record SenseBytes(boolean isDeferred, int senseKey, int code, int qualifier) {
    /// In place of a sense key.
    static final int NO_DATA = -1;
    static final int NO_SENSE = 0x0;
    static final int RECOVERED_ERROR = 0x1;
    static final int NOT_READY = 0x2;
    static final int ILLEGAL_REQUEST = 0x5;
    static final int UNIT_ATTENTION = 0x6;
    static final int ABORTED_COMMAND = 0xB;

    /// No sense data, or nothing that can be read.
    static final SenseBytes NONE = new SenseBytes(false, NO_DATA, 0, 0);

    private static final int BECOMING_READY = 0x04;
    private static final int LOGICAL_UNIT_NOT_SUPPORTED = 0x25;
    private static final int MEDIUM_NOT_PRESENT = 0x3A;

    /// Reads a finished task's sense data, whatever it is. The task is the caller's.
    static SenseBytes of(Task task) {
        return switch (byteAt(task, 0) & 0x7F) {
            case 0x70 -> fixed(task, false);
            case 0x71 -> fixed(task, true);
            case 0x72 -> descriptors(task, false);
            case 0x73 -> descriptors(task, true);
            default -> NONE;
        };
    }

    /// NOT READY, and waiting may help.
    boolean isBecomingReady() {
        return senseKey == NOT_READY && code == BECOMING_READY;
    }

    /// NOT READY, and only a person can help.
    boolean isWithoutMedium() {
        return senseKey == NOT_READY && code == MEDIUM_NOT_PRESENT;
    }

    boolean isWithoutUnit() {
        return senseKey == ILLEGAL_REQUEST && code == LOGICAL_UNIT_NOT_SUPPORTED;
    }

    /// The command has done its work.
    boolean isHarmless() {
        return !isDeferred && (senseKey == NO_SENSE || senseKey == RECOVERED_ERROR);
    }

    /// The condition is over once it was told: the same command may succeed.
    boolean isToldOnce() {
        return isDeferred || senseKey == UNIT_ATTENTION || senseKey == ABORTED_COMMAND || senseKey == NO_DATA;
    }

    /// Key, code and qualifier as standards print them.
    @Override
    public String toString() {
        return senseKey == NO_DATA ? "none" : String.format(Locale.ROOT, "%X/%02X/%02X", senseKey, code, qualifier);
    }

    private static SenseBytes fixed(Task task, boolean isDeferred) {
        return new SenseBytes(isDeferred, keyAt(task, 2), byteAt(task, 12), byteAt(task, 13));
    }

    private static SenseBytes descriptors(Task task, boolean isDeferred) {
        return new SenseBytes(isDeferred, keyAt(task, 1), byteAt(task, 2), byteAt(task, 3));
    }

    private static int keyAt(Task task, int index) {
        return index < task.senseLength() ? task.senseByte(index) & 0x0F : NO_DATA;
    }

    private static int byteAt(Task task, int index) {
        return index < task.senseLength() ? task.senseByte(index) & 0xFF : 0;
    }
}
