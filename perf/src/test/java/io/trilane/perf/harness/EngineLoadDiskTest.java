package io.trilane.perf.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.engine.ThreadingMode;
import io.trilane.engine.task.Task;
import io.trilane.hba.image.ImageException;
import io.trilane.hba.image.ImageFiles;
import io.trilane.hba.image.ImageRegistry;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineLoadDiskTest {
    private static final int SIZE = 4 << 20;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"null:4m", "memory:4m", "file"})
    void everyKindOfImageIsADiskForLoad(String spec) {
        try (EngineLoadDisk disk = EngineLoadDisk.open("file".equals(spec) ? image().toString() : spec, true)) {
            assertThat(disk.blockBytes()).isEqualTo(512);
            assertThat(disk.capacityBytes()).isEqualTo(SIZE);
            assertThat(disk.limits().maxRequestBytes()).isEqualTo(16 << 20);
            assertThat(disk.limits().maxBundle()).isEqualTo(32);
            assertThat(disk.limits().maxDepth()).isEqualTo(65536);
            assertThat(disk.limits().maxJobs()).isBetween(1, 256);
            assertThat(disk.limits().isWritable()).isTrue();
            assertThat(disk.limits().notes()).isNotEmpty();
            try (LoadTarget first = disk.open(0, Workload.of(RwMode.RANDREAD, 4096, 8));
                    LoadTarget second = disk.open(1, Workload.of(RwMode.RANDWRITE, 8192, 4))) {
                assertThat(run(disk, first, Workload.of(RwMode.RANDREAD, 4096, 8))).isEqualTo(1000);
                assertThat(run(disk, second, Workload.of(RwMode.RANDWRITE, 8192, 4))).isEqualTo(1000);
            }
            try (LoadTarget again = disk.open(0, Workload.of(RwMode.READ, 1 << 20, 2))) {
                assertThat(run(disk, again, Workload.of(RwMode.READ, 1 << 20, 2))).isEqualTo(1000);
            }
        }
    }

    @Test
    void aFileIsOnlyReadUnlessItMayBeOverwritten() throws IOException {
        Path file = image();
        byte[] content = new byte[SIZE];
        Arrays.fill(content, (byte) 0xA5);
        Files.write(file, content);
        try (EngineLoadDisk disk = EngineLoadDisk.open(file.toString(), false)) {
            assertThat(disk.limits().isWritable()).isFalse();
            assertThatThrownBy(() -> disk.open(0, Workload.of(RwMode.RANDWRITE, 4096, 8)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("rw=randwrite would overwrite an existing file, add --allow-overwrite");
            try (LoadTarget target = disk.open(0, Workload.of(RwMode.RANDREAD, 4096, 8))) {
                assertThat(run(disk, target, Workload.of(RwMode.RANDREAD, 4096, 8))).isEqualTo(1000);
            }
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(content);

        try (EngineLoadDisk disk = EngineLoadDisk.open(file.toString(), true);
                LoadTarget target = disk.open(0, Workload.of(RwMode.WRITE, 1 << 20, 4))) {
            assertThat(run(disk, target, Workload.of(RwMode.WRITE, 1 << 20, 4))).isEqualTo(1000);
        }
        // Read through the file system: every byte went over it.
        for (byte b : Files.readAllBytes(file)) {
            assertThat(b).isNotEqualTo((byte) 0xA5);
        }
    }

    @Test
    void aMemoryImageIsFilledBeforeAnybodyReadsIt() {
        Workload workload = Workload.of(RwMode.READ, 4096, 1);
        try (EngineLoadDisk disk = EngineLoadDisk.open("memory:4m", false)) {
            disk.open(3, workload).close();
            try (JobEngine engine = JobEngine.borrow(new JobEngine.Plan(0, ThreadingMode.INVOKER, 1, 4096),
                    List.of(disk.kept(3)))) {
                EngineLoadTarget target = engine.target(workload);
                ZeroCount zeros = new ZeroCount();
                target.check(zeros);
                assertThat(run(disk, target, workload)).isEqualTo(1000);
                assertThat(zeros.bytes).isEqualTo(1000 * 4096);
                assertThat(zeros.zeros).isZero();
            }
        }
    }

    @Test
    void aFileIsFreeAfterwards() {
        Path file = image();
        try (EngineLoadDisk disk = EngineLoadDisk.open(file.toString(), false)) {
            assertThatThrownBy(() -> new ImageRegistry().open(file, false, 0)).isInstanceOf(ImageException.class);
            disk.open(0, Workload.of(RwMode.READ, 4096, 1)).close();
        }
        new ImageRegistry().open(file, false, 0).close();
    }

    @Test
    void refusesWhatCannotBeHad() {
        assertThatThrownBy(() -> EngineLoadDisk.open(directory.resolve("none.img").toString(), false))
                .isInstanceOf(ImageException.class).hasMessageContaining("does not exist");
        assertThatThrownBy(() -> EngineLoadDisk.open("memory:lots", false)).isInstanceOf(ImageException.class);
        try (EngineLoadDisk disk = EngineLoadDisk.open("null:4m", false)) {
            assertThatThrownBy(() -> disk.open(256, Workload.of(RwMode.READ, 4096, 1)))
                    .hasMessageContaining("job=256 not in 0..255");
            assertThatThrownBy(() -> disk.open(0, Workload.of(RwMode.READ, 1000, 1)))
                    .hasMessageContaining("bs=1000 is not a multiple of blockBytes=512");
            assertThatThrownBy(() -> disk.open(0, Workload.of(RwMode.READ, 8 << 20, 1)))
                    .hasMessageContaining("size=" + SIZE + " < bs=8388608");
        }
    }

    private static long run(EngineLoadDisk disk, LoadTarget target, Workload workload) {
        OffsetSequence sequence = new OffsetSequence(workload, List.of(new Region(0, disk.capacityBytes())), 0);
        long done = new LoadDriver(target, sequence, workload).run(1000);
        assertThat(target.errors()).as(target.firstError()).isZero();
        assertThat(target.inFlight()).isZero();
        return done;
    }

    private Path image() {
        Path path = directory.resolve("disk.img");
        ImageFiles.create(path, SIZE, 512, false);
        return path;
    }

    /// Looks at all that is read.
    private static final class ZeroCount implements TaskObserver {
        private int bytes;
        private int zeros;

        @Override
        public boolean accepts(long request) {
            return true;
        }

        @Override
        public void onFilled(long request, Task task) {}

        @Override
        public void onFinished(Task task, boolean good) {
            for (long i = 0; i < 4096; i++) {
                bytes++;
                zeros += task.extents().segment(0).get(ValueLayout.JAVA_BYTE, task.extents().offset(0) + i) == 0 ? 1
                        : 0;
            }
        }
    }
}
