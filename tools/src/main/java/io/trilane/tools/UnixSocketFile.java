package io.trilane.tools;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// The file of a unix socket: one that a dead server has left is in the way of the next, one of a live server is not ours.
final class UnixSocketFile implements AutoCloseable {
    private final Path path;
    private final @Nullable Object key;

    private UnixSocketFile(Path path, @Nullable Object key) {
        this.path = path;
        this.key = key;
    }

    /// Makes room for a new socket.
    ///
    /// @throws IllegalArgumentException something else is there, or a server that listens
    static void clear(Path path) throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException _) {
            return;
        }
        if (!attributes.isOther()) {
            throw new IllegalArgumentException("nbd=unix:" + path + " exists and is no socket, choose another path");
        }
        if (isListening(path)) {
            throw new IllegalArgumentException("nbd=unix:" + path
                    + " is in use by another server, stop that or choose another path");
        }
        Files.delete(path);
    }

    /// The file that was just made by binding to it.
    static UnixSocketFile of(Path path) throws IOException {
        return new UnixSocketFile(path,
                Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey());
    }

    /// Removes it, unless another server has put its own there.
    @Override
    public void close() throws IOException {
        try {
            Object now = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
            if (key != null && key.equals(now)) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException _) {
            // Somebody was faster.
        }
    }

    private static boolean isListening(Path path) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException _) {
            return false;
        }
    }
}
