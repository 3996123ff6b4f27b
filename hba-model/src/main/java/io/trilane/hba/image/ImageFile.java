package io.trilane.hba.image;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// What is known of a file before it is mapped, and every reason to refuse it. Looking never alters the file.
///
/// @param path      with all links resolved
/// @param key       equal for two names of one file
/// @param sizeBytes as the file system says, the tail included
record ImageFile(Path path, Object key, long sizeBytes, int blockBytes) {
    static final int DEFAULT_BLOCK_BYTES = 512;

    private static final int FILE_TYPE_MASK = 0xF000;
    private static final int BLOCK_DEVICE = 0x6000;

    /// @param blockBytes 512, 4096, or 0 for what the sidecar says
    static ImageFile of(Path name, int blockBytes) {
        try {
            Path path = name.toRealPath();
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                throw new ImageException("image=" + name + " is a directory, name a file");
            }
            if (attributes.isOther() && !isBlockDevice(path)) {
                throw new ImageException("image=" + name + " is neither a file nor a block device, name one of these");
            }
            int block = blockBytes != 0 ? blockBytes : Sidecar.read(path).blockBytes();
            requireBlockBytes(block);
            long size = size(path);
            requireOneBlock(name, size, block);
            Object key = attributes.fileKey();
            return new ImageFile(path, key != null ? key : path, size, block);
        } catch (NoSuchFileException e) {
            throw new ImageException("image=" + name + " does not exist, check the path or create the image", e);
        } catch (AccessDeniedException e) {
            throw new ImageException("image=" + name + " is not readable, change its permissions", e);
        } catch (IOException e) {
            throw new ImageException("image=" + name + " cannot be opened (" + reason(e) + "), check the file", e);
        }
    }

    long capacityBlocks() {
        return sizeBytes / blockBytes;
    }

    /// Bytes after the last whole block; nobody touches them.
    long tailBytes() {
        return sizeBytes % blockBytes;
    }

    static void requireBlockBytes(int blockBytes) {
        if (blockBytes != 512 && blockBytes != 4096) {
            throw new ImageException("blockBytes=" + blockBytes + " is not supported, choose 512 or 4096");
        }
    }

    static void requireWholeBlocks(long sizeBytes, int blockBytes) {
        if (sizeBytes <= 0 || sizeBytes % blockBytes != 0) {
            throw new ImageException("size=" + sizeBytes + " is not a positive multiple of blockBytes=" + blockBytes
                    + ", choose one");
        }
    }

    /// What an [IOException] says beyond the file's name.
    static String reason(IOException e) {
        @Nullable String message = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        return message != null ? message : e.getClass().getSimpleName();
    }

    private static void requireOneBlock(Path name, long size, int blockBytes) {
        if (size == 0) {
            throw new ImageException("image=" + name + " is empty, create it with a size");
        }
        if (size < blockBytes) {
            throw new ImageException("image=" + name + " size=" + size + " < blockBytes=" + blockBytes
                    + ", choose smaller blocks or a larger file");
        }
    }

    private static boolean isBlockDevice(Path path) throws IOException {
        try {
            return ((int) Files.getAttribute(path, "unix:mode") & FILE_TYPE_MASK) == BLOCK_DEVICE;
        } catch (UnsupportedOperationException _) {
            return false;
        }
    }

    /// Through a channel: it knows block devices too.
    private static long size(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return channel.size();
        }
    }
}
