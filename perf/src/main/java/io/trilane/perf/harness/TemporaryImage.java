package io.trilane.perf.harness;

import io.trilane.hba.image.ImageException;
import io.trilane.hba.image.ImageRegistry;
import io.trilane.hba.image.MappedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// An image file of our own, stamped from end to end without help of the engine: an engine that mixed up LBAs the same
/// way in both directions would not get past it. Owned by whoever makes it; closing removes the file.
public final class TemporaryImage implements AutoCloseable {
    private static final Path MEMORY_FILE_SYSTEM = Path.of("/dev/shm");
    private static final int PIECE_BYTES = 1 << 20;
    /// Leaves this part of a file system to others.
    private static final int SPARE_SHARE = 4;

    private final Path path;
    private final MappedImage view;
    private final StampIdentity stamps;
    private final boolean inMemory;

    private TemporaryImage(Path path, MappedImage view, StampIdentity stamps, boolean inMemory) {
        this.path = path;
        this.view = view;
        this.stamps = stamps;
        this.inMemory = inMemory;
    }

    /// Makes one of at most `sizeBytes`, on a memory file system when one has room, else in the temporary folder.
    ///
    /// @param minimumBytes a smaller one is of no use
    public static TemporaryImage create(ImageRegistry registry, long sizeBytes, long minimumBytes, int blockBytes,
            StampIdentity stamps) {
        long inShm = room(MEMORY_FILE_SYSTEM);
        boolean inMemory = inShm >= Math.min(sizeBytes, Math.max(minimumBytes, 64L << 20));
        Path directory = inMemory ? MEMORY_FILE_SYSTEM : Path.of(System.getProperty("java.io.tmpdir"));
        long room = room(directory);
        long size = sizeBytes <= room ? sizeBytes : room / PIECE_BYTES * PIECE_BYTES;
        if (size < minimumBytes) {
            throw new ImageException("size=" + minimumBytes + " > free=" + room + " in " + directory
                    + ", free some space or name an --image");
        }
        Path path = directory.resolve("trilane-bench-" + ProcessHandle.current().pid() + "-"
                + Long.toHexString(System.nanoTime()) + ".img");
        MappedImage view = registry.createScratch(path, size, blockBytes);
        TemporaryImage image = new TemporaryImage(path, view, stamps, inMemory);
        try {
            image.stamp(size, blockBytes);
            var _ = view.prefaultForWriting();
            return image;
        } catch (IOException e) {
            image.close();
            throw new ImageException("image=" + path + " cannot be stamped (" + e.getMessage() + "), name an --image",
                    e);
        } catch (RuntimeException e) {
            image.close();
            throw e;
        }
    }

    public Path path() {
        return path;
    }

    public StampIdentity stamps() {
        return stamps;
    }

    public long sizeBytes() {
        return view.capacityBlocks() * view.blockBytes();
    }

    /// Whether it is on a memory file system.
    public boolean inMemory() {
        return inMemory;
    }

    /// Takes the file's name away. What is open stays; nothing can be left behind after that.
    public void unlink() {
        try {
            boolean _ = Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException("image=" + path + " cannot be removed", e);
        }
    }

    @Override
    public void close() {
        try {
            view.close();
        } finally {
            unlink();
        }
    }

    private void stamp(long size, int blockBytes) throws IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            MemorySegment buffer = arena.allocate(PIECE_BYTES, blockBytes);
            ByteBuffer bytes = buffer.asByteBuffer();
            Stamp stamp = new Stamp(buffer, blockBytes);
            for (long at = 0; at < size;) {
                int piece = (int) Math.min(PIECE_BYTES, size - at);
                for (int i = 0; i < piece / blockBytes; i++) {
                    stamp.write(i, at / blockBytes + i, stamps.seed(), stamps.firstGeneration());
                }
                bytes.clear().limit(piece);
                while (bytes.hasRemaining()) {
                    at += channel.write(bytes, at);
                }
            }
        }
    }

    private static long room(Path directory) {
        try {
            return Files.isWritable(directory)
                    ? Files.getFileStore(directory).getUsableSpace() / SPARE_SHARE * (SPARE_SHARE - 1) : 0;
        } catch (IOException _) {
            return 0;
        }
    }
}
