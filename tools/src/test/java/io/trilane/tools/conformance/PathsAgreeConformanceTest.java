package io.trilane.tools.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A write counts when it was read back through another path: the other protocol, and the file itself.
class PathsAgreeConformanceTest {
    private static final int TERMINATED = 143;

    @TempDir
    Path directory;

    private ForeignTool io;
    private ForeignTool img;

    @BeforeEach
    void findTools() {
        io = ForeignTool.of("qemu-io", "qemu-utils");
        img = ForeignTool.of("qemu-img", "qemu-utils");
        ForeignTool _ = ForeignTool.of("iscsi-ls", "libiscsi-bin");
    }

    @ParameterizedTest
    @CsvSource({"iscsi, nbd", "nbd, iscsi"})
    void whatOneProtocolWroteTheOtherAndTheFileHold(String writer, String reader) throws IOException {
        try (DiskFixture disk = DiskFixture.start(directory, Personality.THIN)) {
            Path source = disk.noise("source", 5);
            ToolRun _ = img.run("convert", "-n", "-f", "raw", "-O", "raw", source, disk.uri(writer)).good();
            ToolRun _ = io("write -P 0x61 1000 5000", disk.uri(writer)).good();
            ToolRun _ = io("read -P 0x61 1000 5000", disk.uri(reader)).good();
            overwrite(source, 1000, 5000, 0x61);
            ToolRun _ = img.run("compare", "-f", "raw", "-F", "raw", source, disk.uri(reader)).good();
            assertThat(Files.mismatch(source, disk.image())).isEqualTo(-1);
        }
    }

    /// TERM: the commands under way end, the image is flushed and unlocked, a second server can have it.
    @ParameterizedTest
    @ValueSource(strings = {"iscsi", "nbd"})
    void aServerThatIsStoppedLeavesTheImageWholeAndFree(String protocol) throws IOException {
        assumeFalse(TestServer.PEERS, "about Trilane's own way to stop");
        try (DiskFixture disk = DiskFixture.start(directory, Personality.FULL)) {
            ToolRun _ = io("write -P 0x33 7M 1M", disk.uri(protocol)).good();
            assertThat(disk.server().stop()).as(disk.server().log()).isEqualTo(TERMINATED);
            assertThat(directory.resolve("ready.json")).doesNotExist();
            assertThat(bytes(disk.image(), 7 << 20, 1 << 20)).containsOnly(0x33);
        }
        try (TestServer again = TestServer.start(directory, directory.resolve("disk.img"), Personality.FULL)) {
            ToolRun _ = io("read -P 0x33 7M 1M", again.iscsi(0)).good();
        }
    }

    /// What was answered GOOD under FUA, or before a flush that was answered GOOD, survives SIGKILL.
    @ParameterizedTest
    @CsvSource({"iscsi, write -f -P 0x44 3M 300k", "nbd, write -f -P 0x44 3M 300k",
            "nbd, write -f -P 0x44 3145728 307199"})
    void aForcedWriteSurvivesAKill(String protocol, String write) throws IOException {
        try (DiskFixture disk = DiskFixture.start(directory, Personality.FULL)) {
            ToolRun _ = io(write, disk.uri(protocol)).good();
            disk.server().close();
            assertThat(bytes(disk.image(), 3 << 20, 307199)).containsOnly(0x44);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"iscsi", "nbd"})
    void aWriteProtectedDiskTakesNoWrite(String protocol) throws IOException {
        try (DiskFixture disk = DiskFixture.start(directory, Personality.WRITE_PROTECTED)) {
            ToolRun _ = io("write -P 0x44 0 4k", disk.uri(protocol)).bad();
            ToolRun _ = io.run("-r", "-f", "raw", "-c", "read -P 0 0 4k", disk.uri(protocol)).good();
            assertThat(bytes(disk.image(), 0, 4096)).containsOnly(0);
        }
    }

    /// Two images: two units of one target, two exports; neither sees the other's data.
    @Test
    void everyImageIsAUnitAndAnExportOfItsOwn() {
        assumeFalse(TestServer.PEERS, "the peers serve one image");
        Path first = DiskFixture.empty(directory.resolve("first.img"));
        Path second = DiskFixture.empty(directory.resolve("second.img"));
        try (TestServer server = TrilaneServer.start(directory, "--image", first.toString(), "--image",
                second + ",thin")) {
            ToolRun _ = io("write -P 0x51 0 64k", server.iscsi(0)).good();
            ToolRun _ = io("write -P 0x52 0 64k", server.iscsi(1)).good();
            ToolRun _ = io("read -P 0x51 0 64k", server.nbd(0)).good();
            ToolRun _ = io("read -P 0x52 0 64k", server.nbd(1)).good();
        }
    }

    @ParameterizedTest
    @EnumSource(Personality.class)
    void everyKindOfUnitReadsTheSameOverBothProtocols(Personality personality) throws IOException {
        Path image = DiskFixture.empty(directory.resolve("disk.img"));
        overwrite(image, 1 << 20, 1 << 20, 0x66);
        try (TestServer server = TestServer.start(directory, image, personality)) {
            for (String uri : new String[]{server.iscsi(0), server.nbd(0)}) {
                ToolRun _ = io.run("-r", "-f", "raw", "-c", "read -P 0 0 1M", "-c", "read -P 0x66 1M 1M", "-c",
                        "read -P 0 2M 30M", uri).good();
            }
        }
    }

    private ToolRun io(String command, String uri) {
        return io.run("-f", "raw", "-c", command, uri);
    }

    private static void overwrite(Path file, long offset, int length, int value) throws IOException {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.seek(offset);
            access.write(bytes);
        }
    }

    private static byte[] bytes(Path file, long offset, int length) throws IOException {
        byte[] bytes = new byte[length];
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "r")) {
            access.seek(offset);
            access.readFully(bytes);
        }
        return bytes;
    }
}
