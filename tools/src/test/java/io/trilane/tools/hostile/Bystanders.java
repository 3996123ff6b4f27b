package io.trilane.tools.hostile;

import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Two well-behaved clients, one of each protocol, who write, read back and compare all the time, each on a part of the
/// disk of its own. They must not notice what others do.
final class Bystanders implements AutoCloseable {
    private static final int BYTES = 24 << 10;
    private static final int REGION_BYTES = 1 << 20;

    private final Bystander[] both;

    Bystanders(HostileServer server) throws IOException {
        IscsiWire iscsi = IscsiWire.loggedIn(server.iscsi, HostileServer.TARGET, "bystander");
        NbdWire nbd = NbdWire.open(server.nbd, "disk");
        both = new Bystander[]{new Bystander("iscsi", new Disk() {
            @Override
            public void write(long offset, byte[] data) throws IOException {
                iscsi.write(offset / HostileServer.BLOCK, 0, data);
            }

            @Override
            public byte[] read(long offset, int length) throws IOException {
                return iscsi.read(offset / HostileServer.BLOCK, length / HostileServer.BLOCK);
            }
        }, iscsi, 0), new Bystander("nbd", new Disk() {
            @Override
            public void write(long offset, byte[] data) throws IOException {
                nbd.write(0, offset, data);
            }

            @Override
            public byte[] read(long offset, int length) throws IOException {
                return nbd.read(offset, length);
            }
        }, nbd, REGION_BYTES)};
    }

    private interface Disk {
        void write(long offset, byte[] data) throws IOException;

        byte[] read(long offset, int length) throws IOException;
    }

    private static final class Bystander implements Runnable {
        private final String name;
        private final Disk disk;
        private final Closeable wire;
        private final long start;
        private final Random random;
        private final AtomicLong rounds = new AtomicLong();
        private Thread thread = new Thread();
        private volatile boolean isPaused;
        private volatile @Nullable Throwable failure;

        Bystander(String name, Disk disk, Closeable wire, long start) {
            this.name = name;
            this.disk = disk;
            this.wire = wire;
            this.start = start;
            this.random = new Random(start);
        }

        @Override
        public void run() {
            byte[] data = new byte[BYTES];
            try {
                while (!isPaused) {
                    long offset = start + (long) random.nextInt((REGION_BYTES - BYTES) / HostileServer.BLOCK)
                            * HostileServer.BLOCK;
                    random.nextBytes(data);
                    disk.write(offset, data);
                    if (!Arrays.equals(data, disk.read(offset, BYTES))) {
                        throw new AssertionError("read at offset=" + offset + " what was not written");
                    }
                    rounds.incrementAndGet();
                }
            } catch (IOException | RuntimeException | AssertionError e) {
                failure = e;
            }
        }

        void goOn() {
            isPaused = false;
            thread = Thread.ofPlatform().name("bystander-" + name).start(this);
        }

        /// Two whole rounds from now on: the first may have begun before.
        void proveService() {
            long before = rounds.get();
            boolean isServed = HostileServer.await(() -> failure != null || rounds.get() >= before + 2);
            if (failure != null || !isServed) {
                throw new AssertionError("bystander=" + name + " rounds=" + rounds + " is not served any more",
                        failure);
            }
        }

        void pause() {
            isPaused = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    void goOn() {
        for (Bystander each : both) {
            each.goOn();
        }
    }

    /// Both go on, and have read nothing but what they wrote.
    void proveService() {
        for (Bystander each : both) {
            each.proveService();
        }
    }

    /// They stop and stay connected, so that what the server holds stands still.
    void pause() {
        for (Bystander each : both) {
            each.pause();
        }
    }

    @Override
    public void close() throws IOException {
        pause();
        for (Bystander each : both) {
            each.wire.close();
        }
    }
}
