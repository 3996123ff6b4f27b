package io.trilane.engine;

import java.nio.ByteBuffer;

/// The answer of READ CAPACITY.
///
/// @param blockBytes length of a logical block, 0 when unknown
/// @param blocks     number of logical blocks, 0 when unknown
record CapacityData(int blockBytes, long blocks) {
    static final CapacityData UNKNOWN = new CapacityData(0, 0);
    /// Length of the answer to READ CAPACITY(10), in bytes.
    static final int TEN_BYTES = 8;
    /// Length of the answer to READ CAPACITY(16), in bytes.
    static final int SIXTEEN_BYTES = 32;

    private static final int SIXTEEN_READ_BYTES = 12;
    private static final long BEYOND_TEN = 0xFFFF_FFFFL;

    /// Reads RETURNED LOGICAL BLOCK ADDRESS u32 and LOGICAL BLOCK LENGTH u32 (SBC-4 5.20.2).
    static CapacityData ofTen(byte[] answer) {
        if (answer.length < TEN_BYTES) {
            return UNKNOWN;
        }
        ByteBuffer bytes = ByteBuffer.wrap(answer);
        return of(Integer.toUnsignedLong(bytes.getInt(0)), bytes.getInt(4));
    }

    /// True when the answer sends the client to READ CAPACITY(16).
    static boolean isBeyondTen(byte[] answer) {
        return answer.length >= TEN_BYTES && ByteBuffer.wrap(answer).getInt(0) == (int) BEYOND_TEN;
    }

    /// Reads RETURNED LOGICAL BLOCK ADDRESS u64 and LOGICAL BLOCK LENGTH u32 (SBC-4 5.21.2).
    static CapacityData ofSixteen(byte[] answer) {
        if (answer.length < SIXTEEN_READ_BYTES) {
            return UNKNOWN;
        }
        ByteBuffer bytes = ByteBuffer.wrap(answer);
        return of(bytes.getLong(0), bytes.getInt(8));
    }

    /// A medium whose bytes cannot be counted does not exist.
    private static CapacityData of(long lastAddress, int blockBytes) {
        boolean isAbsurd = blockBytes < 1 || lastAddress < 0 || lastAddress >= Long.MAX_VALUE / blockBytes;
        return isAbsurd ? UNKNOWN : new CapacityData(blockBytes, lastAddress + 1);
    }
}
