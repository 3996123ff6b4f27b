package io.trilane.hba.command;

import io.trilane.engine.task.Extents;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Reads fields, big-endian, of the data that a client sent, wherever they lie. Who reads has checked that the client
/// sent so much. One per [Command]; touched by the hardware agent only.
final class ParameterData {
    private static final ValueLayout.OfLong LONG_BE = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final MemorySegment field = MemorySegment.ofArray(new byte[Long.BYTES]);
    @SuppressWarnings("NullAway.Init")
    private Extents extents;

    ParameterData of(Extents newExtents) {
        extents = newExtents;
        return this;
    }

    int u16(long offset) {
        return (int) (u64(offset, 2) >>> 48);
    }

    long u32(long offset) {
        return u64(offset, 4) >>> 32;
    }

    long u64(long offset) {
        return u64(offset, Long.BYTES);
    }

    /// True when the first `length` bytes, a multiple of 8, are all zero.
    boolean isZero(long length) {
        for (long at = 0; at < length; at += Long.BYTES) {
            if (u64(at) != 0) {
                return false;
            }
        }
        return true;
    }

    /// The field in the most significant bytes; what follows it there means nothing.
    private long u64(long offset, int bytes) {
        long got = extents.gather(offset, field, 0, bytes);
        assert got == bytes : "offset=" + offset + " got=" + got + " of " + bytes;
        return field.get(LONG_BE, 0);
    }
}
