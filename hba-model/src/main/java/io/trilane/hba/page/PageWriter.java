package io.trilane.hba.page;

import io.trilane.engine.task.Extents;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Writes parameter data field by field, in the order of the standard, big-endian; fills length fields in afterwards;
/// and is the only place that truncates. One per target, touched by the hardware agent only.
public final class PageWriter {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT_BE =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT_BE = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG_BE = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final MemorySegment memory;
    private int position;

    /// @param capacityBytes the longest parameter data that will ever be written
    public PageWriter(int capacityBytes) {
        memory = MemorySegment.ofArray(new byte[capacityBytes]);
    }

    /// Starts anew.
    public PageWriter begin() {
        position = 0;
        return this;
    }

    /// Bytes written so far; also where the next field goes.
    public int position() {
        return position;
    }

    public PageWriter u8(int value) {
        memory.set(BYTE, advance(1), (byte) value);
        return this;
    }

    public PageWriter u16(int value) {
        memory.set(SHORT_BE, advance(2), (short) value);
        return this;
    }

    public PageWriter u24(int value) {
        return u8(value >>> 16).u16(value);
    }

    public PageWriter u32(long value) {
        memory.set(INT_BE, advance(4), (int) value);
        return this;
    }

    public PageWriter u64(long value) {
        memory.set(LONG_BE, advance(8), value);
        return this;
    }

    /// Reserved or unsupported bytes.
    public PageWriter zeros(int count) {
        memory.asSlice(advance(count), count).fill((byte) 0);
        return this;
    }

    /// Left-aligned ASCII, filled up with spaces to `width` (SPC-5 4.3.1).
    public PageWriter ascii(String text, int width) {
        for (int i = 0; i < width; i++) {
            u8(i < text.length() ? text.charAt(i) : ' ');
        }
        return this;
    }

    public PageWriter bytes(byte[] source) {
        MemorySegment.copy(source, 0, memory, BYTE, advance(source.length), source.length);
        return this;
    }

    /// Writes sense data here; `sense` says how long it is.
    public PageWriter sense(SenseData sense, boolean descriptorFormat) {
        position += sense.writeTo(memory, position, descriptorFormat);
        return this;
    }

    /// Sets the one-byte length field at `field` to the number of bytes that follow it.
    public void fillLength8(int field) {
        memory.set(BYTE, field, (byte) (position - field - 1));
    }

    /// Sets the two-byte length field at `field` to the number of bytes that follow it.
    public void fillLength16(int field) {
        memory.set(SHORT_BE, field, (short) (position - field - 2));
    }

    /// Sets the four-byte length field at `field` to the number of bytes written from `from` on.
    public void fillLength32(int field, int from) {
        memory.set(INT_BE, field, position - from);
    }

    /// What the command transfers: no more than the CDB's ALLOCATION LENGTH (SPC-5 4.2.5.6).
    public long allocated(long allocationLength) {
        return Math.min(position, allocationLength);
    }

    /// Copies the first `lengthBytes` bytes into a task's data.
    public void deliver(Extents extents, long lengthBytes) {
        long copied = extents.scatter(memory, 0, 0, lengthBytes);
        assert copied == lengthBytes : copied + " of " + lengthBytes;
    }

    /// Copies what was written, up to `lengthBytes` bytes, into a task's data from byte `dataOffset` on.
    public void deliverAt(Extents extents, long dataOffset, long lengthBytes) {
        long wanted = Math.min(position, Math.max(lengthBytes, 0));
        long copied = extents.scatter(memory, 0, dataOffset, wanted);
        assert copied == wanted : copied + " of " + wanted;
    }

    /// A copy of what was written, for pages that never change.
    public byte[] toBytes() {
        return memory.asSlice(0, position).toArray(BYTE);
    }

    private int advance(int count) {
        int at = position;
        position += count;
        return at;
    }
}
