package io.trilane.hba.command;

import java.lang.foreign.MemorySegment;

/// The parameter data that an initiator sent with a command, copied out of the task. For commands outside the data path:
/// it is allocated anew for each.
final class ParameterList {
    private final byte[] bytes;

    private ParameterList(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Reads `length` bytes, which the client has to offer: see [#isComplete].
    static ParameterList of(Command command, int length) {
        byte[] bytes = new byte[length];
        long copied = command.task().extents().gather(0, MemorySegment.ofArray(bytes), 0, length);
        assert copied == length : copied + " of " + length;
        command.setTransferred(length, length);
        return new ParameterList(bytes);
    }

    /// True when the client offers as much data as the CDB says.
    static boolean isComplete(Command command, long length) {
        command.setTransferred(length, 0);
        return command.offeredBytes() >= length;
    }

    int length() {
        return bytes.length;
    }

    byte[] bytes() {
        return bytes;
    }

    int u8(int index) {
        return bytes[index] & 0xFF;
    }

    int u16(int index) {
        return u8(index) << 8 | u8(index + 1);
    }

    int u24(int index) {
        return u16(index) << 8 | u8(index + 2);
    }

    long u32(int index) {
        return (long) u16(index) << 16 | u16(index + 2);
    }

    long u64(int index) {
        return u32(index) << 32 | u32(index + 4);
    }
}
