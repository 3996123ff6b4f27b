package io.trilane.hba.image;

import io.trilane.engine.task.Extents;
import io.trilane.engine.task.HotPath;

/// `null:1g`: a disk that moves no byte, to measure everything but the copy. Writes are dropped, reads leave the buffer
/// as it was (its content means nothing), every comparison is equal, and nothing is a hole. Stateless; any number of agents.
@HotPath
public final class NullImage implements DiskImage {
    private final long sizeBytes;
    private final int blockBytes;

    /// @param sizeBytes a positive multiple of `blockBytes`
    public NullImage(long sizeBytes, int blockBytes) {
        ImageFile.requireBlockBytes(blockBytes);
        ImageFile.requireWholeBlocks(sizeBytes, blockBytes);
        this.sizeBytes = sizeBytes;
        this.blockBytes = blockBytes;
    }

    @Override
    public long submit(Operation operation, long offset, long length, Extents extents, long token) {
        assert offset >= 0 && length >= 0 && offset <= sizeBytes - length : "offset=" + offset + " length=" + length;
        return operation == Operation.SEEK_DATA && length != 0 ? 0 : ImageResult.DONE;
    }

    @Override
    public int blockBytes() {
        return blockBytes;
    }

    @Override
    public long capacityBlocks() {
        return sizeBytes / blockBytes;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public String name() {
        return "null:" + ByteSize.format(sizeBytes);
    }

    @Override
    public void close() {}
}
