package io.trilane.tools.frontend;

import io.trilane.engine.task.Task;

/// What a command does to the medium, for statistics: its bytes and its latency are counted with its kind.
public enum IoKind {
    READ,
    WRITE,
    /// No medium data, or data that is only compared: INQUIRY, SYNCHRONIZE CACHE, UNMAP, VERIFY.
    OTHER;

    /// The kind of a task's CDB.
    public static IoKind of(Task task) {
        return ofOperation(task.cdbByte(0));
    }

    /// READ(6/10/12/16), and every command that carries medium data to the unit: WRITE, WRITE AND VERIFY, WRITE SAME,
    /// COMPARE AND WRITE.
    public static IoKind ofOperation(int operationCode) {
        return switch (operationCode) {
            case 0x08, 0x28, 0x88, 0xA8 -> READ;
            case 0x0A, 0x2A, 0x8A, 0xAA, 0x2E, 0x8E, 0xAE, 0x41, 0x93, 0x89 -> WRITE;
            default -> OTHER;
        };
    }
}
