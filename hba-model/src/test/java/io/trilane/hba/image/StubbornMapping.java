package io.trilane.hba.image;

import io.trilane.engine.task.Extents;

/// A mapping that gives nothing back.
record StubbornMapping(Mapping inner) implements Mapping {
    @Override
    public boolean punch(long offset, long length) {
        return false;
    }

    @Override
    public long address() {
        return inner.address();
    }

    @Override
    public long sizeBytes() {
        return inner.sizeBytes();
    }

    @Override
    public int blockBytes() {
        return inner.blockBytes();
    }

    @Override
    public boolean isReadOnly() {
        return inner.isReadOnly();
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public boolean isScratch() {
        return inner.isScratch();
    }

    @Override
    public long flush(long offset, long length) {
        return inner.flush(offset, length);
    }

    @Override
    public boolean isWhole() {
        return inner.isWhole();
    }

    @Override
    public boolean readAround(long offset, long length, Extents extents) {
        return inner.readAround(offset, length, extents);
    }

    @Override
    public boolean isReadable(long offset, long length) {
        return inner.isReadable(offset, length);
    }

    @Override
    public long seekData(long offset) {
        return inner.seekData(offset);
    }

    @Override
    public long seekHole(long offset) {
        return inner.seekHole(offset);
    }

    @Override
    public void release() {
        inner.release();
    }
}
