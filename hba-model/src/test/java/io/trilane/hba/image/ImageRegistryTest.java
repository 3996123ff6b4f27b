package io.trilane.hba.image;

import static io.trilane.hba.image.DiskImage.Operation.READ;
import static io.trilane.hba.image.DiskImage.Operation.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.engine.task.Extents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageRegistryTest {
    @TempDir
    Path directory;
    private final Buffers buffers = new Buffers();
    private final ImageRegistry registry = new ImageRegistry();
    private Path path;

    @BeforeEach
    void createFile() throws IOException {
        path = directory.resolve("disk.img");
        Files.write(path, new byte[1 << 20]);
    }

    @AfterEach
    void giveBack() {
        buffers.close();
    }

    @Test
    void sharesOneMappingBetweenAllNamesOfAFile() throws IOException {
        Path symbolic = Files.createSymbolicLink(directory.resolve("symbolic"), path);
        Path hard = Files.createLink(directory.resolve("hard"), path);
        try (MappedImage first = registry.open(path, false, 512);
                MappedImage second = registry.open(symbolic, false, 512);
                MappedImage third = registry.open(hard, false, 512)) {
            byte[] content = Buffers.random(1, 512);
            first.submit(WRITE, 0, 512, buffers.filled(content), 0);
            for (MappedImage other : List.of(second, third)) {
                Extents data = buffers.single(512);
                other.submit(READ, 0, 512, data, 0);
                assertThat(Buffers.content(data, 512)).isEqualTo(content);
            }
            assertThat(mappings()).isEqualTo(1);
        }
        assertThat(mappings()).isZero();
    }

    @Test
    void unmapsAndUnlocksWithTheLastView() throws IOException {
        MappedImage first = registry.open(path, false, 512);
        MappedImage second = registry.open(path, false, 512);
        first.close();
        first.close();
        assertThat(second.submit(READ, 0, 512, buffers.single(512), 0)).isEqualTo(ImageResult.DONE);
        assertThat(mappings()).isEqualTo(1);
        assertThat(ImageFiles.inspect(path, 512).lockedBy()).isPresent();
        second.close();
        assertThat(mappings()).isZero();
        assertThat(ImageFiles.inspect(path, 512).lockedBy()).isEmpty();
    }

    @Test
    void refusesToOpenOneFileInTwoWays() {
        try (MappedImage _ = registry.open(path, false, 512)) {
            assertThatThrownBy(() -> registry.open(path, true, 512)).isInstanceOf(ImageException.class)
                    .hasMessageContaining("readOnly=true != openReadOnly=false");
            assertThatThrownBy(() -> registry.open(path, false, 4096)).isInstanceOf(ImageException.class)
                    .hasMessageContaining("blockBytes=4096 != openBlockBytes=512");
        }
        registry.open(path, true, 4096).close();
    }

    @Test
    void namesThisProcessWhenAnotherRegistryHoldsTheFile() {
        try (MappedImage _ = registry.open(path, false, 512)) {
            assertThatThrownBy(() -> new ImageRegistry().open(path, true, 512)).isInstanceOf(ImageException.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid() + " (this process)");
        }
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false"})
    void namesTheProcessThatHoldsTheFileAndForgetsItWhenItIsKilled(boolean theirs, boolean ours) throws IOException {
        try (ChildJava holder = HolderProcess.start(path, theirs)) {
            assertThatThrownBy(() -> registry.open(path, ours, 512)).isInstanceOf(ImageException.class)
                    .hasMessageContaining(path.toString()).hasMessageContaining("process " + holder.pid() + " (")
                    .hasMessageContaining("java, since ");
            assertThat(ImageFiles.inspect(path, 512).lockedBy()).map(LockHolder::pid).contains(holder.pid());
        }
        registry.open(path, ours, 512).close();
    }

    @Test
    void letsTwoProcessesRead() throws IOException {
        try (ChildJava _ = HolderProcess.start(path, true); MappedImage image = registry.open(path, true, 512)) {
            assertThat(image.submit(READ, 0, 512, buffers.single(512), 0)).isEqualTo(ImageResult.DONE);
        }
    }

    @Test
    void refusesWhatIsNoImage() throws IOException {
        assertRefused(directory.resolve("missing"), 512, "does not exist, check the path or create the image");
        assertRefused(directory, 512, "is a directory, name a file");
        assertRefused(Files.createFile(directory.resolve("empty")), 512, "is empty, create it with a size");
        assertRefused(Files.write(directory.resolve("short"), new byte[1000]), 4096, "size=1000 < blockBytes=4096");
        assertRefused(Path.of("/dev/null"), 512, "is neither a file nor a block device");
        assertRefused(path, 1024, "blockBytes=1024 is not supported, choose 512 or 4096");
        assertThat(mappings()).isZero();
    }

    @Test
    void opensMemoryThatReadsAsZeroAndKeepsWhatIsWritten() {
        try (DiskImage image = registry.open("memory:64m", false, 4096);
                DiskImage other =
                        registry.open("MEMORY:64M", false, 0)) {
            assertThat(image.name()).isEqualTo("memory:64m");
            assertThat(image.capacityBlocks()).isEqualTo(16384);
            assertThat(other.blockBytes()).isEqualTo(512);
            byte[] content = Buffers.random(2, 4096);
            assertThat(image.submit(WRITE, 8192, 4096, buffers.filled(content), 0)).isEqualTo(ImageResult.DONE);
            assertThat(image.submit(DiskImage.Operation.FLUSH, 0, 64 << 20, buffers.single(512), 0))
                    .isEqualTo(ImageResult.DONE);
            assertThat(image.submit(DiskImage.Operation.COMPARE, 8192, 4096, buffers.filled(content), 0))
                    .isEqualTo(ImageResult.DONE);
            assertThat(other.submit(DiskImage.Operation.COMPARE, 8192, 4096, buffers.filled(content), 0)).isZero();
        }
    }

    @Test
    void prefaultsMemory() {
        try (MappedImage image = MemoryImage.open(8 << 20, 512)) {
            image.adviseHugePages();
            assertThat(image.prefaultForWriting().bytes()).isEqualTo(8 << 20);
            assertThat(image.prefault().bytes()).isEqualTo(8 << 20);
        }
    }

    @Test
    void opensADiskThatMovesNothing() {
        try (DiskImage image = registry.open("null:1g", false, 0)) {
            assertThat(image.name()).isEqualTo("null:1g");
            assertThat(image.capacityBlocks()).isEqualTo(2 << 20);
            byte[] content = Buffers.random(3, 512);
            Extents data = buffers.filled(content);
            for (DiskImage.Operation operation : DiskImage.Operation.values()) {
                assertThat(image.submit(operation, 0, 512, data, 0))
                        .isEqualTo(operation == DiskImage.Operation.SEEK_DATA ? 0 : ImageResult.DONE);
            }
            assertThat(Buffers.content(data, 512)).isEqualTo(content);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory:", "memory:0", "memory:1000", "null:x", "memory:8192p"})
    void refusesSpecsWithoutAUsableSize(String spec) {
        assertThatThrownBy(() -> registry.open(spec, false, 0)).isInstanceOf(ImageException.class)
                .hasMessageContaining("size=");
    }

    @Test
    void opensAPathAsASpec() {
        try (DiskImage image = registry.open(path.toString(), true, 0)) {
            assertThat(image.name()).isEqualTo(path.toString());
            assertThat(image.isReadOnly()).isTrue();
        }
    }

    private void assertRefused(Path refused, int blockBytes, String message) {
        assertThatThrownBy(() -> registry.open(refused, false, blockBytes)).isInstanceOf(ImageException.class)
                .hasMessageContaining(message);
    }

    /// How often the file is mapped into this process.
    private long mappings() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(directory.toString())).count();
        }
    }
}
