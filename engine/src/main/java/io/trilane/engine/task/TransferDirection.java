package io.trilane.engine.task;

/// Direction of a task's data, seen from the initiator, with DriverKit's values (`driverkit.md` 4.1, offset 113).
public enum TransferDirection {
    NONE, TO_TARGET, FROM_TARGET;

    private static final TransferDirection[] VALUES = values();

    public int code() {
        return ordinal();
    }

    /// Reads a command slot's value; anything unknown is [#NONE].
    public static TransferDirection of(int code) {
        return code >= 0 && code < VALUES.length ? VALUES[code] : NONE;
    }
}
