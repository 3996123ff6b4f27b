package io.trilane.perf.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.engine.ThreadingMode;
import io.trilane.engine.task.Extents;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageFiles;
import io.trilane.hba.image.ImageRegistry;
import io.trilane.hba.image.ImageResult;
import io.trilane.hba.image.PendingImage;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobEngineTest {
    private static final long SIZE = 1 << 20;

    @TempDir
    private Path directory;

    @Test
    void anImageThatStillWorksStaysOpenAndHidesNoReason() {
        Path file = directory.resolve("disk.img");
        ImageFiles.create(file, SIZE, 512, false);
        ImageRegistry registry = new ImageRegistry();
        PendingImage busy = new PendingImage(registry.open("memory:1m", false, 512));
        List<DiskImage> images = List.of(busy, registry.open(file, false, 512));
        assertThatThrownBy(() -> {
            try (JobEngine _ = JobEngine.launch(0, ThreadingMode.INVOKER, 1, 4096, images)) {
                long result = busy.submit(DiskImage.Operation.FLUSH, 0, 0, Extents.NONE, 7);
                assertThat(result).isEqualTo(ImageResult.PENDING);
                throw new IllegalStateException("the reason");
            }
        }).hasMessage("the reason").hasNoSuppressedExceptions();
        assertThat(busy.pendingOperations()).isEqualTo(1);
        try (DiskImage again = new ImageRegistry().open(file, false, 512)) {
            assertThat(again.capacityBlocks()).as("the other was closed").isEqualTo(SIZE / 512);
        }
    }
}
