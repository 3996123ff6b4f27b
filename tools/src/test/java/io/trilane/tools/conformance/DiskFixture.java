package io.trilane.tools.conformance;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;

/// One served disk of 32 MiB in a directory, with the files that tests need.
record DiskFixture(Path directory, Path image, TestServer server) implements AutoCloseable {
    static final int BYTES = 32 << 20;

    static DiskFixture start(Path directory, Personality personality) {
        Path image = empty(directory.resolve("disk.img"));
        return new DiskFixture(directory, image, TestServer.start(directory, image, personality));
    }

    /// A file of the disk's size that is one hole.
    static Path empty(Path file) {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength(BYTES);
            return file;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// A file of the disk's size: noise, with a hole of zeros in the middle, the same for the same seed.
    Path noise(String name, long seed) {
        byte[] bytes = new byte[BYTES];
        new SplittableRandom(seed).nextBytes(bytes);
        Arrays.fill(bytes, BYTES / 4, BYTES / 2, (byte) 0);
        try {
            return Files.write(directory.resolve(name), bytes);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static String digest(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException | NoSuchAlgorithmException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /// The disk's URI for this protocol, `iscsi` or `nbd`.
    String uri(String protocol) {
        return "iscsi".equals(protocol) ? server.iscsi(0) : server.nbd(0);
    }

    @Override
    public void close() {
        server.close();
    }
}
