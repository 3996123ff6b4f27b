package io.trilane.hba.image;

import io.trilane.engine.task.Extents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicBoolean;

/// One mapped and locked file, shared by all views that an [ImageRegistry] gave out. The registry owns it and counts
/// its views; the agents of several engines read it.
final class FileMapping implements Mapping {
    /// Writes a range of a mapped file to the device. A seam: tests make it fail.
    interface Forcer {
        void force(MemorySegment mapped, long offset, long length);
    }

    private static final int MAX_READ_BYTES = 1 << 30;
    private static final int CHECK_BYTES = 1 << 20;

    private final ImageRegistry registry;
    private final ImageFile file;
    private final ImageLock lock;
    private final FileChannel channel;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment mapped;
    private final boolean readOnly;
    private final boolean scratch;
    private final Forcer forcer;
    /// The kernel reports a failed write-back once and then forgets it; we do not.
    private final AtomicBoolean flushFailed = new AtomicBoolean();
    /// Guarded by the registry.
    private int views;

    /// Takes over lock and channel, also when it fails.
    FileMapping(ImageRegistry registry, ImageFile file, ImageLock lock, FileChannel channel, OpenMode mode)
            throws IOException {
        this.registry = registry;
        this.file = file;
        this.lock = lock;
        this.channel = channel;
        this.readOnly = mode.readOnly();
        this.scratch = mode.scratch();
        this.forcer = mode.forcer();
        try {
            this.mapped = channel.map(readOnly ? FileChannel.MapMode.READ_ONLY : FileChannel.MapMode.READ_WRITE, 0,
                    file.capacityBlocks() * file.blockBytes(), arena);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /// How a file is opened, and by what it is made durable.
    record OpenMode(boolean readOnly, boolean scratch, Forcer forcer) {}

    ImageFile file() {
        return file;
    }

    @Override
    public long address() {
        return mapped.address();
    }

    @Override
    public long sizeBytes() {
        return mapped.byteSize();
    }

    @Override
    public int blockBytes() {
        return file.blockBytes();
    }

    @Override
    public boolean isReadOnly() {
        return readOnly;
    }

    @Override
    public String name() {
        return file.path().toString();
    }

    @Override
    public boolean isScratch() {
        return scratch;
    }

    @Override
    public long flush(long offset, long length) {
        if (flushFailed.get()) {
            return ImageResult.MEDIUM_ERROR;
        }
        if (readOnly || length == 0) {
            return ImageResult.DONE;
        }
        try {
            forcer.force(mapped, offset, length);
            // Another view may have failed meanwhile, and its failure may be about our bytes.
            return flushFailed.get() ? ImageResult.MEDIUM_ERROR : ImageResult.DONE;
        } catch (UncheckedIOException _) {
            flushFailed.set(true);
            return ImageResult.MEDIUM_ERROR;
        }
    }

    @Override
    public boolean isWhole() {
        try {
            return channel.size() >= mapped.byteSize();
        } catch (IOException _) {
            return false;
        }
    }

    /// A hole of a file on a full tmpfs can be read, but not through a mapping: that wants a page of its own.
    @Override
    public boolean readAround(long offset, long length, Extents extents) {
        try {
            long done = 0;
            for (int i = 0; done < length; i++) {
                long piece = Math.min(extents.length(i), length - done);
                read(offset + done, extents.segment(i).asSlice(extents.offset(i), piece));
                done += piece;
            }
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    public boolean isReadable(long offset, long length) {
        try (Arena buffers = Arena.ofConfined()) {
            MemorySegment buffer = buffers.allocate(Math.min(length, CHECK_BYTES));
            for (long done = 0; done < length; done += buffer.byteSize()) {
                read(offset + done, buffer.asSlice(0, Math.min(buffer.byteSize(), length - done)));
            }
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    public boolean punch(long offset, long length) {
        return NativeCalls.punchHole(lock.descriptor(), offset, length) == 0;
    }

    /// A file system that cannot tell has data everywhere.
    @Override
    public long seekData(long offset) {
        long found = NativeCalls.seekData(lock.descriptor(), offset);
        if (found == -NativeCalls.ENXIO && isWhole()) {
            return Long.MAX_VALUE;
        }
        return found < 0 ? offset : found;
    }

    @Override
    public long seekHole(long offset) {
        long found = NativeCalls.seekHole(lock.descriptor(), offset);
        return found < 0 ? Long.MAX_VALUE : found;
    }

    private void read(long offset, MemorySegment target) throws IOException {
        long done = 0;
        while (done < target.byteSize()) {
            ByteBuffer buffer = target.asSlice(done, Math.min(target.byteSize() - done, MAX_READ_BYTES)).asByteBuffer();
            int count = channel.read(buffer, offset + done);
            if (count < 0) {
                throw new IOException("end of file");
            }
            done += count;
        }
    }

    @Override
    public void release() {
        registry.release(this);
    }

    void addView() {
        views++;
    }

    /// True when that was the last view.
    boolean removeView() {
        return --views == 0;
    }

    /// Unmaps; the lock goes last, so that nobody else gets in while bytes can still change.
    void close() {
        arena.close();
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("image=" + name() + " cannot be closed", e);
        } finally {
            lock.close();
        }
    }
}
