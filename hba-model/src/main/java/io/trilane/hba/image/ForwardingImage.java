package io.trilane.hba.image;

/// An image around another one that passes everything on; a decorator overrides `submit`. Belongs, with the image
/// inside, to that image's agent. Closing it closes the image inside.
abstract class ForwardingImage implements DiskImage {
    final DiskImage inner;

    ForwardingImage(DiskImage inner) {
        this.inner = inner;
    }

    @Override
    public void readAhead(long offset, long length) {
        inner.readAhead(offset, length);
    }

    @Override
    public void setListener(ImageListener listener) {
        inner.setListener(listener);
    }

    @Override
    public int pendingOperations() {
        return inner.pendingOperations();
    }

    @Override
    public boolean hasClock() {
        return inner.hasClock();
    }

    @Override
    public int advance(long nowNs) {
        return inner.advance(nowNs);
    }

    @Override
    public long nextNs() {
        return inner.nextNs();
    }

    @Override
    public int blockBytes() {
        return inner.blockBytes();
    }

    @Override
    public long capacityBlocks() {
        return inner.capacityBlocks();
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
    public void close() {
        inner.close();
    }
}
