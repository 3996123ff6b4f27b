package io.trilane.tools.initiator.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.trilane.hba.image.DiskImage;
import io.trilane.perf.harness.LoadTarget;
import io.trilane.perf.harness.Request;
import io.trilane.perf.harness.RequestKind;
import io.trilane.perf.harness.RwMode;
import io.trilane.tools.frontend.ConnectionLimits;
import io.trilane.tools.initiator.slot.Runs;
import io.trilane.tools.nbd.JournalImage;
import io.trilane.tools.nbd.ServedDisks;
import io.trilane.tools.nbd.ServedDisks.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Against a real server with a real engine: what the client moved is compared with the image's file.
class NbdLoadDiskTest {
    private static final int SIZE = 16 << 20;

    @TempDir
    private Path directory;

    private ServedDisks disks;

    @AfterEach
    void stop() {
        if (disks != null) {
            disks.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"512,32,true", "1536,7,true", "4096,16,false", "65536,8,true", "327680,3,false", "4194304,2,true"})
    void writesWhatTheImageThenHolds(int requestBytes, int depth, boolean isTcp) throws IOException {
        Path file = Files.write(directory.resolve("disk.img"), new byte[SIZE]);
        byte[] model = new byte[SIZE];
        try (NbdLoadDisk disk = NbdLoadDisk.open(serve(file, isTcp), true);
                NbdLoadTarget target = disk.connect(0, Runs.workload(RwMode.WRITE, requestBytes, depth))) {
            Runs.SlotObserver copier = new Runs.SlotObserver() {
                @Override
                protected void added(int slot, long request) {
                    target.buffer(slot).duplicate().clear().get(model, (int) Request.offsetBytes(request),
                            requestBytes);
                }
            };
            target.observe(copier);
            int count = Math.min(SIZE / requestBytes, 300);
            assertThat(Runs.run(target, shuffled(RequestKind.WRITE, count, requestBytes))).isEqualTo(count);
            assertThat(target.firstError()).isNull();
            assertThat(copier.good()).isEqualTo(count);
        }
        assertThat(Arrays.mismatch(Files.readAllBytes(file), model)).isEqualTo(-1);
        assertThat(model[requestBytes - 1] | model[0] | model[1]).isNotZero();
    }

    @ParameterizedTest
    @CsvSource({"512,32,true", "1536,7,false", "4096,16,true", "65536,8,false", "327680,3,true", "4194304,2,false"})
    void readsWhatTheImageHolds(int requestBytes, int depth, boolean isTcp) throws IOException {
        byte[] content = new byte[SIZE];
        new Random(7).nextBytes(content);
        Path file = Files.write(directory.resolve("disk.img"), content);
        try (NbdLoadDisk disk = NbdLoadDisk.open(serve(file, isTcp), false);
                NbdLoadTarget target = disk.connect(0, Runs.workload(RwMode.READ, requestBytes, depth))) {
            List<Long> wrong = new ArrayList<>();
            Runs.SlotObserver checker = new Runs.SlotObserver() {
                @Override
                protected void finished(int slot, long request, boolean isGood) {
                    byte[] read = new byte[requestBytes];
                    target.buffer(slot).duplicate().clear().get(read);
                    int at = (int) Request.offsetBytes(request);
                    if (!isGood || !Arrays.equals(read, Arrays.copyOfRange(content, at, at + requestBytes))) {
                        wrong.add(request);
                    }
                }
            };
            target.observe(checker);
            int count = Math.min(SIZE / requestBytes, 300);
            assertThat(Runs.run(target, shuffled(RequestKind.READ, count, requestBytes))).isEqualTo(count);
            assertThat(wrong).isEmpty();
            assertThat(target.errors()).isZero();
            assertThat(target.slots()).isEqualTo(depth);
        }
    }

    @Test
    void saysWhatTheExportCanDo() throws IOException {
        Path file = Files.write(directory.resolve("disk.img"), new byte[SIZE]);
        String uri = serve(file, true);
        try (NbdLoadDisk disk = NbdLoadDisk.open(uri, true)) {
            assertThat(disk.name()).isEqualTo(uri);
            assertThat(disk.capacityBytes()).isEqualTo(SIZE);
            assertThat(disk.blockBytes()).isEqualTo(512);
            assertThat(disk.limits().isWritable()).isTrue();
            assertThat(disk.limits().maxRequestBytes()).isEqualTo(16 << 20);
            assertThat(disk.limits().maxJobs()).isGreaterThan(1);
            assertThat(disk.limits().notes()).anyMatch(note -> note.contains("structured replies"));
        }
    }

    @Test
    void flushMakesWritesDurable() throws IOException {
        JournalImage journal = serveJournal();
        try (NbdLoadDisk disk = NbdLoadDisk.open(uri(), true);
                LoadTarget target = disk.open(0, Runs.workload(RwMode.WRITE, 4096, 4))) {
            Runs.run(target, Runs.each(RequestKind.WRITE, 8, 4096));
            assertThat(journal.volatileBytes()).isEqualTo(8 * 4096);
            Runs.run(target, RequestKind.FLUSH, 0);
            assertThat(target.errors()).isZero();
            assertThat(journal.volatileBytes()).isZero();
        }
    }

    @Test
    void durableWritesNeedNoFlush() throws IOException {
        JournalImage journal = serveJournal();
        try (NbdLoadDisk disk = NbdLoadDisk.open(uri(), true);
                LoadTarget target = disk.open(0, Runs.durable(RwMode.WRITE, 4096, 4))) {
            Runs.run(target, Runs.each(RequestKind.WRITE, 8, 4096));
            assertThat(target.errors()).isZero();
            assertThat(journal.volatileBytes()).isZero();
        }
    }

    @Test
    void unmapTakesTheBytesAway() throws IOException {
        byte[] content = new byte[SIZE];
        Arrays.fill(content, (byte) 1);
        Path file = Files.write(directory.resolve("disk.img"), content);
        try (NbdLoadDisk disk = NbdLoadDisk.open(serve(file, true), true);
                LoadTarget target = disk.open(0, Runs.workload(RwMode.WRITE, 65536, 4))) {
            Runs.run(target, RequestKind.UNMAP, 65536);
            assertThat(target.firstError()).isNull();
        }
        Arrays.fill(content, 65536, 2 * 65536, (byte) 0);
        assertThat(Arrays.mismatch(Files.readAllBytes(file), content)).isEqualTo(-1);
    }

    @Test
    void countsWhatTheDiskCannotRead() throws IOException {
        JournalImage journal = serveJournal();
        journal.failAt(8192);
        try (NbdLoadDisk disk = NbdLoadDisk.open(uri(), false);
                LoadTarget target = disk.open(0, Runs.workload(RwMode.READ, 4096, 4))) {
            Runs.SlotObserver observer = new Runs.SlotObserver() {};
            target.observe(observer);
            assertThat(Runs.run(target, Runs.each(RequestKind.READ, 8, 4096))).isEqualTo(8);
            assertThat(target.errors()).isEqualTo(1);
            assertThat(target.firstError()).startsWith("READ offset=8192 length=4096 failed: EIO (");
            assertThat(observer.bad()).isEqualTo(1);
            assertThat(observer.good()).isEqualTo(7);
        }
    }

    @Test
    void refusesAnExportThatDoesNotExist() throws IOException {
        Path file = Files.write(directory.resolve("disk.img"), new byte[SIZE]);
        String uri = serve(file, true).replace("/disk", "/other");
        assertThatThrownBy(() -> NbdLoadDisk.open(uri, false)).isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("target=" + uri).hasMessageContaining("export=other")
                .hasMessageContaining("no such export");
    }

    @Test
    void refusesToWriteToAReadOnlyExport() throws IOException {
        Path file = Files.write(directory.resolve("disk.img"), new byte[SIZE]);
        serve(List.of(new Disk("disk", file.toString(), 512, true, true, 1 << 20)), image -> image, true);
        try (NbdLoadDisk disk = NbdLoadDisk.open(uri(), true)) {
            assertThat(disk.limits().isWritable()).isFalse();
            assertThat(disk.limits().notes()).contains("read only, says the server");
            assertThatThrownBy(() -> disk.open(0, Runs.workload(RwMode.RW, 4096, 4)))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("rw=rw").hasMessageContaining(
                            "is not writable");
        }
    }

    @Test
    void refusesToWriteWithoutPermission() throws IOException {
        Path file = Files.write(directory.resolve("disk.img"), new byte[SIZE]);
        try (NbdLoadDisk disk = NbdLoadDisk.open(serve(file, true), false);
                LoadTarget target = disk.open(0, Runs.workload(RwMode.READ, 4096, 4))) {
            assertThat(disk.limits().isWritable()).isFalse();
            for (RequestKind kind : List.of(RequestKind.WRITE, RequestKind.UNMAP)) {
                assertThat(target.begin(1)).isEqualTo(1);
                assertThatThrownBy(() -> target.add(Request.of(kind, 0, 0, 0)))
                        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("kind=" + kind);
            }
            assertThat(target.inFlight()).isZero();
        }
    }

    @Test
    void failsWhatIsInFlightWhenTheServerGoesAway() throws IOException {
        Path file = Files.write(directory.resolve("disk.img"), new byte[SIZE]);
        try (NbdLoadDisk disk = NbdLoadDisk.open(serve(file, true), false);
                LoadTarget target = disk.open(0, Runs.workload(RwMode.READ, 1 << 20, 8))) {
            Runs.run(target, RequestKind.READ, 0);
            disks.close();
            disks = null;
            assertThatThrownBy(() -> Runs.run(target, Runs.each(RequestKind.READ, 1000, 0)))
                    .isInstanceOf(UncheckedIOException.class).hasMessageContaining("connection lost");
            assertThat(target.inFlight()).isZero();
        }
    }

    @Test
    void refusesAServerThatIsNotThere() {
        String uri = "nbd+unix:///disk?socket=" + directory.resolve("nobody");
        assertThatThrownBy(() -> NbdLoadDisk.open(uri, false)).isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("target=" + uri);
    }

    @Test
    void allocatesNothingPerRequest() throws IOException {
        serve(List.of(Disk.of("disk", "memory:16m")), image -> image, true);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        List<Long> requests = new ArrayList<>(Runs.each(RequestKind.READ, 1000, 4096));
        requests.addAll(Runs.each(RequestKind.WRITE, 1000, 4096));
        try (NbdLoadDisk disk = NbdLoadDisk.open(uri(), true);
                LoadTarget target = disk.open(0, Runs.workload(RwMode.RW, 4096, 16))) {
            long bytes = Long.MAX_VALUE;
            for (int round = 0; round < 8 && bytes >= requests.size(); round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                Runs.run(target, requests);
                bytes = threads.getCurrentThreadAllocatedBytes() - before;
            }
            assertThat(bytes).as("less than a byte per request").isLessThan(requests.size());
        }
    }

    private JournalImage serveJournal() throws IOException {
        List<JournalImage> journals = new ArrayList<>();
        serve(List.of(Disk.of("disk", "memory:1m")), image -> {
            journals.add(new JournalImage(image));
            return journals.getLast();
        }, true);
        return journals.getFirst();
    }

    private String serve(Path file, boolean isTcp) throws IOException {
        serve(List.of(ServedDisks.file("disk", file)), image -> image, isTcp);
        return uri();
    }

    private String uri() {
        return address;
    }

    private String address;

    private void serve(List<Disk> served, UnaryOperator<DiskImage> decorator, boolean isTcp) throws IOException {
        disks = new ServedDisks(1, 64 << 20, served, decorator);
        if (isTcp) {
            InetSocketAddress bound = (InetSocketAddress) disks.listen(new InetSocketAddress("127.0.0.1", 0), null,
                    ConnectionLimits.STANDARD);
            address = "nbd://127.0.0.1:" + bound.getPort() + "/disk";
        } else {
            Path socket = directory.resolve("nbd.sock");
            disks.listen(UnixDomainSocketAddress.of(socket), null, ConnectionLimits.STANDARD);
            address = "nbd+unix:///disk?socket=" + socket;
        }
    }

    private static List<Long> shuffled(RequestKind kind, int count, int stepBytes) {
        List<Long> requests = Runs.each(kind, count, stepBytes);
        Collections.shuffle(requests, new Random(3));
        return requests;
    }
}
