package io.trilane.tools.hostile;

import io.trilane.engine.Client;
import io.trilane.engine.Engine;
import io.trilane.engine.EngineConfig;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.queue.Doorbell;
import io.trilane.engine.task.Task;
import io.trilane.hba.HbaConfig;
import io.trilane.hba.HbaController;
import io.trilane.hba.HbaModel;
import io.trilane.hba.LogicalUnitConfig;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageRegistry;
import io.trilane.hba.page.Provisioning;
import io.trilane.tools.frontend.ConnectionLimits;
import io.trilane.tools.frontend.EventLoops;
import io.trilane.tools.frontend.FrontEnd;
import io.trilane.tools.frontend.ServedUnit;
import io.trilane.tools.frontend.ServerEvent;
import io.trilane.tools.iscsi.ChapAccount;
import io.trilane.tools.iscsi.IscsiFrontEnd;
import io.trilane.tools.iscsi.IscsiService;
import io.trilane.tools.iscsi.LoginPolicy;
import io.trilane.tools.iscsi.SessionRegistry;
import io.trilane.tools.iscsi.TargetDirectory;
import io.trilane.tools.nbd.NbdFrontEnd;
import io.trilane.tools.nbd.TlsSettings;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A whole server in this process, with both front ends on loopback, two event loops and a memory disk; its front ends'
/// clock goes on faster when told. It can be asked what it holds.
final class HostileServer implements AutoCloseable {
    static final int BLOCK = 512;
    static final int MAX_TRANSFER = 1 << 20;
    static final int DISK_BYTES = 32 << 20;
    static final String TARGET = "iqn.2026-01.io.trilane:hostile";
    static final String SECRET_TARGET = "iqn.2026-01.io.trilane:secret";
    static final int MAX_CONNECTIONS = 120;
    static final long PEER_TIMEOUT_NS = 60_000_000_000L;
    static final long HANDSHAKE_NS = 15_000_000_000L;
    /// More than a connection that closes waits for its peer to read.
    static final long LINGER_NS = 10_000_000_000L;
    static final int TASKS = 128;
    private static final long DATA_BYTES = 48L << 20;
    private static final long LOOK_NS = 1_000_000L;
    private static final long PATIENCE_NS = 40_000_000_000L;

    final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();
    final InetSocketAddress iscsi;
    final InetSocketAddress chapIscsi;
    final InetSocketAddress nbd;
    final @Nullable InetSocketAddress tlsNbd;
    private final AtomicLong leapNs = new AtomicLong();
    private final DiskImage image;
    private final EventLoops loops;
    private final Engine engine;

    /// @param certificate `cert.pem` and `key.pem` are in this directory; null: no TLS
    HostileServer(@Nullable Path certificate) throws IOException {
        image = new ImageRegistry().open("memory:" + (DISK_BYTES >> 20) + "m", false, BLOCK);
        LogicalUnitConfig config = LogicalUnitConfig.ofSerial("HOSTILE").withProvisioning(Provisioning.THIN);
        HbaConfig hardware = new HbaConfig(TASKS, MAX_TRANSFER, 1, List.of(new HbaConfig.Unit(0, 0, config, image)));
        loops = new EventLoops(2, log::add);
        ConnectionLimits limits = new ConnectionLimits(MAX_CONNECTIONS, HANDSHAKE_NS, PEER_TIMEOUT_NS, 16);
        engine = Engine.launch(EngineConfig.defaults().withMaxTasks(TASKS).withClientMaxTasks(TASKS)
                .withDataBudgetBytes(DATA_BYTES).withCountersDirectory(Optional.empty())
                .withDriverDoorbell(loops.driverDoorbell()), new HbaController(new HbaModel(hardware)));
        loops.start(engine, limits, () -> System.nanoTime() + leapNs.get());
        List<ServedUnit> units = List.of(
                new ServedUnit(0, 0, "disk", BLOCK, image.capacityBlocks(), false, true, MAX_TRANSFER));
        LoginPolicy.Limits offers = LoginPolicy.Limits.defaults();
        iscsi = listen(new IscsiFrontEnd(new IscsiService(units, TargetDirectory.of(TARGET, ""),
                LoginPolicy.open(offers), new SessionRegistry(), limits, ""), new Random(1)));
        chapIscsi = listen(new IscsiFrontEnd(new IscsiService(units, TargetDirectory.of(SECRET_TARGET, ""),
                LoginPolicy.withChap(LoginPolicy.Chap.oneWay(new ChapAccount("alice", "a secret long enough")),
                        offers),
                new SessionRegistry(), limits, ""), new Random(2)));
        nbd = listen(new NbdFrontEnd(units, null, limits));
        tlsNbd = certificate == null ? null : listen(new NbdFrontEnd(units,
                TlsSettings.load(certificate.resolve("cert.pem"), certificate.resolve("key.pem"), false), limits));
    }

    private InetSocketAddress listen(FrontEnd frontEnd) throws IOException {
        return (InetSocketAddress) loops.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), frontEnd);
    }

    /// What the server has given out.
    ///
    /// @param freeTasks   that a newcomer can claim
    /// @param freeBuffers of the longest transfer that it can claim
    /// @param sockets     of this process, those of earlier tests that nobody has closed yet among them
    record Holdings(int connections, long clients, int sockets, int freeTasks, int freeBuffers) {
        /// It is all there again.
        boolean isBackAt(Holdings before) {
            return connections == before.connections && clients == before.clients && sockets <= before.sockets
                    && freeTasks == before.freeTasks && freeBuffers == before.freeBuffers;
        }
    }

    Holdings holdings() {
        int freeTasks;
        int freeBuffers;
        long clients = engine.counters().get(EngineCounter.CLIENTS);
        try (Client client = engine.openClient("count:" + System.nanoTime(), "count", Doorbell.sleeping())) {
            freeTasks = room(client, 0);
            freeBuffers = room(client, MAX_TRANSFER);
        }
        return new Holdings(loops.connections(), clients, sockets(), freeTasks, freeBuffers);
    }

    /// Waits until the server holds this much again; returns what it holds in the end.
    Holdings settle(Holdings wanted) {
        boolean _ = await(() -> loops.connections() == wanted.connections
                && engine.counters().get(EngineCounter.CLIENTS) == wanted.clients && holdings().isBackAt(wanted));
        return holdings();
    }

    static boolean await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE_NS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NS);
        }
        return true;
    }

    /// Lets time pass for the front ends.
    void leap(long ns) {
        leapNs.addAndGet(ns);
        loops.publish(new ServerEvent.MediaChanged(99));
    }

    int connections() {
        return loops.connections();
    }

    boolean hasFailed() {
        return loops.hasFailed();
    }

    private static int room(Client client, int bytes) {
        List<Task> claimed = new ArrayList<>();
        Task task;
        while ((task = client.claim(bytes)) != null) {
            claimed.add(task);
        }
        claimed.forEach(each -> {
            boolean _ = client.release(each.token());
        });
        return claimed.size();
    }

    private static int sockets() {
        int sockets = 0;
        File[] descriptors = new File("/proc/self/fd").listFiles();
        for (File descriptor : descriptors == null ? new File[0] : descriptors) {
            try {
                sockets += Files.readSymbolicLink(descriptor.toPath()).toString().startsWith("socket:") ? 1 : 0;
            } catch (IOException _) {
                // Closed meanwhile.
            }
        }
        return sockets;
    }

    Stream<String> linesOfOurBugs() {
        return log.stream().filter(line -> line.contains("failed:") || line.contains("bug"));
    }

    @Override
    public void close() {
        loops.close();
        engine.close();
        image.close();
    }
}
