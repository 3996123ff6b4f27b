package io.trilane.tools.initiator.iscsi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.perf.harness.LoadDriver;
import io.trilane.perf.harness.LoadTarget;
import io.trilane.perf.harness.OffsetSequence;
import io.trilane.perf.harness.Region;
import io.trilane.perf.harness.Request;
import io.trilane.perf.harness.RequestKind;
import io.trilane.perf.harness.RwMode;
import io.trilane.perf.harness.Workload;
import io.trilane.tools.iscsi.LoginPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Data through the initiator and our own target, compared with the image's file.
class TransferTest {
    private static final IscsiOptions WRITER = IscsiOptions.defaults().withAllowOverwrite(true);
    /// R2Ts only, in small pieces; and large unsolicited bursts.
    private static final LoginPolicy.Limits SOLICITED = new LoginPolicy.Limits(8192, 256 << 10, 64 << 10, 2, true);
    private static final LoginPolicy.Limits UNSOLICITED =
            new LoginPolicy.Limits(16 << 10, 1 << 20, 256 << 10, 1, false);

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"512, false", "4096, true", "65536, false", "99840, true", "262656, true", "1048576, false",
            "4194304, false", "4194304, true"})
    void whatIsWrittenIsInTheFileAndWhatIsInTheFileIsRead(int bytes, boolean hasDigests) throws IOException {
        try (TargetServer server = TargetServer.start(directory)) {
            roundTrip(server, bytes, WRITER.withDigests(hasDigests, hasDigests));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 66_048, 300_032, 4 << 20})
    void targetsThatAskForEveryByteAreServed(int bytes) throws IOException {
        try (TargetServer server = TargetServer.start(directory, LoginPolicy.open(SOLICITED))) {
            roundTrip(server, bytes, WRITER.withDigests(false, true));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 66_048, 300_032, 4 << 20})
    void unsolicitedDataGoesAsFarAsTheFirstBurst(int bytes) throws IOException {
        try (TargetServer server = TargetServer.start(directory, LoginPolicy.open(UNSOLICITED))) {
            roundTrip(server, bytes, WRITER.withDigests(true, false));
        }
    }

    @Test
    void digestsCanBeAskedForInTheAddress() throws IOException {
        try (TargetServer server = TargetServer.start(directory);
                IscsiLoadDisk disk =
                        IscsiLoadDisk.open(server.uri() + "?header_digest=crc32c&data_digest=crc32c", WRITER);
                LoadTarget target = disk.open(0, Workload.of(RwMode.READ, 4096, 1))) {
            assertThat(new Drive(target).run(RequestKind.READ, 0)).isTrue();
        }
    }

    @Test
    void unmapGivesBlocksBackAndFlushIsAnswered() throws IOException {
        byte[] content = random(64 << 10, 5);
        try (TargetServer server = TargetServer.start(directory);
                IscsiLoadDisk disk = IscsiLoadDisk.open(server.uri(), WRITER);
                LoadTarget target = disk.open(0, Workload.of(RwMode.RW, 4096, 1))) {
            writeFile(server.file, 0, content);
            Drive drive = new Drive(target);
            assertThat(drive.run(RequestKind.UNMAP, 8192)).isTrue();
            assertThat(drive.run(RequestKind.FLUSH, 0)).isTrue();
            byte[] expected = content.clone();
            Arrays.fill(expected, 8192, 12_288, (byte) 0);
            assertThat(readFile(server.file, 0, content.length)).isEqualTo(expected);
            assertThat(target.errors()).isZero();
        }
    }

    @Test
    void unmapOfAFullyProvisionedDiskIsAnErrorInWords() throws IOException {
        try (TargetServer server = TargetServer.full(directory);
                IscsiLoadDisk disk = IscsiLoadDisk.open(server.uri(), WRITER);
                LoadTarget target = disk.open(0, Workload.of(RwMode.RW, 4096, 1))) {
            assertThat(disk.limits().notes()).anySatisfy(note -> assertThat(note).contains("unmaps may fail"));
            assertThat(new Drive(target).run(RequestKind.UNMAP, 0)).isFalse();
            assertThat(target.errors()).isEqualTo(1);
            assertThat(target.firstError()).isEqualTo("cdb=42000000000000001800 status=CHECK CONDITION"
                    + " sense=ILLEGAL REQUEST asc=20h ascq=00h (invalid command operation code)");
        }
    }

    @Test
    void aRequestBehindTheEndIsAnErrorAndTheSessionGoesOn() throws IOException {
        try (TargetServer server = TargetServer.start(directory);
                IscsiLoadDisk disk = IscsiLoadDisk.open(server.uri(), WRITER);
                LoadTarget target = disk.open(0, Workload.of(RwMode.RW, 4 << 20, 1))) {
            Drive drive = new Drive(target);
            assertThat(drive.run(RequestKind.READ, TargetServer.CAPACITY)).isFalse();
            assertThat(drive.run(RequestKind.WRITE, TargetServer.CAPACITY - 512)).isFalse();
            assertThat(target.firstError()).contains("asc=21h ascq=00h (logical block address out of range)");
            assertThat(drive.run(RequestKind.READ, 0)).isTrue();
            assertThat(drive.run(RequestKind.WRITE, 0)).isTrue();
            assertThat(target.errors()).isEqualTo(2);
        }
    }

    @Test
    void aMixAtFullDepthComesBackInFullAndLeavesTheDataThatWereWritten() throws IOException {
        Workload workload = Workload.of(RwMode.RANDRW, 20_480, TargetServer.WINDOW);
        try (TargetServer server = TargetServer.start(directory);
                IscsiLoadDisk disk = IscsiLoadDisk.open(server.uri(), WRITER);
                LoadTarget target = disk.open(0, workload)) {
            OffsetSequence sequence = new OffsetSequence(workload,
                    List.of(new Region(0, disk.capacityBytes())), 0);
            assertThat(new LoadDriver(target, sequence, workload).run(3000)).isEqualTo(3000);
            assertThat(target.errors()).isZero();
            assertThat(target.inFlight()).isZero();
        }
    }

    @Test
    void depthAddedAtOnceStaysWithinTheWindow() throws IOException {
        try (TargetServer server = TargetServer.start(directory);
                IscsiLoadDisk disk = IscsiLoadDisk.open(server.uri(), WRITER)) {
            int depth = disk.limits().maxDepth();
            assertThat(depth).isEqualTo(TargetServer.WINDOW);
            try (LoadTarget target = disk.open(0, Workload.of(RwMode.READ, 4096, depth))) {
                assertThat(target.slots()).isEqualTo(depth);
                assertThat(target.begin(100)).isEqualTo(depth);
                for (int i = 0; i < depth; i++) {
                    assertThat(target.add(Request.of(RequestKind.READ, i * 4096L, 0, 0))).isTrue();
                }
                assertThat(target.begin(1)).isZero();
                target.submit();
                assertThat(target.inFlight()).isEqualTo(depth);
                int done = 0;
                while (done < depth) {
                    done += target.poll();
                }
                assertThat(target.inFlight()).isZero();
            }
        }
    }

    @Test
    void aTargetThatStopsUnderLoadEndsInErrorsAndAnException() throws IOException {
        Workload workload = Workload.of(RwMode.RANDREAD, 1 << 20, TargetServer.WINDOW);
        try (TargetServer server = TargetServer.start(directory);
                IscsiLoadDisk disk = IscsiLoadDisk.open(server.uri(), WRITER);
                LoadTarget target = disk.open(0, workload)) {
            LoadDriver driver = new LoadDriver(target,
                    new OffsetSequence(workload, List.of(new Region(0, disk.capacityBytes())), 0), workload);
            assertThat(driver.run(100)).isEqualTo(100);
            server.stop();
            assertThatThrownBy(() -> driver.run(1 << 20)).isInstanceOf(UncheckedIOException.class)
                    .hasMessageStartingWith(server.uri());
            assertThat(target.inFlight()).isZero();
        }
    }

    /// All that the thread allocates. What is left is the JDK's: for each buffer of an arena that a gathering write takes, an
    /// object that gives it back afterwards; a mix of equal parts measures 20 bytes per request.
    @Test
    void requestsAllocateNothingOfOurs() throws IOException {
        Workload workload = Workload.of(RwMode.RANDRW, 8192, 8);
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (TargetServer server = TargetServer.start(directory);
                IscsiLoadDisk disk = IscsiLoadDisk.open(server.uri(), WRITER.withDigests(true, true));
                LoadTarget target = disk.open(0, workload)) {
            LoadDriver driver = new LoadDriver(target,
                    new OffsetSequence(workload, List.of(new Region(0, disk.capacityBytes())), 0), workload);
            assertThat(driver.run(20_000)).isEqualTo(20_000);
            long before = threads.getCurrentThreadAllocatedBytes();
            assertThat(driver.run(20_000)).isEqualTo(20_000);
            double bytesPerRequest = (threads.getCurrentThreadAllocatedBytes() - before) / 20_000.0;
            assertThat(bytesPerRequest).isLessThan(64);
            assertThat(target.errors()).isZero();
        }
    }

    private void roundTrip(TargetServer server, int bytes, IscsiOptions options) throws IOException {
        byte[] written = random(bytes, 1);
        byte[] stored = random(bytes, 2);
        long offset = 3 * 512;
        try (IscsiLoadDisk disk = IscsiLoadDisk.open(server.uri(), options);
                LoadTarget target = disk.open(0, Workload.of(RwMode.RW, bytes, 1))) {
            assertThat(disk.capacityBytes()).isEqualTo(TargetServer.CAPACITY);
            assertThat(disk.blockBytes()).isEqualTo(TargetServer.BLOCK);
            Drive drive = new Drive(target);
            drive.put(written);
            assertThat(drive.run(RequestKind.WRITE, offset)).as(target.firstError()).isTrue();
            assertThat(drive.run(RequestKind.FLUSH, 0)).isTrue();
            assertThat(readFile(server.file, 0, (int) offset)).containsOnly(0);
            assertThat(readFile(server.file, offset, bytes)).isEqualTo(written);
            assertThat(readFile(server.file, offset + bytes, 512)).containsOnly(0);
            writeFile(server.file, offset + 512, stored);
            assertThat(drive.run(RequestKind.READ, offset + 512)).as(target.firstError()).isTrue();
            assertThat(drive.get(bytes)).isEqualTo(stored);
            assertThat(target.errors()).isZero();
        }
    }

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static byte[] readFile(Path file, long offset, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer buffer = ByteBuffer.allocate(length);
            int _ = channel.read(buffer, offset);
            return buffer.array();
        }
    }

    private static void writeFile(Path file, long offset, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            int _ = channel.write(ByteBuffer.wrap(content), offset);
        }
    }
}
