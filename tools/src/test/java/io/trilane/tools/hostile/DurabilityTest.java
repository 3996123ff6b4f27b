package io.trilane.tools.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A write that was answered GOOD under FUA, or before a flush, is in the image's file after the server was killed.
///
/// Killing a process takes its memory away and leaves the kernel's: this proves that nothing is answered before it is in
/// the page cache, and not that it survives a power failure. For that [#everyPromiseIsForced] counts the system calls that
/// make the kernel write, and trusts the kernel and the drive.
class DurabilityTest {
    private static final int BLOCKS = 8192;
    private static final int HALF = BLOCKS / 2;
    private static final int MAX_COUNT = 24;
    private static final int FUA_BIT = 8;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatWasPromisedOutlivesTheServer(long seed) throws Exception {
        Path image = image();
        Random random = new Random(seed);
        BlockJournal iscsiJournal = new BlockJournal(0, HALF);
        BlockJournal nbdJournal = new BlockJournal(HALF, HALF);
        int promises;
        try (ServerProcess server = new ServerProcess(image, List.of())) {
            Load iscsi = new Load(iscsiDisk(server), iscsiJournal, 0, new Random(seed * 31));
            Load nbd = new Load(nbdDisk(server), nbdJournal, HALF, new Random(seed * 37));
            int moment = 50 + random.nextInt(400);
            boolean isBusy = HostileServer.await(() -> iscsi.done.get() >= moment && nbd.done.get() >= moment);
            server.kill();
            iscsi.thread.join();
            nbd.thread.join();
            assertThat(isBusy).as("requests before the kill").isTrue();
            promises = Math.min(iscsiJournal.promises(), nbdJournal.promises());
        }
        assertThat(promises).as("seed %d: blocks with a promise", seed).isGreaterThan(10);
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(image));
        iscsiJournal.check(file);
        nbdJournal.check(file);
    }

    @Test
    void everyPromiseIsForced() throws Exception {
        Path strace = Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(path -> Path.of(path, "strace"))
                .filter(Files::isExecutable).findFirst().orElse(null);
        assumeThat(strace).as("strace, of the Debian package strace").isNotNull();
        Path calls = directory.resolve("calls");
        int promises = 10;
        long idle;
        long forced;
        try (ServerProcess server = new ServerProcess(image(),
                List.of(strace.toString(), "-f", "-qq", "-e", "trace=msync,fdatasync,fsync", "-o", calls.toString()));
                IscsiWire iscsi = IscsiWire.loggedIn(server.iscsi, server.target, "force");
                NbdWire nbd = NbdWire.open(server.nbd, server.export)) {
            idle = lines(calls);
            for (int i = 0; i < promises; i++) {
                iscsi.write(i, FUA_BIT, new byte[512]);
                nbd.write(NbdWire.FUA, (HALF + i) * 512L, new byte[512]);
                nbd.write(0, (HALF + i) * 512L, new byte[512]);
                nbd.flush();
                iscsi.write(i, 0, new byte[512]);
                iscsi.synchronizeCache();
            }
            forced = lines(calls) - idle;
        }
        assertThat(forced).as("calls of msync, fdatasync, fsync").isGreaterThanOrEqualTo(4L * promises);
    }

    private interface Disk {
        void write(int block, boolean isDurable, byte[] data) throws IOException;

        void flush() throws IOException;
    }

    private static Disk iscsiDisk(ServerProcess server) throws IOException {
        IscsiWire wire = IscsiWire.loggedIn(server.iscsi, server.target, "durable");
        return new Disk() {
            @Override
            public void write(int block, boolean isDurable, byte[] data) throws IOException {
                wire.write(block, isDurable ? FUA_BIT : 0, data);
            }

            @Override
            public void flush() throws IOException {
                wire.synchronizeCache();
            }
        };
    }

    private static Disk nbdDisk(ServerProcess server) throws IOException {
        NbdWire wire = NbdWire.open(server.nbd, server.export);
        return new Disk() {
            @Override
            public void write(int block, boolean isDurable, byte[] data) throws IOException {
                wire.write(isDurable ? NbdWire.FUA : 0, block * 512L, data);
            }

            @Override
            public void flush() throws IOException {
                wire.flush();
            }
        };
    }

    /// Writes until the server is gone.
    private static final class Load implements Runnable {
        private final Disk disk;
        private final BlockJournal journal;
        private final int firstBlock;
        private final Random random;
        private final AtomicInteger done = new AtomicInteger();
        private final Thread thread;

        Load(Disk disk, BlockJournal journal, int firstBlock, Random random) {
            this.disk = disk;
            this.journal = journal;
            this.firstBlock = firstBlock;
            this.random = random;
            this.thread = Thread.ofPlatform().start(this);
        }

        @Override
        public void run() {
            try {
                while (true) {
                    step();
                    done.incrementAndGet();
                }
            } catch (IOException _) {
                // Killed, as it should be; the journal says what was answered.
            }
        }

        private void step() throws IOException {
            if (random.nextInt(12) == 0) {
                disk.flush();
                journal.flushed();
                return;
            }
            int count = 1 + random.nextInt(MAX_COUNT);
            int block = firstBlock + random.nextInt(HALF - count);
            boolean isDurable = random.nextInt(3) == 0;
            disk.write(block, isDurable, journal.begin(block, count));
            journal.answered(block, count, isDurable);
        }
    }

    private Path image() throws IOException {
        Path image = directory.resolve("disk.img");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength((long) BLOCKS * BlockJournal.BLOCK);
        }
        return image;
    }

    private static long lines(Path calls) throws IOException {
        try (Stream<String> lines = Files.lines(calls)) {
            return lines.filter(line -> line.contains("sync(")).count();
        }
    }
}
