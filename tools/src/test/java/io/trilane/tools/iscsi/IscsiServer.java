package io.trilane.tools.iscsi;

import io.trilane.engine.Engine;
import io.trilane.engine.EngineConfig;
import io.trilane.engine.controller.Controller;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.hba.HbaConfig;
import io.trilane.hba.HbaController;
import io.trilane.hba.HbaModel;
import io.trilane.hba.LogicalUnitConfig;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageRegistry;
import io.trilane.tools.frontend.ConnectionLimits;
import io.trilane.tools.frontend.EventLoops;
import io.trilane.tools.frontend.ServedUnit;
import io.trilane.tools.frontend.ServerEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/// A server on a memory disk for tests, with real event loops on a port of its own. Its clock goes only when told, and a
/// trifle at each look, so that loops with nothing to do sleep.
final class IscsiServer implements AutoCloseable {
    static final String TARGET = "iqn.2026-01.io.trilane:test";
    static final int BLOCK = 512;
    static final int MAX_TRANSFER = 1 << 20;
    static final long PEER_TIMEOUT_NS = 60_000_000_000L;
    private static final long LOOK_NS = 10_000L;

    final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();
    private final AtomicLong nowNs = new AtomicLong(1_000_000_000L);
    /// When the test was over, by the clock of the machine; 0 before.
    private volatile long closingNs;
    private final DiskImage image;
    private final Engine engine;
    private final EventLoops loops;
    private final InetSocketAddress address;

    private IscsiServer(Options options) throws IOException {
        image = options.around.apply(new ImageRegistry().open("memory:16m", false, BLOCK));
        HbaConfig hardware = new HbaConfig(64, MAX_TRANSFER, 1,
                List.of(new HbaConfig.Unit(0, 0, LogicalUnitConfig.ofSerial("TEST"), image)));
        loops = new EventLoops(options.loops, log::add);
        engine = Engine.launch(EngineConfig.defaults().withMaxTasks(64).withClientMaxTasks(options.quota)
                .withCountersDirectory(Optional.empty()).withDriverDoorbell(loops.driverDoorbell()),
                options.controller.apply(new HbaController(new HbaModel(hardware))));
        ConnectionLimits limits = new ConnectionLimits(16, 15_000_000_000L, PEER_TIMEOUT_NS, options.window);
        loops.start(engine, limits, this::lookAtClock);
        ServedUnit unit = new ServedUnit(0, 0, "disk", BLOCK, image.capacityBlocks(), false, false, MAX_TRANSFER);
        IscsiService service = new IscsiService(List.of(unit), TargetDirectory.of(TARGET, "test"),
                LoginPolicy.open(options.offers), new SessionRegistry(), limits, "");
        address = (InetSocketAddress) loops.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new IscsiFrontEnd(service, new Random(1)));
    }

    /// What a test changes.
    record Options(int window, int quota, int loops, LoginPolicy.Limits offers, UnaryOperator<DiskImage> around,
            UnaryOperator<Controller> controller) {
        Options withWindow(int tasks) {
            return new Options(tasks, quota, loops, offers, around, controller);
        }

        Options withQuota(int tasks) {
            return new Options(window, tasks, loops, offers, around, controller);
        }

        Options withLoops(int count) {
            return new Options(window, quota, count, offers, around, controller);
        }

        Options withImage(UnaryOperator<DiskImage> newAround) {
            return new Options(window, quota, loops, offers, newAround, controller);
        }

        Options withController(UnaryOperator<Controller> newController) {
            return new Options(window, quota, loops, offers, around, newController);
        }
    }

    static Options options() {
        return new Options(8, 32, 1, LoginPolicy.Limits.defaults(), image -> image, controller -> controller);
    }

    static IscsiServer start() throws IOException {
        return new IscsiServer(options());
    }

    static IscsiServer start(Options options) throws IOException {
        return new IscsiServer(options);
    }

    /// A socket, not logged in.
    IscsiPeer connect() throws IOException {
        return new IscsiPeer(address);
    }

    /// The same for a peer whose socket holds no more than this of what it has not read yet.
    IscsiPeer connectNarrow(int receiveBytes) throws IOException {
        return new IscsiPeer(address, receiveBytes);
    }

    /// Logged in to the disk with these keys, digests off unless they say so; the unit attention is taken.
    IscsiPeer login(String... keys) throws IOException {
        IscsiPeer peer = connect();
        peer.login(keys);
        peer.testUnitReady();
        return peer;
    }

    /// The same from another initiator port.
    IscsiPeer loginAsAnother() throws IOException {
        IscsiPeer peer = connect();
        peer.isid++;
        peer.login();
        peer.testUnitReady();
        return peer;
    }

    /// Lets time pass.
    void advance(long ns) {
        nowNs.addAndGet(ns);
        loops.publish(new ServerEvent.MediaChanged(99));
    }

    void publish(ServerEvent event) {
        loops.publish(event);
    }

    long clients() {
        return engine.counters().get(EngineCounter.CLIENTS);
    }

    /// Tasks that the engine has finished, over all sessions.
    long completed() {
        return engine.counters().get(EngineCounter.COMPLETED);
    }

    int connections() {
        return loops.connections();
    }

    /// Stops as SIGTERM does.
    void stop() {
        loops.close();
    }

    /// Connections that a test has left behind are given up in time.
    @Override
    public void close() {
        closingNs = System.nanoTime();
        loops.close();
        engine.close();
        image.close();
    }

    private long lookAtClock() {
        long told = nowNs.addAndGet(LOOK_NS);
        long over = closingNs;
        return over == 0 ? told : told + System.nanoTime() - over;
    }
}
