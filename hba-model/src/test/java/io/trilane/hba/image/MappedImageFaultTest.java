package io.trilane.hba.image;

import static io.trilane.hba.image.DiskImage.Operation.COMPARE;
import static io.trilane.hba.image.DiskImage.Operation.FLUSH;
import static io.trilane.hba.image.DiskImage.Operation.READ;
import static io.trilane.hba.image.DiskImage.Operation.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.engine.task.Extents;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What happens to a mapped file behind our back must never reach the caller as anything but an answer: not as an error
/// thrown later somewhere else, and not as the end of the process.
class MappedImageFaultTest {
    private static final int SIZE = 16 << 20;

    @TempDir
    Path directory;
    private final Buffers buffers = new Buffers();

    @AfterEach
    void giveBack() {
        buffers.close();
    }

    /// `warmUp` operations first: 0 is interpreted, many is compiled, and there a fault is delivered late.
    @ParameterizedTest
    @CsvSource({
            "READ, 8, 0", "READ, 512, 0", "READ, 4096, 0", "READ, 4194304, 0",
            "READ, 8, 100000", "READ, 512, 100000", "READ, 4096, 100000", "READ, 65536, 30000", "READ, 4194304, 1000",
            "WRITE, 8, 0", "WRITE, 512, 0", "WRITE, 4096, 0", "WRITE, 4194304, 0",
            "WRITE, 8, 100000", "WRITE, 512, 100000", "WRITE, 4096, 100000", "WRITE, 65536, 30000",
            "WRITE, 4194304, 1000",
            "COMPARE, 8, 0", "COMPARE, 512, 0", "COMPARE, 4096, 0", "COMPARE, 4194304, 0",
            "COMPARE, 8, 100000", "COMPARE, 512, 100000", "COMPARE, 4096, 100000", "COMPARE, 65536, 30000",
            "COMPARE, 4194304, 1000"
    })
    void answersMediumErrorWhenTheFileIsTruncated(DiskImage.Operation operation, int length, int warmUp)
            throws IOException {
        Path path = sparse(SIZE);
        try (MappedImage image = new ImageRegistry().open(path, false, 512)) {
            Extents data = buffers.single(length);
            assertThat(count(image, operation, length, data, warmUp, ImageResult.DONE)).isEqualTo(warmUp);
            resize(path, 4096);
            assertThat(count(image, operation, length, data, 100, ImageResult.MEDIUM_ERROR)).isEqualTo(100);
            assertThat(image.mediumErrors()).isEqualTo(100);
            assertThat(image.submit(operation, 0, 8, data, 0)).isEqualTo(ImageResult.DONE);
            resize(path, SIZE);
            assertThat(count(image, operation, length, data, 100, ImageResult.DONE)).isEqualTo(100);
        }
    }

    @ParameterizedTest
    @CsvSource({"READ, 512", "READ, 65536", "WRITE, 512", "WRITE, 65536", "COMPARE, 512", "COMPARE, 4194304"})
    void answersMediumErrorAlsoWhereTheCompilerInlinedEverything(DiskImage.Operation operation, int length)
            throws IOException {
        try (ChildJava child =
                ChildJava.start(TruncationProcess.class, directory.resolve("disk.img"), operation, length)) {
            assertThat(child.nextLine()).isEqualTo("true 100");
        }
    }

    @Test
    void answersMediumErrorWhenThePiecesAfterTheFirstFail() throws IOException {
        Path path = sparse(SIZE);
        try (MappedImage image = new ImageRegistry().open(path, false, 512)) {
            resize(path, 4096);
            Extents data = buffers.pieces(4096, 4096, 4096);
            assertThat(image.submit(READ, 0, 12288, data, 0)).isEqualTo(ImageResult.MEDIUM_ERROR);
            assertThat(image.submit(WRITE, 0, 12288, data, 0)).isEqualTo(ImageResult.MEDIUM_ERROR);
            assertThat(image.submit(COMPARE, 0, 12288, data, 0)).isEqualTo(ImageResult.MEDIUM_ERROR);
            assertThat(image.mediumErrors()).isEqualTo(3);
        }
    }

    @Test
    void refusesToPrefaultATruncatedFile() throws IOException {
        Path path = sparse(SIZE);
        try (MappedImage image = new ImageRegistry().open(path, false, 512)) {
            resize(path, 4096);
            assertThatThrownBy(image::prefault).isInstanceOf(ImageException.class).hasMessageContaining("truncated");
        }
    }

    @Test
    void answersNoSpaceWhenAHoleCannotBeFilledAndStillReadsIt() throws IOException {
        try (SmallFileSystem small = SmallFileSystem.mount(directory)) {
            Path path = small.root().resolve("thin.img");
            ImageFiles.create(path, 64 << 20, 512, true);
            try (MappedImage image = new ImageRegistry().open(path, false, 512)) {
                Extents data = buffers.single(1 << 20);
                assertThat(image.submit(WRITE, 0, 512, data, 0)).isEqualTo(ImageResult.DONE);
                assertThat(image.submit(WRITE, 1 << 20, 1 << 20, data, 0)).isEqualTo(ImageResult.NO_SPACE);
                assertThat(image.noSpaceErrors()).isEqualTo(1);
                Extents target = buffers.filled(Buffers.random(1, 8192));
                assertThat(image.submit(READ, 32 << 20, 8192, target, 0)).isEqualTo(ImageResult.DONE);
                assertThat(Buffers.content(target, 8192)).containsOnly(0);
                assertThat(image.submit(READ, 0, 512, target, 0)).isEqualTo(ImageResult.DONE);
                assertThat(image.mediumErrors()).isZero();
            }
        }
    }

    @Test
    void keepsFailingToFlushOnceItFailedUntilTheFileIsReopened() throws IOException {
        Path path = sparse(SIZE);
        AtomicInteger calls = new AtomicInteger();
        ImageRegistry registry = new ImageRegistry((_, _, _) -> {
            if (calls.incrementAndGet() == 2) {
                throw new UncheckedIOException(new IOException("write-back failed"));
            }
        });
        Extents none = buffers.single(512);
        try (MappedImage image = registry.open(path, false, 512); MappedImage other = registry.open(path, false, 512)) {
            assertThat(image.submit(FLUSH, 0, SIZE, none, 0)).isEqualTo(ImageResult.DONE);
            assertThat(image.submit(FLUSH, 0, SIZE, none, 0)).isEqualTo(ImageResult.MEDIUM_ERROR);
            assertThat(image.submit(FLUSH, 0, SIZE, none, 0)).isEqualTo(ImageResult.MEDIUM_ERROR);
            assertThat(other.submit(FLUSH, 0, 512, none, 0)).isEqualTo(ImageResult.MEDIUM_ERROR);
            assertThat(calls).hasValue(2);
        }
        try (MappedImage image = registry.open(path, false, 512)) {
            assertThat(image.submit(FLUSH, 0, SIZE, none, 0)).isEqualTo(ImageResult.DONE);
        }
    }

    /// Separate and hot, so that `submit` is compiled into its caller. The last 8 MiB, which truncation takes away.
    private static int count(MappedImage image, DiskImage.Operation operation, int length, Extents data, int operations,
            long expected) {
        int count = 0;
        for (int i = 0; i < operations; i++) {
            long offset = SIZE / 2 + (i & 0x7) * 512L;
            if (image.submit(operation, offset, length, data, i) == expected) {
                count++;
            }
        }
        return count;
    }

    private Path sparse(long size) throws IOException {
        Path path = directory.resolve("disk.img");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(size);
        }
        return path;
    }

    private static void resize(Path path, long size) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(size);
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            assertThat(channel.size()).isEqualTo(size);
        }
    }
}
