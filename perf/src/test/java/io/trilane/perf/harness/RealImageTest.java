package io.trilane.perf.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.ThreadingMode;
import io.trilane.engine.task.Task;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file system made by someone else. Needs `mkfs.ext4`; fails without it.
class RealImageTest {
    private static final long SIZE = 16 << 20;
    private static final long PIECE = 64 << 10;

    @TempDir
    Path directory;

    @Test
    void everyByteOfAnExt4ImageComesThroughTheEngineAndTheFileStaysAsItWas() throws Exception {
        Path image = ext4();
        byte[] digestBefore = digest(image);
        FileTime modifiedBefore = Files.getLastModifiedTime(image);

        assertThat(digestThroughEngine(image)).isEqualTo(digestBefore);

        assertThat(digest(image)).isEqualTo(digestBefore);
        assertThat(Files.getLastModifiedTime(image)).isEqualTo(modifiedBefore);
        assertThat(Files.size(image)).isEqualTo(SIZE);
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("ext4.img", "content");
    }

    @Test
    void aReadBenchLeavesTheFileAsItWas() throws Exception {
        Path image = ext4();
        byte[] digestBefore = digest(image);
        FileTime modifiedBefore = Files.getLastModifiedTime(image);

        RunResult result = Disks.run(Disks.plan(Disks.workload(RwMode.RANDREAD, 4096, false), ThreadingMode.INVOKER, 2,
                5000, BenchPlan.CopyLimitMode.ON), Disks.file(image, true, inner -> inner));

        assertThat(result.isGood()).isTrue();
        assertThat(digest(image)).isEqualTo(digestBefore);
        assertThat(Files.getLastModifiedTime(image)).isEqualTo(modifiedBefore);
    }

    private Path ext4() throws IOException, InterruptedException {
        Path image = directory.resolve("ext4.img");
        Path content = Files.createDirectory(directory.resolve("content"));
        Files.writeString(content.resolve("readme.txt"), "a file in a file system\n".repeat(5000));
        Process process =
                new ProcessBuilder(mkfs(), "-q", "-F", "-b", "4096", "-d", content.toString(), image.toString(),
                        SIZE / 1024 + "k").redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("mkfs.ext4: %s", output).isZero();
        return image;
    }

    private static String mkfs() {
        return List.of("/usr/sbin/mkfs.ext4", "/sbin/mkfs.ext4", "/usr/bin/mkfs.ext4").stream()
                .filter(path -> Files.isExecutable(Path.of(path))).findFirst()
                .orElseThrow(() -> new AssertionError("mkfs.ext4 is missing, install e2fsprogs"));
    }

    private static byte[] digestThroughEngine(Path image) throws NoSuchAlgorithmException {
        ImageRegistry registry = new ImageRegistry();
        List<DiskImage> images = List.of(registry.open(image, true, 0));
        Workload workload = new Workload(RwMode.READ, 50, PIECE, 1, 1, false, 1, false);
        try (Arena arena = Arena.ofConfined();
                JobEngine engine = JobEngine.launch(0, ThreadingMode.INVOKER, 1, PIECE, images)) {
            EngineLoadTarget target = engine.target(workload);
            Digester digester = new Digester(arena.allocate(PIECE, 8));
            target.check(digester);
            OffsetSequence sequence = new OffsetSequence(workload, List.of(new Region(0, SIZE)), 0);
            assertThat(new LoadDriver(target, sequence, workload).run(sequence.onePass())).isEqualTo(SIZE / PIECE);
            assertThat(target.errors()).isZero();
            return digester.digest.digest();
        }
    }

    private static byte[] digest(Path path) throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = Files.newInputStream(path)) {
            digest.update(in.readAllBytes());
        }
        return digest.digest();
    }

    /// At depth 1 requests come back in order.
    private static final class Digester implements TaskObserver {
        private final MessageDigest digest = MessageDigest.getInstance("SHA-256");
        private final MemorySegment copy;
        private final ByteBuffer view;

        Digester(MemorySegment copy) throws NoSuchAlgorithmException {
            this.copy = copy;
            this.view = copy.asByteBuffer();
        }

        @Override
        public boolean accepts(long request) {
            return true;
        }

        @Override
        public void onFilled(long request, Task task) {}

        @Override
        public void onFinished(Task task, boolean good) {
            assertThat(good).isTrue();
            assertThat(task.extents().gather(0, copy, 0, PIECE)).isEqualTo(PIECE);
            digest.update(view.clear());
        }
    }
}
