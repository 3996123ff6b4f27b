package io.trilane.hba.image;

import io.trilane.engine.task.Extents;

/// Memory with no file behind it, owned by its only view: gone when that is closed.
final class AnonymousMapping implements Mapping {
    private final long address;
    private final long sizeBytes;
    private final int blockBytes;

    AnonymousMapping(long sizeBytes, int blockBytes) {
        this.sizeBytes = sizeBytes;
        this.blockBytes = blockBytes;
        this.address = NativeCalls.mapAnonymous(sizeBytes);
        if (address < 0) {
            throw new ImageException("image=" + name() + " > address space left (errno=" + -address
                    + "), choose a smaller size");
        }
    }

    @Override
    public long address() {
        return address;
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public int blockBytes() {
        return blockBytes;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public String name() {
        return "memory:" + ByteSize.format(sizeBytes);
    }

    @Override
    public boolean isScratch() {
        return true;
    }

    @Override
    public long flush(long offset, long length) {
        return ImageResult.DONE;
    }

    @Override
    public boolean isWhole() {
        return true;
    }

    @Override
    public boolean readAround(long offset, long length, Extents extents) {
        return false;
    }

    @Override
    public void release() {
        NativeCalls.unmap(address, sizeBytes);
    }
}
