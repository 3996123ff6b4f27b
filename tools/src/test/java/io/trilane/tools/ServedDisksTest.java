package io.trilane.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.hba.page.BlockLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServedDisksTest {
    @TempDir
    Path directory;

    @Test
    void announcesTheOptimalTransferOfTheSidecar() throws IOException {
        assertThat(limits("").optimalTransferBlocks()).isEqualTo(128);
        assertThat(limits("version = 1\noptimal-transfer = 256k\n").optimalTransferBlocks()).isEqualTo(512);
        assertThat(limits("version = 1\noptimal-transfer = 256k\nblock-size = 4096\n").optimalTransferBlocks())
                .isEqualTo(64);
    }

    @Test
    void announcesNoOptimumBeyondTheLongestTransfer() throws IOException {
        BlockLimits limits = limits("version = 1\noptimal-transfer = 4m\n");
        assertThat(limits.optimalTransferBlocks()).isEqualTo(limits.maximumTransferBlocks()).isEqualTo(2048);
    }

    private BlockLimits limits(String sidecar) throws IOException {
        Path image = directory.resolve("disk.img");
        Files.write(image, new byte[1 << 20]);
        Files.deleteIfExists(directory.resolve("disk.img.trilane"));
        if (!sidecar.isEmpty()) {
            Files.writeString(directory.resolve("disk.img.trilane"), sidecar);
        }
        try (ServedDisks disks = ServedDisks.open(List.of(ImageSpec.parse(image.toString())), 1 << 20)) {
            return disks.hardware().getFirst().config().limits();
        }
    }
}
