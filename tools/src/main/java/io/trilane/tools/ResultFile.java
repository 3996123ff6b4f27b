package io.trilane.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;

/// A file that a command was asked to write its result to. Looked at before the work begins: a result that cannot be stored is
/// minutes lost, and an image is no place for it. A result of an earlier run is replaced as a whole.
record ResultFile(String option, Path path) {
    static final String STANDARD_OUTPUT = "-";

    private static final int TYPE_MASK = 0xF000;
    private static final int TYPE_BLOCK_DEVICE = 0x6000;

    /// @param inputs that must not be written to, as the user named them: images, models, job files
    static ResultFile of(String option, String text, List<String> inputs) {
        try {
            Path path = Path.of(text).toAbsolutePath();
            if (Files.isDirectory(path) || !Files.isDirectory(Objects.requireNonNullElse(path.getParent(), path))) {
                throw new IllegalArgumentException(option + "=" + text
                        + " is a directory or is in one that does not exist, name a file");
            }
            boolean isReplaced = !Files.exists(path) || Files.isRegularFile(path);
            if (!Files.isWritable(isReplaced ? Objects.requireNonNull(path.getParent()) : path)
                    || Files.exists(path) && !Files.isWritable(path)) {
                throw new IllegalArgumentException(option + "=" + text + " must not be written to, name another file");
            }
            if (isBlockDevice(path)) {
                throw new IllegalArgumentException(option + "=" + text + " is a block device, name a file");
            }
            for (String input : inputs) {
                if (isSame(path, input)) {
                    throw new IllegalArgumentException(
                            option + "=" + text + " is what is read or loaded, name another file");
                }
            }
            return new ResultFile(option, path);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(option + "=" + text + " is no path (" + e.getReason() + "), name a file",
                    e);
        }
    }

    /// Nothing half-written: the file appears when it is whole.
    void write(byte[] content) throws IOException {
        try {
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                Files.write(path, content);
                return;
            }
            // Behind a symbolic link: that stays what it is.
            Path real = Files.exists(path) ? path.toRealPath() : path;
            // Not made as a temporary file, which only its owner could read.
            Path temporary = real.resolveSibling(real.getFileName() + "." + ProcessHandle.current().pid() + ".part");
            Path _ = Files.createFile(temporary);
            try {
                Files.write(temporary, content);
                Files.move(temporary, real, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new IOException(option + "=" + path + " cannot be written (" + e.getMessage() + ")", e);
        }
    }

    private static boolean isBlockDevice(Path path) {
        try {
            return Files.exists(path) && Files.getAttribute(path, "unix:mode") instanceof Integer mode
                    && (mode & TYPE_MASK) == TYPE_BLOCK_DEVICE;
        } catch (IOException | UnsupportedOperationException _) {
            return false;
        }
    }

    private static boolean isSame(Path path, String image) {
        try {
            return Files.exists(path) && Files.exists(Path.of(image)) && Files.isSameFile(path, Path.of(image));
        } catch (IOException | InvalidPathException _) {
            return false;
        }
    }
}
