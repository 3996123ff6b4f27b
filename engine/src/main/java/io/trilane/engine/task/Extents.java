package io.trilane.engine.task;

import java.lang.foreign.MemorySegment;

/// A task's data as a short list of pieces of memory, read in order. Belongs to whoever owns the task.
///
/// ```java
/// for (int i = 0; i < extents.count(); i++) {
///     MemorySegment.copy(image, at, extents.segment(i), extents.offset(i), extents.length(i));
///     at += extents.length(i);
/// }
/// ```
@HotPath
public final class Extents {
    /// No data at all, for operations that move none.
    public static final Extents NONE = none();

    private final MemorySegment extensions;
    private final long base;
    private final DmaSpace dmaSpace;
    /// Set by every change, so that a claim need not write what is there already.
    private boolean changed;

    Extents(MemorySegment extensions, long base, DmaSpace dmaSpace) {
        this.extensions = extensions;
        this.base = base;
        this.dmaSpace = dmaSpace;
    }

    private static Extents none() {
        MemorySegment empty = MemorySegment.ofArray(new long[TaskExtension.LENGTH / 8]).asReadOnly();
        return new Extents(empty, 0, new DmaSpace(MemorySegment.NULL));
    }

    /// Number of pieces, 0..[TaskExtension#MAX_EXTENTS].
    public int count() {
        return CommandLayout.getInt(extensions, base, TaskExtension.EXTENT_COUNT);
    }

    /// The region that holds piece `index`.
    public MemorySegment segment(int index) {
        return dmaSpace.region(address(index));
    }

    /// Where piece `index` starts in [#segment], in bytes.
    public long offset(int index) {
        return DmaSpace.offset(address(index));
    }

    /// Length of piece `index` in bytes.
    public long length(int index) {
        return CommandLayout.getLong(extensions, base, lengthField(index));
    }

    /// Address of piece `index` in the DMA space.
    public long address(int index) {
        return CommandLayout.getLong(extensions, base, addressField(index));
    }

    /// Sum of all lengths, in bytes.
    public long totalLength() {
        long total = 0;
        for (int i = 0, n = count(); i < n; i++) {
            total += length(i);
        }
        return total;
    }

    /// Replaces the list by one piece.
    public void setSingle(long address, long length) {
        changed = true;
        CommandLayout.setInt(extensions, base, TaskExtension.EXTENT_COUNT, 1);
        CommandLayout.setLong(extensions, base, TaskExtension.EXTENTS, address);
        CommandLayout.setLong(extensions, base, TaskExtension.EXTENTS + 8, length);
    }

    public void clear() {
        changed = true;
        CommandLayout.setInt(extensions, base, TaskExtension.EXTENT_COUNT, 0);
    }

    /// Appends a piece; false when the list is full.
    public boolean add(long address, long length) {
        int index = count();
        if (index == TaskExtension.MAX_EXTENTS) {
            return false;
        }
        changed = true;
        CommandLayout.setLong(extensions, base, addressField(index), address);
        CommandLayout.setLong(extensions, base, lengthField(index), length);
        CommandLayout.setInt(extensions, base, TaskExtension.EXTENT_COUNT, index + 1);
        return true;
    }

    /// Whether the list was changed since the last call.
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    /// Copies from `source` into the data starting at byte `dataOffset`; returns the bytes that fitted.
    public long scatter(MemorySegment source, long sourceOffset, long dataOffset, long length) {
        return move(source, sourceOffset, dataOffset, length, true);
    }

    /// Copies from the data starting at byte `dataOffset` into `target`; returns the bytes that there were.
    public long gather(long dataOffset, MemorySegment target, long targetOffset, long length) {
        return move(target, targetOffset, dataOffset, length, false);
    }

    private long move(MemorySegment other, long otherOffset, long dataOffset, long length, boolean intoData) {
        long skip = dataOffset;
        long done = 0;
        for (int i = 0, n = count(); i < n && done < length; i++) {
            long available = length(i) - skip;
            if (available <= 0) {
                skip -= length(i);
                continue;
            }
            long piece = Math.min(available, length - done);
            long at = offset(i) + skip;
            if (intoData) {
                MemorySegment.copy(other, otherOffset + done, segment(i), at, piece);
            } else {
                MemorySegment.copy(segment(i), at, other, otherOffset + done, piece);
            }
            done += piece;
            skip = 0;
        }
        return done;
    }

    private static int addressField(int index) {
        return TaskExtension.EXTENTS + index * TaskExtension.EXTENT_BYTES;
    }

    private static int lengthField(int index) {
        return addressField(index) + 8;
    }
}
