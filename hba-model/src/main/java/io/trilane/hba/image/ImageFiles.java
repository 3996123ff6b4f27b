package io.trilane.hba.image;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Makes and describes image files. Stateless.
public final class ImageFiles {
    /// Gives a new, empty file its room. A seam: tests make it fail half-way.
    interface Allocator {
        void allocate(Path path, long sizeBytes) throws IOException;
    }

    private static final int ZEROS_BYTES = 1 << 20;

    private ImageFiles() {}

    /// Creates a new file of zeros, and a [Sidecar] when the block length is not the default. Never overwrites; when it
    /// fails, nothing stays behind.
    ///
    /// @param sizeBytes a positive multiple of `blockBytes`
    /// @param thin      whether blocks get their room only when written, and a write may then find the disk full
    public static void create(Path path, long sizeBytes, int blockBytes, boolean thin) {
        create(path, sizeBytes, blockBytes, thin ? ImageFiles::extend : ImageFiles::preallocate);
    }

    static void create(Path path, long sizeBytes, int blockBytes, Allocator allocator) {
        ImageFile.requireBlockBytes(blockBytes);
        ImageFile.requireWholeBlocks(sizeBytes, blockBytes);
        Path sidecar = Sidecar.path(path);
        if (Files.exists(sidecar)) {
            throw new ImageException("sidecar=" + sidecar
                    + " exists without its image, remove it or choose another name");
        }
        createEmpty(path);
        try (ImageLock _ = ImageLock.acquire(path, false)) {
            allocator.allocate(path, sizeBytes);
            Sidecar.DEFAULT.withBlockBytes(blockBytes).write(path);
            sync(path, true);
            sync(path.toAbsolutePath().resolveSibling(""), false);
        } catch (IOException | RuntimeException e) {
            remove(path, e);
            remove(sidecar, e);
            throw e instanceof IOException io ? failed(path, io) : (RuntimeException) e;
        }
    }

    /// Describes a file; `blockBytes` as for [ImageRegistry#open(Path, boolean, int)].
    public static ImageInfo inspect(Path path, int blockBytes) {
        ImageFile file = ImageFile.of(path, blockBytes);
        return new ImageInfo(file.path(), file.sizeBytes(), NativeCalls.allocatedBytes(file.path()), file.blockBytes(),
                file.capacityBlocks(), file.tailBytes(), Files.exists(Sidecar.path(file.path())),
                LockHolder.find(file.path()), Files.isWritable(file.path()));
    }

    private static void createEmpty(Path path) {
        try {
            Files.createFile(path);
        } catch (FileAlreadyExistsException e) {
            throw new ImageException("image=" + path + " exists, choose another name or remove it first", e);
        } catch (NoSuchFileException e) {
            throw new ImageException("image=" + path + " is in a directory that does not exist, create that first", e);
        } catch (IOException e) {
            throw failed(path, e);
        }
    }

    private static void extend(Path path, long sizeBytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(sizeBytes);
        }
    }

    private static void preallocate(Path path, long sizeBytes) throws IOException {
        // Asked first: a reservation that fails half-way fills the disk for everybody until it is undone.
        long free = Files.getFileStore(path).getUnallocatedSpace();
        if (sizeBytes > free) {
            throw noSpace(path, sizeBytes, free);
        }
        long descriptor = NativeCalls.open(path, true);
        if (descriptor < 0) {
            throw new IOException("open: errno=" + -descriptor);
        }
        long result;
        try {
            result = NativeCalls.allocate(descriptor, sizeBytes);
        } finally {
            NativeCalls.close(descriptor);
        }
        if (result == -NativeCalls.ENOSPC) {
            throw noSpace(path, sizeBytes, free);
        }
        if (NativeCalls.isNotSupported(result)) {
            writeZeros(path, sizeBytes);
        } else if (result < 0) {
            throw new IOException("fallocate: errno=" + -result);
        }
    }

    /// For file systems that cannot reserve.
    static void writeZeros(Path path, long sizeBytes) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS_BYTES);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            for (long at = 0; at < sizeBytes;) {
                zeros.position(0).limit((int) Math.min(ZEROS_BYTES, sizeBytes - at));
                at += channel.write(zeros, at);
            }
        }
    }

    private static ImageException noSpace(Path path, long sizeBytes, long freeBytes) {
        return new ImageException("image=" + path + " size=" + sizeBytes + " > freeBytes=" + freeBytes
                + ", free some space or create it thin");
    }

    private static ImageException failed(Path path, IOException e) {
        return new ImageException("image=" + path + " cannot be created (" + ImageFile.reason(e)
                + "), choose another place or size", e);
    }

    private static void sync(Path path, boolean writable) throws IOException {
        try (FileChannel channel =
                FileChannel.open(path, writable ? StandardOpenOption.WRITE : StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void remove(Path path, Exception reason) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }
}
