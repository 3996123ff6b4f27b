package io.trilane.hba.image;

import io.trilane.engine.task.Extents;
import java.lang.foreign.MemorySegment;

/// Memory with no file behind it, owned by its only view: gone when that is closed. Which of its pages were never
/// touched cannot be asked: to whoever looks for holes it has none.
final class AnonymousMapping implements Mapping {
    /// The smallest page there is; with larger ones the kernel refuses a range that is not made of them.
    private static final int PAGE_BYTES = 4096;

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
    public boolean isReadable(long offset, long length) {
        return false;
    }

    /// The pages that lie wholly inside are given back, what is left at the ends is zeroed.
    @Override
    public boolean punch(long offset, long length) {
        long end = offset + length;
        long firstPage = Math.ceilDiv(offset, PAGE_BYTES) * PAGE_BYTES;
        long pagesEnd = end / PAGE_BYTES * PAGE_BYTES;
        if (firstPage >= pagesEnd
                || NativeCalls.advise(address + firstPage, pagesEnd - firstPage, NativeCalls.MADV_DONTNEED) < 0) {
            return false;
        }
        zero(offset, firstPage);
        zero(pagesEnd, end);
        return true;
    }

    @SuppressWarnings("restricted")
    private void zero(long from, long end) {
        MemorySegment.ofAddress(address + from).reinterpret(end - from).fill((byte) 0);
    }

    @Override
    public long seekData(long offset) {
        return offset;
    }

    @Override
    public long seekHole(long offset) {
        return Long.MAX_VALUE;
    }

    @Override
    public void release() {
        NativeCalls.unmap(address, sizeBytes);
    }
}
