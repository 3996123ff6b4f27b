package io.trilane.engine.metrics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Mapped files that live as long as a process and tell others about it. Their names begin with the process's number and a
/// hyphen, so that whoever comes later can tell what was left behind.
public final class ProcessFiles {
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private ProcessFiles() {}

    /// Creates an empty file that only this user can open.
    public static Path create(Path path) throws IOException {
        return Files.createFile(path, PRIVATE);
    }

    /// The first `bytes` of the file, which grows when it is shorter. The mapping goes with its last reference.
    public static MemorySegment map(Path path, long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(MapMode.READ_WRITE, 0, bytes, Arena.ofAuto());
        }
    }

    /// Removes the files with this ending whose processes have ended.
    public static void removeLeftovers(Path directory, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(f -> f.toString().endsWith(suffix)).toList()) {
                if (!isOwnerAlive(file)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /// Removes one, at the end.
    ///
    /// @param path null: there is none
    public static void remove(@Nullable Path path) {
        if (path == null) {
            return;
        }
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException("file=" + path + " cannot be removed, remove it by hand", e);
        }
    }

    /// True also when the name is not one of ours.
    private static boolean isOwnerAlive(Path file) {
        String name = file.getFileName().toString();
        try {
            return ProcessHandle.of(Long.parseLong(name.substring(0, name.indexOf('-')))).isPresent();
        } catch (NumberFormatException | StringIndexOutOfBoundsException _) {
            return true;
        }
    }
}
