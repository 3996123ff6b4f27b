package io.trilane.engine.metrics;

import io.trilane.engine.task.HotPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;
import org.agrona.concurrent.status.CountersReader;
import org.jspecify.annotations.Nullable;

/// All counters of one engine. Any thread may add; any process of the same user may read the file while it lives.
///
/// ```text
///   0 magic i64   8 version i32  12 maxCounters i32  16 pid i64  24 started (ms since 1970) i64
///  64 metadata (Agrona counters, 512 B each)          then values (128 B each)
/// ```
///
/// The file is `<directory>/<pid>-<shard>[-<n>].counters`, mode 0600 in a directory of mode 0700; it is removed at close, and
/// files of processes that have ended are removed when an engine starts.
@HotPath
public final class CountersFile implements AutoCloseable {
    static final long MAGIC = 0x5452494C414E4531L;
    static final int VERSION = 1;
    static final int HEADER_BYTES = 64;
    private static final int MAX_COUNTERS = 64;
    private static final int METADATA_BYTES = MAX_COUNTERS * CountersReader.METADATA_LENGTH;
    private static final int VALUES_BYTES = MAX_COUNTERS * CountersReader.COUNTER_LENGTH;
    private static final int FILE_BYTES = HEADER_BYTES + METADATA_BYTES + VALUES_BYTES;
    private static final String SUFFIX = ".counters";

    private final @Nullable Path path;
    private final AtomicCounter[] counters = new AtomicCounter[EngineCounter.values().length];

    private CountersFile(@Nullable Path path, ByteBuffer buffer) {
        this.path = path;
        CountersManager manager = new CountersManager(metadata(buffer), values(buffer));
        for (EngineCounter counter : EngineCounter.values()) {
            counters[counter.ordinal()] = manager.newCounter(counter.name());
        }
    }

    /// Counters in memory only.
    public static CountersFile inMemory() {
        return new CountersFile(null, ByteBuffer.allocateDirect(FILE_BYTES).order(ByteOrder.nativeOrder()));
    }

    /// Creates the file of this process in `directory`.
    public static CountersFile create(Path directory, int shard) {
        try {
            createPrivateDirectory(directory);
            ProcessFiles.removeLeftovers(directory, SUFFIX);
            Path path = newFile(directory, ProcessHandle.current().pid() + "-" + shard);
            ByteBuffer buffer = ProcessFiles.map(path, FILE_BYTES).asByteBuffer().order(ByteOrder.nativeOrder());
            buffer.putInt(8, VERSION).putInt(12, MAX_COUNTERS).putLong(16, ProcessHandle.current().pid());
            buffer.putLong(24, ProcessHandle.current().info().startInstant().map(i -> i.toEpochMilli()).orElse(0L));
            CountersFile file = new CountersFile(path, buffer);
            buffer.putLong(0, MAGIC);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("countersDirectory=" + directory + " is not writable, choose another", e);
        }
    }

    /// Reads the counters of another process, or of this one.
    public static Map<EngineCounter, Long> read(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer buffer =
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, FILE_BYTES).order(ByteOrder.nativeOrder());
            if (buffer.getLong(0) != MAGIC || buffer.getInt(8) != VERSION) {
                throw new IOException("file=" + path + " is not a counters file of version=" + VERSION
                        + ", name one that ends in " + SUFFIX);
            }
            CountersReader reader = new CountersReader(metadata(buffer), values(buffer));
            Map<EngineCounter, Long> values = new EnumMap<>(EngineCounter.class);
            for (EngineCounter counter : EngineCounter.values()) {
                values.put(counter, reader.getCounterValue(counter.ordinal()));
            }
            return values;
        }
    }

    /// Where it is; empty for [#inMemory].
    public @Nullable Path path() {
        return path;
    }

    public void increment(EngineCounter counter) {
        add(counter, 1);
    }

    public void add(EngineCounter counter, long amount) {
        counters[counter.ordinal()].getAndAdd(amount);
    }

    /// For counters with one writer.
    public void set(EngineCounter counter, long value) {
        counters[counter.ordinal()].setRelease(value);
    }

    /// For counters with one writer: adds without a locked instruction.
    public void addAsOnlyWriter(EngineCounter counter, long amount) {
        counters[counter.ordinal()].getAndAddRelease(amount);
    }

    public long get(EngineCounter counter) {
        return counters[counter.ordinal()].getAcquire();
    }

    /// Removes the file. The mapping goes with the last reference to this object, so that a late counter does no harm.
    @Override
    public void close() {
        ProcessFiles.remove(path);
    }

    private static UnsafeBuffer metadata(ByteBuffer buffer) {
        return new UnsafeBuffer(buffer, HEADER_BYTES, METADATA_BYTES);
    }

    private static UnsafeBuffer values(ByteBuffer buffer) {
        return new UnsafeBuffer(buffer, HEADER_BYTES + METADATA_BYTES, VALUES_BYTES);
    }

    /// A second engine of the same shard in this process gets a name of its own.
    private static Path newFile(Path directory, String name) throws IOException {
        for (int n = 1;; n++) {
            Path path = directory.resolve(n == 1 ? name + SUFFIX : name + "-" + n + SUFFIX);
            try {
                return ProcessFiles.create(path);
            } catch (FileAlreadyExistsException _) {
                // Taken: try the next number.
            }
        }
    }

    private static void createPrivateDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory);
        if (permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IllegalArgumentException("countersDirectory=" + directory + " permissions="
                    + PosixFilePermissions.toString(permissions) + " let others write, use a directory of your own");
        }
    }
}
