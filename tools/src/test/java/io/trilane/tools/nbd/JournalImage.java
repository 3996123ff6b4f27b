package io.trilane.tools.nbd;

import io.trilane.engine.task.Extents;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageResult;
import java.util.BitSet;

/// Remembers which bytes were changed and not made durable since, and can fail for a range. Any thread.
public final class JournalImage implements DiskImage {
    private final DiskImage inside;
    private final BitSet volatileBytes = new BitSet();
    private long failingOffset = -1;

    public JournalImage(DiskImage inside) {
        this.inside = inside;
    }

    /// Reads and writes that touch this byte fail from here on.
    public synchronized void failAt(long offset) {
        failingOffset = offset;
    }

    /// Bytes that a loss of power would undo.
    public synchronized int volatileBytes() {
        return volatileBytes.cardinality();
    }

    @Override
    public synchronized long submit(Operation operation, long offset, long length, Extents extents, long token) {
        if (offset <= failingOffset && failingOffset < offset + length && operation != Operation.FLUSH) {
            return ImageResult.MEDIUM_ERROR;
        }
        long result = inside.submit(operation, offset, length, extents, token);
        if (operation.changesMedium()) {
            volatileBytes.set((int) offset, (int) (offset + length));
        } else if (operation == Operation.FLUSH) {
            volatileBytes.clear((int) offset, (int) (offset + length));
        }
        return result;
    }

    @Override
    public void readAhead(long offset, long length) {
        inside.readAhead(offset, length);
    }

    @Override
    public int blockBytes() {
        return inside.blockBytes();
    }

    @Override
    public long capacityBlocks() {
        return inside.capacityBlocks();
    }

    @Override
    public boolean isReadOnly() {
        return inside.isReadOnly();
    }

    @Override
    public String name() {
        return inside.name();
    }

    @Override
    public void close() {
        inside.close();
    }
}
