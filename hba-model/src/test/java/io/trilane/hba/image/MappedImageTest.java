package io.trilane.hba.image;

import static io.trilane.hba.image.DiskImage.Operation.COMPARE;
import static io.trilane.hba.image.DiskImage.Operation.FLUSH;
import static io.trilane.hba.image.DiskImage.Operation.READ;
import static io.trilane.hba.image.DiskImage.Operation.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.trilane.engine.task.Extents;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MappedImageTest {
    private static final long GIB = 1L << 30;

    @TempDir
    Path directory;
    private final Buffers buffers = new Buffers();
    private final ImageRegistry registry = new ImageRegistry();

    @AfterEach
    void giveBack() {
        buffers.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 4096})
    void readsBackWhatItWroteAndWritesItIntoTheFile(int blockBytes) throws IOException {
        Path path = sparse("disk.img", 1 << 20);
        byte[] content = Buffers.random(1, blockBytes);
        try (MappedImage image = registry.open(path, false, blockBytes)) {
            assertThat(image.blockBytes()).isEqualTo(blockBytes);
            assertThat(image.capacityBlocks()).isEqualTo((1 << 20) / blockBytes);
            long offset = 3L * blockBytes;
            Extents read = buffers.single(blockBytes);
            assertThat(image.submit(WRITE, offset, blockBytes, buffers.filled(content), 0)).isEqualTo(ImageResult.DONE);
            assertThat(image.submit(FLUSH, offset, blockBytes, read, 0)).isEqualTo(ImageResult.DONE);
            assertThat(image.submit(READ, offset, blockBytes, read, 0)).isEqualTo(ImageResult.DONE);
            assertThat(Buffers.content(read, blockBytes)).isEqualTo(content);
        }
        byte[] file = Files.readAllBytes(path);
        assertThat(Arrays.copyOfRange(file, 3 * blockBytes, 4 * blockBytes)).isEqualTo(content);
        assertThat(file).hasSize(1 << 20);
    }

    @Test
    void movesDataInPiecesInOrderAndNothingBesideThem() throws IOException {
        try (MappedImage image = registry.open(sparse("disk.img", 1 << 20), false, 512)) {
            byte[] content = Buffers.random(2, 6144);
            Extents source = buffers.pieces(512, 1024, 4096, 512);
            Buffers.fill(source, content);
            assertThat(image.submit(WRITE, 512, 6144, source, 0)).isEqualTo(ImageResult.DONE);
            Extents target = buffers.pieces(4096, 512, 2048);
            assertThat(image.submit(READ, 512, 6144, target, 0)).isEqualTo(ImageResult.DONE);
            assertThat(Buffers.content(target, 6144)).isEqualTo(content);
            assertThat(Buffers.byteAfterFirstPiece(target)).isZero();
            assertThat(image.submit(COMPARE, 512, 6144, source, 0)).isEqualTo(ImageResult.DONE);
        }
    }

    @Test
    void movesNoMoreThanTheLengthAlthoughThePiecesHoldMore() throws IOException {
        try (MappedImage image = registry.open(sparse("disk.img", 1 << 20), false, 512)) {
            Extents source = buffers.pieces(1024, 1024);
            Buffers.fill(source, Buffers.random(3, 2048));
            image.submit(WRITE, 0, 1536, source, 0);
            Extents target = buffers.single(2048);
            image.submit(READ, 0, 2048, target, 0);
            byte[] expected = Arrays.copyOf(Buffers.random(3, 1536), 2048);
            assertThat(Buffers.content(target, 2048)).startsWith(Arrays.copyOf(Buffers.content(source, 1536), 1536))
                    .endsWith(Arrays.copyOfRange(expected, 1536, 2048));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {2 * GIB - 512, 4 * GIB - 512, 7 * GIB, 2048 * GIB})
    void reachesOffsetsBeyondTwoAndFourGibibytes(long offset) throws IOException {
        Path path = sparse("disk.img", 4096 * GIB);
        byte[] content = Buffers.random(offset, 1024);
        try (MappedImage image = registry.open(path, false, 512)) {
            assertThat(image.capacityBlocks()).isEqualTo(4096 * GIB / 512);
            image.submit(WRITE, offset, 1024, buffers.filled(content), 0);
            assertThat(image.submit(COMPARE, offset, 1024, buffers.filled(content), 0)).isEqualTo(ImageResult.DONE);
            assertThat(image.submit(FLUSH, 0, 4096 * GIB, buffers.single(512), 0)).isEqualTo(ImageResult.DONE);
        }
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            byte[] stored = new byte[1024];
            file.seek(offset);
            file.readFully(stored);
            assertThat(stored).isEqualTo(content);
        }
    }

    @Test
    void namesTheOffsetOfTheFirstDifferenceFromTheStartOfTheRange() throws IOException {
        try (MappedImage image = registry.open(sparse("disk.img", 1 << 20), false, 512)) {
            for (int different : new int[]{0, 511, 16384, 70_000, 99_999}) {
                Extents data = buffers.pieces(40_000, 60_000);
                byte[] content = new byte[100_000];
                content[different] = 1;
                Buffers.fill(data, content);
                assertThat(image.submit(COMPARE, 4096, 100_000, data, 0)).isEqualTo(different);
            }
        }
    }

    @Test
    void leavesATailShorterThanABlockAlone() throws IOException {
        Path path = sparse("disk.img", 8192 + 700);
        Files.write(path, Buffers.random(5, 8192 + 700));
        byte[] before = Files.readAllBytes(path);
        try (MappedImage image = registry.open(path, false, 4096)) {
            assertThat(image.capacityBlocks()).isEqualTo(2);
            image.submit(WRITE, 0, 8192, buffers.single(8192), 0);
            image.submit(FLUSH, 0, 8192, buffers.single(512), 0);
        }
        byte[] after = Files.readAllBytes(path);
        assertThat(after).hasSize(8192 + 700).startsWith(new byte[8192]);
        assertThat(Arrays.copyOfRange(after, 8192, after.length))
                .isEqualTo(Arrays.copyOfRange(before, 8192, before.length));
    }

    @Test
    void refusesToWriteToAReadOnlyImage() throws IOException {
        Path path = sparse("disk.img", 1 << 20);
        try (MappedImage image = registry.open(path, true, 512)) {
            assertThat(image.isReadOnly()).isTrue();
            Extents ones = buffers.filled(Buffers.random(6, 512));
            assertThat(image.submit(WRITE, 0, 512, ones, 0)).isEqualTo(ImageResult.READ_ONLY);
            assertThat(image.submit(FLUSH, 0, 512, ones, 0)).isEqualTo(ImageResult.DONE);
            assertThat(image.submit(READ, 0, 512, ones, 0)).isEqualTo(ImageResult.DONE);
            assertThat(Buffers.content(ones, 512)).containsOnly(0);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void changesNothingOfAFileByOpeningReadingAndPrefaultingIt(boolean readOnly) throws IOException {
        Path path = directory.resolve("disk.img");
        byte[] content = Buffers.random(7, 100_000);
        Files.write(path, content);
        Files.setLastModifiedTime(path, FileTime.fromMillis(1_000_000_000_000L));
        try (MappedImage image = registry.open(path, readOnly, 512)) {
            assertThat(image.prefault().bytes()).isEqualTo(195 * 512);
            image.submit(READ, 0, 4096, buffers.single(4096), 0);
            image.submit(FLUSH, 0, 4096, buffers.single(512), 0);
        }
        assertThat(Files.readAllBytes(path)).isEqualTo(content);
        assertThat(Files.getLastModifiedTime(path).toMillis()).isEqualTo(1_000_000_000_000L);
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(path);
        }
    }

    @Test
    void prefaultsForWritingOnlyWhatItCreated() throws IOException {
        try (MappedImage image = registry.open(sparse("disk.img", 1 << 20), false, 512)) {
            assertThatThrownBy(image::prefaultForWriting).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("prefault()");
        }
        try (MappedImage image = registry.createScratch(directory.resolve("scratch.img"), 1 << 20, 512)) {
            assertThat(image.prefaultForWriting().bytes()).isEqualTo(1 << 20);
            assertThat(image.prefaultForWriting().method()).isNotEqualTo(Prefault.Method.POPULATED_FOR_READING);
        }
    }

    @Test
    void refusesUseAfterClosing() throws IOException {
        Path path = sparse("disk.img", 1 << 20);
        try (MappedImage _ = registry.open(path, false, 512)) {
            MappedImage closed = registry.open(path, false, 512);
            closed.close();
            closed.close();
            assertThatThrownBy(() -> closed.submit(READ, 0, 512, buffers.single(512), 0))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void allocatesNothingPerOperation() throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (MappedImage image = registry.open(sparse("disk.img", 1 << 20), false, 512)) {
            Extents data = buffers.pieces(256, 256);
            work(image, data, 200_000);
            long before = threads.getCurrentThreadAllocatedBytes();
            work(image, data, 1_000_000);
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
        }
    }

    private static void work(MappedImage image, Extents data, int operations) {
        for (int i = 0; i < operations; i++) {
            long offset = (i & 0x3FF) * 512L;
            long result = image.submit(i % 3 == 0 ? WRITE : i % 3 == 1 ? READ : COMPARE, offset, 512, data, i);
            assertThatDone(result);
        }
    }

    private static void assertThatDone(long result) {
        if (result != ImageResult.DONE) {
            throw new AssertionError("result=" + result);
        }
    }

    private Path sparse(String name, long size) throws IOException {
        Path path = directory.resolve(name);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(size);
        }
        return path;
    }
}
