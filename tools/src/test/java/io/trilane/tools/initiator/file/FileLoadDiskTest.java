package io.trilane.tools.initiator.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.trilane.perf.harness.LoadTarget;
import io.trilane.perf.harness.Request;
import io.trilane.perf.harness.RequestKind;
import io.trilane.perf.harness.RwMode;
import io.trilane.tools.initiator.slot.Runs;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What was moved is compared with the file, read by other means.
@Timeout(120)
class FileLoadDiskTest {
    private static final int SIZE = 8 << 20;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"512,8,false", "1536,3,false", "4096,16,true", "65536,4,true", "1048576,2,true"})
    void writesWhatTheFileThenHolds(int requestBytes, int depth, boolean direct) throws IOException {
        Path file = Files.write(directory.resolve("disk"), new byte[SIZE]);
        byte[] model = new byte[SIZE];
        try (FileLoadDisk disk = FileLoadDisk.open(file, true, direct);
                FileLoadTarget target = disk.start(0, Runs.workload(RwMode.WRITE, requestBytes, depth))) {
            Runs.SlotObserver copier = new Runs.SlotObserver() {
                @Override
                protected void added(int slot, long request) {
                    if (Request.isWrite(request)) {
                        int at = (int) Request.offsetBytes(request);
                        target.buffer(slot).duplicate().clear().get(model, at, requestBytes);
                    }
                }
            };
            target.observe(copier);
            int count = Math.min(SIZE / requestBytes, 200);
            assertThat(Runs.run(target, shuffled(RequestKind.WRITE, count, requestBytes))).isEqualTo(count);
            Runs.run(target, RequestKind.FLUSH, 0);
            assertThat(target.firstError()).isNull();
            assertThat(copier.good()).isEqualTo(count + 1);
        }
        assertThat(Arrays.mismatch(Files.readAllBytes(file), model)).isEqualTo(-1);
        assertThat(model[0] | model[1] | model[requestBytes - 1]).isNotZero();
    }

    @ParameterizedTest
    @CsvSource({"512,8,false", "1536,3,false", "4096,16,true", "65536,4,true", "1048576,2,true"})
    void readsWhatTheFileHolds(int requestBytes, int depth, boolean direct) throws IOException {
        byte[] content = new byte[SIZE];
        new Random(5).nextBytes(content);
        Path file = Files.write(directory.resolve("disk"), content);
        try (FileLoadDisk disk = FileLoadDisk.open(file, false, direct);
                FileLoadTarget target = disk.start(0, Runs.workload(RwMode.READ, requestBytes, depth))) {
            int[] wrong = new int[1];
            target.observe(new Runs.SlotObserver() {
                @Override
                protected void finished(int slot, long request, boolean isGood) {
                    byte[] read = new byte[requestBytes];
                    target.buffer(slot).duplicate().clear().get(read);
                    int at = (int) Request.offsetBytes(request);
                    boolean isRight = isGood && Arrays.equals(read, Arrays.copyOfRange(content, at, at + requestBytes));
                    wrong[0] += isRight ? 0 : 1;
                }
            });
            int count = Math.min(SIZE / requestBytes, 200);
            assertThat(Runs.run(target, shuffled(RequestKind.READ, count, requestBytes))).isEqualTo(count);
            assertThat(wrong[0]).isZero();
        }
    }

    @Test
    void hasAThreadPerRequestInFlightAndTakesThemAway() throws IOException {
        Path file = Files.write(directory.resolve("disk"), new byte[SIZE]);
        try (FileLoadDisk disk = FileLoadDisk.open(file, false, false)) {
            LoadTarget target = disk.open(41, Runs.workload(RwMode.READ, 4096, 7));
            assertThat(threads("trilane-file-41-")).isEqualTo(7);
            assertThat(target.slots()).isEqualTo(7);
            assertThat(target.begin(100)).isEqualTo(7);
            target.close();
            target.close();
            assertThat(threads("trilane-file-41-")).isZero();
            assertThat(disk.limits().notes()).anyMatch(note -> note.startsWith("depth is made by threads"));
        }
    }

    @Test
    void refusesMoreThanTheDepthAtATime() throws IOException {
        Path file = Files.write(directory.resolve("disk"), new byte[SIZE]);
        try (FileLoadDisk disk = FileLoadDisk.open(file, false, false);
                LoadTarget target = disk.open(0, Runs.workload(RwMode.READ, 4096, 2))) {
            Runs.start(target, RequestKind.READ, 0);
            Runs.start(target, RequestKind.READ, 4096);
            assertThat(target.begin(1)).isZero();
            assertThat(target.add(Request.of(RequestKind.READ, 0, 0, 0))).isFalse();
            assertThat(target.inFlight()).isEqualTo(2);
            assertThat(Runs.drain(target)).isEqualTo(2);
        }
    }

    @Test
    void countsReadsOfAFileThatHasBecomeShorter() throws IOException {
        Path file = Files.write(directory.resolve("disk"), new byte[SIZE]);
        try (FileLoadDisk disk = FileLoadDisk.open(file, false, false);
                LoadTarget target = disk.open(0, Runs.workload(RwMode.READ, 4096, 4))) {
            Runs.run(target, RequestKind.READ, 4096);
            assertThat(target.errors()).isZero();
            try (RandomAccessFile shorter = new RandomAccessFile(file.toFile(), "rw")) {
                shorter.setLength(4096 + 1000);
            }
            Runs.SlotObserver observer = new Runs.SlotObserver() {};
            target.observe(observer);
            Runs.run(target, Runs.each(RequestKind.READ, 3, 4096));
            assertThat(target.errors()).isEqualTo(2);
            assertThat(observer.bad()).isEqualTo(2);
            assertThat(target.firstError())
                    .containsAnyOf("READ offset=4096 length=4096 failed: bytes=1000 < length=4096",
                            "READ offset=8192 length=4096 failed: bytes=0 < length=4096")
                    .contains("has become shorter");
        }
    }

    @Test
    void readsOnlyUnlessAskedToWrite() throws IOException {
        Path file = Files.write(directory.resolve("disk"), new byte[SIZE]);
        try (FileLoadDisk disk = FileLoadDisk.open(file, false, false);
                LoadTarget target = disk.open(0, Runs.workload(RwMode.READ, 4096, 1))) {
            assertThat(disk.limits().isWritable()).isFalse();
            assertThatThrownBy(() -> disk.open(0, Runs.workload(RwMode.RANDWRITE, 4096, 1)))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("rw=randwrite");
            assertThatThrownBy(() -> target.add(Request.of(RequestKind.WRITE, 0, 0, 0)))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("is not writable");
        }
    }

    @Test
    void refusesUnmap() throws IOException {
        Path file = Files.write(directory.resolve("disk"), new byte[SIZE]);
        try (FileLoadDisk disk = FileLoadDisk.open(file, true, false);
                LoadTarget target = disk.open(0, Runs.workload(RwMode.WRITE, 4096, 1))) {
            assertThatThrownBy(() -> target.add(Request.of(RequestKind.UNMAP, 0, 0, 0)))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("kind=UNMAP");
        }
    }

    @Test
    void writesDurablyWhenAsked() throws IOException {
        Path file = Files.write(directory.resolve("disk"), new byte[SIZE]);
        try (FileLoadDisk disk = FileLoadDisk.open(file, true, false);
                LoadTarget target = disk.open(0, Runs.durable(RwMode.WRITE, 4096, 2))) {
            assertThat(Runs.run(target, Runs.each(RequestKind.WRITE, 4, 4096))).isEqualTo(4);
            assertThat(target.errors()).isZero();
        }
        assertThat(Files.readAllBytes(file)[3 * 4096 + 1] | Files.readAllBytes(file)[3 * 4096 + 2]).isNotZero();
    }

    @Test
    void saysWhetherThePageCacheIsInTheWay() throws IOException {
        Path file = Files.write(directory.resolve("disk"), new byte[SIZE]);
        try (FileLoadDisk disk = FileLoadDisk.open(file, false, false)) {
            assertThat(disk.isDirect()).isFalse();
            assertThat(disk.blockBytes()).isEqualTo(512);
            assertThat(disk.limits().notes()).anyMatch(note -> note.startsWith("through the page cache"));
        }
        try (FileLoadDisk disk = FileLoadDisk.open(file, false, true)) {
            assumeTrue(disk.isDirect());
            assertThat(disk.blockBytes()).isEqualTo((int) Files.getFileStore(file).getBlockSize());
            assertThat(disk.limits().notes()).anyMatch(note -> note.startsWith("past the page cache"));
        }
    }

    @Test
    void refusesWhatIsNoDisk() throws IOException {
        Path small = Files.write(directory.resolve("small"), new byte[100]);
        for (Path path : List.of(directory, directory.resolve("none"), small, Path.of("/dev/null"))) {
            assertThatThrownBy(() -> FileLoadDisk.open(path, false, false)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("target=" + path);
        }
    }

    @Test
    void refusesDepthBeyondItsThreads() throws IOException {
        Path file = Files.write(directory.resolve("disk"), new byte[SIZE]);
        try (FileLoadDisk disk = FileLoadDisk.open(file, false, false)) {
            assertThatThrownBy(() -> disk.open(0, Runs.workload(RwMode.READ, 4096, 257)))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("iodepth=257 > maxDepth=256");
        }
    }

    @Test
    void allocatesNothingPerRequest() throws IOException {
        Path file = Files.write(directory.resolve("disk"), new byte[SIZE]);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        List<Long> requests = Runs.each(RequestKind.READ, 2000, 4096);
        try (FileLoadDisk disk = FileLoadDisk.open(file, false, false);
                LoadTarget target = disk.open(0, Runs.workload(RwMode.READ, 4096, 4))) {
            long[] workers = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("trilane-file-0-")).mapToLong(Thread::threadId)
                    .toArray();
            assertThat(workers).hasSize(4);
            long bytes = Long.MAX_VALUE;
            for (int round = 0; round < 8 && bytes >= requests.size(); round++) {
                long before = allocated(threads, workers);
                Runs.run(target, requests);
                bytes = allocated(threads, workers) - before;
            }
            assertThat(bytes).as("less than a byte per request").isLessThan(requests.size());
        }
    }

    /// By this thread and the workers.
    private static long allocated(ThreadMXBean threads, long[] workers) {
        long bytes = threads.getCurrentThreadAllocatedBytes();
        for (long worker : workers) {
            bytes += threads.getThreadAllocatedBytes(worker);
        }
        return bytes;
    }

    private static long threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().startsWith(prefix))
                .count();
    }

    private static List<Long> shuffled(RequestKind kind, int count, int stepBytes) {
        List<Long> requests = Runs.each(kind, count, stepBytes);
        Collections.shuffle(requests, new Random(3));
        return requests;
    }
}
