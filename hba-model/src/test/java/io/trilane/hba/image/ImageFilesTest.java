package io.trilane.hba.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageFilesTest {
    @TempDir
    Path directory;

    @Test
    void createsAPreallocatedFileOfZerosWithoutASidecar() throws IOException {
        ImageFiles.create(image(), 3 << 20, 512, false);
        assertThat(Files.readAllBytes(image())).hasSize(3 << 20).containsOnly(0);
        assertOnlyFile(image());
        ImageInfo info = ImageFiles.inspect(image(), 0);
        assertThat(info.allocatedBytes().orElse(0)).isGreaterThanOrEqualTo(3 << 20);
        assertThat(info.isThin()).isFalse();
        assertThat(info.blockBytes()).isEqualTo(512);
        assertThat(info.capacityBlocks()).isEqualTo(6144);
        assertThat(info.sidecar()).isFalse();
        assertThat(info.lockedBy()).isEmpty();
        assertThat(info.writable()).isTrue();
    }

    @Test
    void createsAThinFileAndRemembersItsBlocks() throws IOException {
        ImageFiles.create(image(), 1L << 40, 4096, true);
        ImageInfo info = ImageFiles.inspect(image(), 0);
        assertThat(info.isThin()).isTrue();
        assertThat(info.sizeBytes()).isEqualTo(1L << 40);
        assertThat(info.blockBytes()).isEqualTo(4096);
        assertThat(info.sidecar()).isTrue();
        assertThat(ImageFiles.inspect(image(), 512).blockBytes()).isEqualTo(512);
        try (MappedImage image = new ImageRegistry().open(image(), false, ImageRegistry.DEFAULT_BLOCK_BYTES)) {
            assertThat(image.blockBytes()).isEqualTo(4096);
            assertThat(ImageFiles.inspect(image(), 0).lockedBy()).map(LockHolder::pid)
                    .contains(ProcessHandle.current().pid());
        }
    }

    @Test
    void writesZerosWhereRoomCannotBeReserved() throws IOException {
        ImageFiles.create(image(), (1 << 20) + 512, 512, ImageFiles::writeZeros);
        assertThat(ImageFiles.inspect(image(), 0).isThin()).isFalse();
        assertThat(Files.readAllBytes(image())).hasSize((1 << 20) + 512).containsOnly(0);
    }

    @Test
    void neverOverwrites() throws IOException {
        Files.writeString(image(), "precious");
        assertThatThrownBy(() -> ImageFiles.create(image(), 512, 512, true)).isInstanceOf(ImageException.class)
                .hasMessage("image=" + image() + " exists, choose another name or remove it first");
        assertThat(Files.readString(image())).isEqualTo("precious");
    }

    @Test
    void refusesASidecarWithoutItsImage() throws IOException {
        Sidecar.DEFAULT.withBlockBytes(4096).write(image());
        assertThatThrownBy(() -> ImageFiles.create(image(), 512, 512, true)).isInstanceOf(ImageException.class)
                .hasMessageContaining("exists without its image");
        assertOnlyFile(Sidecar.path(image()));
    }

    @ParameterizedTest
    @CsvSource({"0, 512", "-512, 512", "513, 512", "512, 4096", "1024, 1024"})
    void refusesSizesThatAreNoBlocks(long sizeBytes, int blockBytes) throws IOException {
        assertThatThrownBy(() -> ImageFiles.create(image(), sizeBytes, blockBytes, true))
                .isInstanceOf(ImageException.class).hasMessageContaining("choose");
        assertNoFile();
    }

    @Test
    void leavesNothingBehindWhenItFailsHalfWay() throws IOException {
        assertThatThrownBy(() -> ImageFiles.create(image(), 8192, 4096, (path, _) -> {
            Files.write(path, new byte[4096]);
            throw new IOException("device failed");
        })).isInstanceOf(ImageException.class).hasMessageContaining("device failed");
        assertNoFile();
    }

    @Test
    void leavesNothingBehindWhenTheDiskIsFull() throws IOException {
        try (SmallFileSystem small = SmallFileSystem.mount(directory)) {
            Path path = small.root().resolve("disk.img");
            assertThatThrownBy(() -> ImageFiles.create(path, 8 << 20, 4096, false)).isInstanceOf(ImageException.class)
                    .hasMessageContaining("> freeBytes=").hasMessageContaining("create it thin");
            assertThatThrownBy(() -> ImageFiles.create(path, 8 << 20, 4096, ImageFiles::writeZeros))
                    .isInstanceOf(ImageException.class).hasMessageContaining("No space left");
            try (var files = Files.list(small.root())) {
                assertThat(files).isEmpty();
            }
        }
    }

    @Test
    void refusesADirectoryThatDoesNotExist() {
        Path path = directory.resolve("nowhere").resolve("disk.img");
        assertThatThrownBy(() -> ImageFiles.create(path, 512, 512, true)).isInstanceOf(ImageException.class)
                .hasMessageContaining("directory that does not exist");
    }

    @Test
    void describesTheTail() throws IOException {
        Files.write(image(), new byte[1300]);
        ImageInfo info = ImageFiles.inspect(image(), 512);
        assertThat(info.capacityBlocks()).isEqualTo(2);
        assertThat(info.tailBytes()).isEqualTo(276);
    }

    private Path image() {
        return directory.resolve("disk.img");
    }

    private void assertOnlyFile(Path path) throws IOException {
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(path);
        }
    }

    private void assertNoFile() throws IOException {
        try (var files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }
}
