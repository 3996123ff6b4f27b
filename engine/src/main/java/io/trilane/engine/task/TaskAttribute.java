package io.trilane.engine.task;

/// SAM-5 8.9 task attributes with the values of DriverKit's `SCSITaskAttribute`; the code is the ordinal.
public enum TaskAttribute {
    SIMPLE, ORDERED, HEAD_OF_QUEUE, ACA;

    private static final TaskAttribute[] VALUES = values();

    public int code() {
        return ordinal();
    }

    /// Reads a command slot's value; anything unknown is [#SIMPLE].
    public static TaskAttribute of(int code) {
        return code >= 0 && code < VALUES.length ? VALUES[code] : SIMPLE;
    }
}
