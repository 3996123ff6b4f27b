package io.trilane.perf.harness;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Memory that the copy contenders work on, mapped like an image: either our own temporary image once more, or a scratch
/// of the same kind and size. Never a user's image: a native copy does not survive that somebody truncates it.
/// Shared by the contenders of all jobs; closed after them.
public final class CopyRegion implements AutoCloseable {
    private static final int PAGE_BYTES = 4096;
    private static final byte TOUCH = 1;

    private final Arena arena = Arena.ofShared();
    private final String description;
    private MemorySegment segment = MemorySegment.NULL;
    /// Means nothing; keeps the compiler from leaving reads out.
    @SuppressWarnings("UnusedVariable")
    private int touched;

    private CopyRegion(String description) {
        this.description = description;
    }

    /// All of a file that is ours, writable.
    public static CopyRegion ofOwnFile(Path file) throws IOException {
        CopyRegion region = new CopyRegion("the image itself");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            region.map(channel, channel.size());
            region.touchByReading();
            return region;
        } catch (IOException | RuntimeException e) {
            region.close();
            throw e;
        }
    }

    /// A scratch file that has lost its name before anybody can trip over it, filled and prefaulted.
    public static CopyRegion scratchFile(Path directory, long sizeBytes) throws IOException {
        if (Files.getFileStore(directory).getUsableSpace() < sizeBytes + sizeBytes / 8) {
            throw new IOException("no room for a scratch of " + sizeBytes + " bytes in " + directory);
        }
        Path file = Files.createTempFile(directory, ".trilane-scratch-", ".tmp");
        CopyRegion region = new CopyRegion("a scratch file in " + directory);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            Files.delete(file);
            fill(channel, sizeBytes);
            region.map(channel, sizeBytes);
            region.touch();
            return region;
        } catch (IOException | RuntimeException e) {
            region.close();
            boolean _ = Files.deleteIfExists(file);
            throw e;
        }
    }

    /// Memory with no file behind it.
    public static CopyRegion anonymous(long sizeBytes) {
        CopyRegion region = new CopyRegion("anonymous memory");
        region.segment = region.arena.allocate(sizeBytes, PAGE_BYTES);
        region.touch();
        return region;
    }

    public MemorySegment segment() {
        return segment;
    }

    /// For the report: where the contenders copied.
    public String description() {
        return description;
    }

    @Override
    public void close() {
        arena.close();
    }

    /// Written, not mapped: a full disk is then an error and no signal.
    private static void fill(FileChannel channel, long sizeBytes) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            ByteBuffer piece = arena.allocate(1 << 20, PAGE_BYTES).asByteBuffer();
            for (long at = 0; at < sizeBytes;) {
                piece.clear().limit((int) Math.min(piece.capacity(), sizeBytes - at));
                at += channel.write(piece, at);
            }
        }
    }

    /// The same class of segment as task data and images, so that no copy site sees two.
    @SuppressWarnings("restricted")
    private void map(FileChannel channel, long sizeBytes) throws IOException {
        MemorySegment mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, sizeBytes, arena);
        segment = MemorySegment.ofAddress(mapped.address()).reinterpret(sizeBytes, arena, null);
    }

    private void touch() {
        for (long at = 0; at < segment.byteSize(); at += PAGE_BYTES) {
            segment.set(ValueLayout.JAVA_BYTE, at, TOUCH);
        }
    }

    private void touchByReading() {
        for (long at = 0; at < segment.byteSize(); at += PAGE_BYTES) {
            touched += segment.get(ValueLayout.JAVA_BYTE, at);
        }
    }
}
