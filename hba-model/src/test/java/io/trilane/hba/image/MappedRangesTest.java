package io.trilane.hba.image;

import static io.trilane.hba.image.DiskImage.Operation.COMPARE;
import static io.trilane.hba.image.DiskImage.Operation.COMPARE_AND_WRITE;
import static io.trilane.hba.image.DiskImage.Operation.FILL;
import static io.trilane.hba.image.DiskImage.Operation.FLUSH;
import static io.trilane.hba.image.DiskImage.Operation.PREFETCH;
import static io.trilane.hba.image.DiskImage.Operation.READ;
import static io.trilane.hba.image.DiskImage.Operation.SEEK_DATA;
import static io.trilane.hba.image.DiskImage.Operation.SEEK_HOLE;
import static io.trilane.hba.image.DiskImage.Operation.UNMAP;
import static io.trilane.hba.image.DiskImage.Operation.WRITE;
import static io.trilane.hba.image.DiskImage.Operation.ZERO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.trilane.engine.task.Extents;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Operations on whole ranges, of files on a disk and in memory, and of memory alone.
class MappedRangesTest {
    private static final int SIZE = 1 << 20;
    private static final Path MEMORY_FILES = Path.of("/dev/shm");

    @TempDir
    Path directory;
    private final Buffers buffers = new Buffers();
    private Path file;

    @AfterEach
    void giveBack() throws IOException {
        buffers.close();
        if (file != null) {
            Files.delete(file);
        }
    }

    enum Kind {
        DISK_FILE, MEMORY_FILE, MEMORY
    }

    /// Every byte against a model, after every operation of a random history.
    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyByteIsAsAModelSays(Kind kind) throws IOException {
        Random random = new Random(17);
        byte[] model = new byte[SIZE];
        Extents whole = buffers.single(SIZE);
        try (MappedImage image = open(kind, 512)) {
            for (int step = 0; step < 400; step++) {
                DiskImage.Operation operation =
                        new DiskImage.Operation[]{WRITE, FILL, ZERO, UNMAP, COMPARE_AND_WRITE, PREFETCH, FLUSH}[random
                                .nextInt(7)];
                int length = 512 * (1 + random.nextInt(random.nextBoolean() ? 4 : 400));
                int offset = 512 * random.nextInt((SIZE - length) / 512 + 1);
                byte[] data = new byte[2 * length];
                random.nextBytes(data);
                if (operation == COMPARE_AND_WRITE) {
                    System.arraycopy(model, offset, data, 0, length);
                }
                Extents extents = buffersOf(whole, data);
                assertThat(image.submit(operation, offset, length, extents, 0)).isEqualTo(ImageResult.DONE);
                apply(operation, model, offset, length, data);
                assertThat(image.submit(READ, 0, SIZE, whole, 0)).isEqualTo(ImageResult.DONE);
                assertThat(Buffers.content(whole, SIZE)).as("%s step %d", operation, step).isEqualTo(model);
            }
            assertThat(image.submit(FLUSH, 0, SIZE, Extents.NONE, 0)).isEqualTo(ImageResult.DONE);
        }
        if (kind != Kind.MEMORY) {
            assertThat(Files.readAllBytes(path(kind))).isEqualTo(model);
        }
    }

    private static void apply(DiskImage.Operation operation, byte[] model, int offset, int length, byte[] data) {
        switch (operation) {
            case WRITE -> System.arraycopy(data, 0, model, offset, length);
            case FILL -> {
                for (int i = 0; i < length; i++) {
                    model[offset + i] = data[i % 512];
                }
            }
            case ZERO, UNMAP -> Arrays.fill(model, offset, offset + length, (byte) 0);
            case COMPARE_AND_WRITE -> System.arraycopy(data, length, model, offset, length);
            default -> {
                // Changes nothing.
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, names = "MEMORY", mode = EnumSource.Mode.EXCLUDE)
    void unmapGivesStorageBackAndSaysWhereItWas(Kind kind) throws IOException {
        try (MappedImage image = open(kind, 512)) {
            write(image, 0, SIZE);
            image.submit(FLUSH, 0, SIZE, Extents.NONE, 0);
            long before = NativeCalls.allocatedBytes(path(kind)).orElseThrow();
            assertThat(image.submit(SEEK_HOLE, 0, SIZE, Extents.NONE, 0)).isEqualTo(ImageResult.DONE);
            assertThat(image.submit(UNMAP, 65536, 262144, Extents.NONE, 0)).isEqualTo(ImageResult.DONE);
            image.submit(FLUSH, 0, SIZE, Extents.NONE, 0);
            assertThat(NativeCalls.allocatedBytes(path(kind)).orElseThrow()).isEqualTo(before - 262144);
            assertThat(image.submit(SEEK_DATA, 0, SIZE, Extents.NONE, 0)).isZero();
            assertThat(image.submit(SEEK_HOLE, 4096, SIZE - 4096, Extents.NONE, 0)).isEqualTo(65536 - 4096);
            assertThat(image.submit(SEEK_DATA, 65536, SIZE - 65536, Extents.NONE, 0)).isEqualTo(262144);
            assertThat(image.submit(SEEK_DATA, 65536, 262144, Extents.NONE, 0)).isEqualTo(ImageResult.DONE);
            assertThat(image.submit(SEEK_HOLE, 65536, 512, Extents.NONE, 0)).isZero();
        }
    }

    /// A page that a store made, not yet written back, has data.
    @ParameterizedTest
    @CsvSource({"DISK_FILE, true", "DISK_FILE, false", "MEMORY_FILE, true"})
    void neverCallsABlockWithDataAHole(Kind kind, boolean thin) throws IOException {
        Path path = sparse(kind);
        if (!thin) {
            Files.delete(path);
            ImageFiles.create(path, SIZE, 512, false);
        }
        try (MappedImage image = new ImageRegistry().open(path, false, 512)) {
            assertThat(image.submit(SEEK_DATA, 0, SIZE, Extents.NONE, 0)).isEqualTo(ImageResult.DONE);
            write(image, 40960 + 512, 512);
            assertThat(image.submit(SEEK_DATA, 0, SIZE, Extents.NONE, 0)).isBetween(0L, 40960L + 512);
            assertThat(image.submit(SEEK_DATA, 40960 + 512, 512, Extents.NONE, 0)).isZero();
            assertThat(image.submit(UNMAP, 40960, 512, Extents.NONE, 0)).isEqualTo(ImageResult.DONE);
            assertThat(image.submit(SEEK_DATA, 40960 + 512, 512, Extents.NONE, 0)).isZero();
        }
    }

    @Test
    void memoryHasNoHolesItKnowsOf() {
        try (MappedImage image = MemoryImage.open(SIZE, 512)) {
            assertThat(image.submit(SEEK_DATA, 512, 1024, Extents.NONE, 0)).isZero();
            assertThat(image.submit(SEEK_HOLE, 512, 1024, Extents.NONE, 0)).isEqualTo(ImageResult.DONE);
        }
        try (NullImage image = new NullImage(SIZE, 512)) {
            assertThat(image.submit(SEEK_DATA, 512, 1024, Extents.NONE, 0)).isZero();
            assertThat(image.submit(SEEK_HOLE, 512, 1024, Extents.NONE, 0)).isEqualTo(ImageResult.DONE);
        }
    }

    /// Where the kernel gives nothing back, zeros are stored.
    @ParameterizedTest
    @ValueSource(ints = {512, 4096, 69632})
    void unmapsByStoringZerosWhereNothingCanBeGivenBack(int length) {
        try (MappedImage image = new MappedImage(new StubbornMapping(new AnonymousMapping(SIZE, 512)))) {
            write(image, 0, SIZE);
            assertThat(image.submit(UNMAP, 4096, length, Extents.NONE, 0)).isEqualTo(ImageResult.DONE);
            byte[] expected = new byte[SIZE];
            Arrays.fill(expected, (byte) 7);
            Arrays.fill(expected, 4096, 4096 + length, (byte) 0);
            Extents read = buffers.single(SIZE);
            image.submit(READ, 0, SIZE, read, 0);
            assertThat(Buffers.content(read, SIZE)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void comparesBeforeItWrites(Kind kind) throws IOException {
        try (MappedImage image = open(kind, 512)) {
            write(image, 0, SIZE);
            byte[] data = new byte[65536 * 2];
            Arrays.fill(data, 0, 65536, (byte) 7);
            data[40000] = 8;
            Extents pieces = buffers.pieces(30000, 40000, data.length - 70000);
            Buffers.fill(pieces, data);
            assertThat(image.submit(COMPARE_AND_WRITE, 4096, 65536, pieces, 0)).isEqualTo(40000);
            data[40000] = 7;
            Buffers.fill(pieces, data);
            assertThat(image.submit(COMPARE_AND_WRITE, 4096, 65536, pieces, 0)).isEqualTo(ImageResult.DONE);
            assertThat(image.submit(COMPARE, 4096, 65536, buffers.filled(new byte[65536]), 0))
                    .isEqualTo(ImageResult.DONE);
        }
    }

    @ParameterizedTest
    @EnumSource(value = DiskImage.Operation.class, names = {"FILL", "ZERO", "UNMAP", "COMPARE_AND_WRITE"})
    void readOnlyImageStaysAsItIs(DiskImage.Operation operation) throws IOException {
        Path path = sparse(Kind.DISK_FILE);
        byte[] content = Buffers.random(3, SIZE);
        Files.write(path, content);
        try (MappedImage image = new ImageRegistry().open(path, true, 512)) {
            assertThat(image.submit(operation, 0, 8192, buffers.single(16384), 0)).isEqualTo(ImageResult.READ_ONLY);
            assertThat(image.submit(PREFETCH, 0, SIZE, Extents.NONE, 0)).isEqualTo(ImageResult.DONE);
        }
        assertThat(Files.readAllBytes(path)).isEqualTo(content);
    }

    @ParameterizedTest
    @CsvSource({"FILL, 65536", "ZERO, 65536", "UNMAP, 65536", "PREFETCH, 65536", "COMPARE_AND_WRITE, 65536",
            "FILL, 512", "PREFETCH, 512", "UNMAP, 512", "COMPARE_AND_WRITE, 512"})
    void answersMediumErrorWhenTheFileIsTruncated(DiskImage.Operation operation, int length) throws IOException {
        Path path = sparse(Kind.DISK_FILE);
        try (MappedImage image = new ImageRegistry().open(path, false, 512)) {
            Extents data = buffers.single(2 * length);
            assertThat(image.submit(operation, SIZE - length, length, data, 0)).isEqualTo(ImageResult.DONE);
            truncate(path, 4096);
            assertThat(image.submit(operation, SIZE - length, length, data, 0)).isEqualTo(ImageResult.MEDIUM_ERROR);
            assertThat(image.submit(SEEK_DATA, SIZE - length, length, data, 0)).isZero();
            truncate(path, SIZE);
        }
    }

    /// Filling a hole wants room; reading or unmapping it does not.
    @Test
    void fullFileSystemTakesNoDataButCanBeReadAndUnmapped() throws IOException {
        try (SmallFileSystem small = SmallFileSystem.mount(directory)) {
            Path path = small.root().resolve("disk.img");
            ImageFiles.create(path, 2L << 20, 512, true);
            try (MappedImage image = new ImageRegistry().open(path, false, 512)) {
                assertThat(image.submit(FILL, 0, 2 << 20, buffers.filled(new byte[512]), 0))
                        .isEqualTo(ImageResult.NO_SPACE);
                assertThat(image.submit(ZERO, 0, 2 << 20, Extents.NONE, 0)).isEqualTo(ImageResult.NO_SPACE);
                assertThat(image.submit(PREFETCH, 0, 2 << 20, Extents.NONE, 0)).isEqualTo(ImageResult.DONE);
                assertThat(image.submit(UNMAP, 0, 2 << 20, Extents.NONE, 0)).isEqualTo(ImageResult.DONE);
                assertThat(image.submit(FILL, 0, 262144, buffers.filled(new byte[512]), 0))
                        .isEqualTo(ImageResult.DONE);
                assertThat(image.mediumErrors() + image.noSpaceErrors()).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void readingAheadChangesNothing(Kind kind) throws IOException {
        try (MappedImage image = open(kind, 4096)) {
            write(image, 0, SIZE);
            image.readAhead(512, 8192);
            image.readAhead(0, SIZE);
            byte[] expected = new byte[SIZE];
            Arrays.fill(expected, (byte) 7);
            assertThat(image.submit(COMPARE, 0, SIZE, buffers.filled(expected), 0)).isEqualTo(ImageResult.DONE);
        }
    }

    private Extents buffersOf(Extents whole, byte[] data) {
        Buffers.fill(whole, data.length <= SIZE ? data : Arrays.copyOf(data, SIZE));
        return whole;
    }

    private void write(MappedImage image, long offset, int length) {
        byte[] sevens = new byte[length];
        Arrays.fill(sevens, (byte) 7);
        assertThat(image.submit(WRITE, offset, length, buffers.filled(sevens), 0)).isEqualTo(ImageResult.DONE);
    }

    private MappedImage open(Kind kind, int blockBytes) throws IOException {
        return kind == Kind.MEMORY ? MemoryImage.open(SIZE, blockBytes)
                : new ImageRegistry().open(sparse(kind), false, blockBytes);
    }

    private Path path(Kind kind) {
        return kind == Kind.DISK_FILE ? directory.resolve("disk.img") : file;
    }

    private Path sparse(Kind kind) throws IOException {
        if (kind == Kind.MEMORY_FILE) {
            assumeTrue(Files.isDirectory(MEMORY_FILES), "no memory file system");
            file = Files.createTempFile(MEMORY_FILES, "trilane-ranges-", ".img");
        } else {
            Files.createFile(path(kind));
        }
        truncate(path(kind), SIZE);
        return path(kind);
    }

    private static void truncate(Path path, long length) throws IOException {
        try (RandomAccessFile opened = new RandomAccessFile(path.toFile(), "rw")) {
            opened.setLength(length);
        }
    }
}
