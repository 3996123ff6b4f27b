package io.trilane.tools.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// qemu's block layer as the client, over both protocols.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QemuConformanceTest {
    private DiskFixture disk;
    private ForeignTool io;
    private ForeignTool img;

    @BeforeAll
    void start(@TempDir Path directory) {
        io = ForeignTool.of("qemu-io", "qemu-utils");
        img = ForeignTool.of("qemu-img", "qemu-utils");
        if (img.run("info", "iscsi://127.0.0.1:1/iqn.2026-11.io.trilane:none/0").output()
                .contains("Unknown protocol")) {
            ForeignTool.<Void>missing("qemu's iscsi driver", "qemu-block-extra");
        }
        disk = DiskFixture.start(directory, Personality.THIN);
    }

    @AfterAll
    void stop() {
        if (disk != null) {
            disk.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"iscsi", "nbd"})
    void patternsReadBack(String protocol) {
        ToolRun _ = io(protocol, "write -P 0xa5 0 1M", "write -P 0x5a 1M 64k", "write -P 0x11 33550336 4k", "flush",
                "read -P 0xa5 0 1M", "read -P 0x5a 1M 64k", "read -P 0x11 33550336 4k").good();
    }

    @ParameterizedTest
    @ValueSource(strings = {"iscsi", "nbd"})
    void aPatternThatIsNotThereIsNoticed(String protocol) {
        ToolRun run = io(protocol, "write -P 0xa5 2M 64k", "read -P 0xa6 2M 64k").bad();
        assertThat(run.output()).contains("Pattern verification failed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"iscsi", "nbd"})
    void writesOfAnyAlignmentLeaveTheirNeighboursAlone(String protocol) {
        ToolRun _ = io(protocol, "write -P 0x77 4M 64k", "write -P 0x12 4194817 1021", "write -P 0x13 4227071 2",
                "read -P 0x77 4M 513", "read -P 0x12 4194817 1021", "read -P 0x77 4195838 31233",
                "read -P 0x13 4227071 2", "read -P 0x77 4227073 32767").good();
    }

    @ParameterizedTest
    @ValueSource(strings = {"iscsi", "nbd"})
    void forcedWritesZeroesAndDiscardsReadBack(String protocol) {
        ToolRun _ = io(protocol, "write -f -P 0x21 5M 256k", "write -z 5308416 64k", "write -z -u 5373952 64k",
                "discard 6M 1M", "read -P 0x21 5M 64k", "read -P 0 5308416 128k", "read -P 0x21 5439488 64k").good();
    }

    @ParameterizedTest
    @ValueSource(strings = {"iscsi", "nbd"})
    void manyRequestsAtOnceReadBack(String protocol) {
        ToolRun _ = io(protocol, "aio_write -P 1 8M 1M", "aio_write -P 2 9M 1M", "aio_write -P 3 10M 1M",
                "aio_write -P 4 11M 1M", "aio_flush", "aio_read -P 1 8M 1M", "aio_read -P 2 9M 1M",
                "aio_read -P 3 10M 1M", "aio_read -P 4 11M 1M", "aio_flush").good();
    }

    @ParameterizedTest
    @ValueSource(strings = {"iscsi", "nbd"})
    void convertsThereAndBack(String protocol) {
        String uri = disk.uri(protocol);
        Path source = disk.noise("source-" + protocol, protocol.hashCode());
        Path back = disk.directory().resolve("back-" + protocol + ".qcow2");
        ToolRun _ = img.run("convert", "-n", "-f", "raw", "-O", "raw", source, uri).good();
        ToolRun _ = img.run("compare", "-f", "raw", "-F", "raw", source, uri).good();
        ToolRun _ = img.run("convert", "-f", "raw", "-O", "qcow2", uri, back).good();
        ToolRun _ = img.run("check", back).good();
        ToolRun _ = img.run("compare", "-f", "raw", "-F", "qcow2", source, back).good();
        assertThat(img.run("info", "-f", "raw", uri).good().output()).contains("32 MiB (33554432 bytes)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"iscsi", "nbd"})
    void aComparisonSeesOneByteThatDiffers(String protocol) {
        Path source = disk.noise("other-" + protocol, 99);
        ToolRun _ = img.run("convert", "-n", "-f", "raw", "-O", "raw", source, disk.uri(protocol)).good();
        ToolRun _ = io(protocol, "write -P 0xee 20000001 1").good();
        ToolRun run = img.run("compare", "-f", "raw", "-F", "raw", source, disk.uri(protocol)).bad();
        assertThat(run.output()).contains("Content mismatch at offset 19999");
    }

    @ParameterizedTest
    @ValueSource(strings = {"iscsi", "nbd"})
    void aQcow2ImageLivesOnTheDisk(String protocol) {
        String uri = disk.uri(protocol);
        ToolRun _ = img.run("create", "-f", "qcow2", uri, "24M").good();
        ToolRun _ = io.run("-f", "qcow2", "-c", "write -P 0x42 3M 2M", "-c", "write -z 4M 64k", uri).good();
        ToolRun _ = io.run("-f", "qcow2", "-c", "read -P 0x42 3M 1M", "-c", "read -P 0 4M 64k", uri).good();
        ToolRun _ = img.run("check", "-f", "qcow2", uri).good();
    }

    private ToolRun io(String protocol, String... commands) {
        Object[] arguments = new Object[3 + 2 * commands.length];
        arguments[0] = "-f";
        arguments[1] = "raw";
        for (int i = 0; i < commands.length; i++) {
            arguments[2 + 2 * i] = "-c";
            arguments[3 + 2 * i] = commands[i];
        }
        arguments[arguments.length - 1] = disk.uri(protocol);
        return io.run(arguments);
    }
}
