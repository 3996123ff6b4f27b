package io.trilane.tools.frontend;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A server of one thread, without sockets and with a clock of its own: an event loop, an engine, a thin memory disk, and
/// one peer after another who says what it was given and is then gone. The same bytes always come to the same end.
public final class MemoryPeer implements AutoCloseable {
    public static final int BLOCK = 512;
    public static final int MAX_TRANSFER = 1 << 18;
    private static final int TASKS = 64;
    private static final long DATA_BYTES = 8L << 20;
    /// A loop that is idle so often while its peer has nothing more to say is stuck.
    private static final int MAX_IDLE = 10_000;
    private static final long STOP_NS = Long.MAX_VALUE / 4;
    private static final long NS_PER_MILLI = 1_000_000L;
    /// Between two looks of the loop at its clock: it polls for a while before it sleeps.
    private static final long TURN_NS = 10_000L;

    public static final ConnectionLimits LIMITS = new ConnectionLimits(4, 15_000_000_000L, 60_000_000_000L, 8);

    private final List<String> log = new ArrayList<>();
    private final DiskImage image;
    private final Engine engine;
    private final FrontEnd frontEnd;
    private final StatisticsFile statistics = StatisticsFile.inMemory();
    private final CanaryTasks canaries;
    private final int[] roomAtFirst;
    private long nowNs = 1;

    /// @param frontEnd makes what is talked to, for the unit that is served
    public MemoryPeer(Function<ServedUnit, FrontEnd> frontEnd) {
        image = new ImageRegistry().open("memory:1m", false, BLOCK);
        LogicalUnitConfig config = LogicalUnitConfig.ofSerial("FUZZ").withProvisioning(Provisioning.THIN);
        HbaConfig hardware =
                new HbaConfig(TASKS, MAX_TRANSFER, 1, List.of(new HbaConfig.Unit(0, 0, config, image)));
        engine = Engine.launch(EngineConfig.defaults().withMaxTasks(TASKS).withClientMaxTasks(TASKS)
                .withDataBudgetBytes(DATA_BYTES).withCountersDirectory(Optional.empty())
                .withSimulatedTime(() -> nowNs), new HbaController(new HbaModel(hardware)));
        this.frontEnd = frontEnd.apply(
                new ServedUnit(0, 0, "disk", BLOCK, image.capacityBlocks(), false, true, MAX_TRANSFER));
        canaries = new CanaryTasks(engine);
        roomAtFirst = room();
        engine.releaseDriver();
    }

    /// Lets a peer say this and go; returns what it was sent.
    ///
    /// @param readPiece  bytes that arrive together, at least 1
    /// @param writePiece bytes that it takes together, at least 1
    /// @throws AssertionError the server has failed, is stuck, said more than one line, wrote where it must not, or keeps something
    public byte[] talk(byte[] input, int readPiece, int writePiece) {
        log.clear();
        MemoryChannel channel = new MemoryChannel(input, readPiece, writePiece);
        Turn turn = new Turn(channel);
        turn.run();
        check(turn);
        return channel.output();
    }

    /// Lines about the last peer.
    public List<String> log() {
        return log;
    }

    /// One peer, from accept to the end of its loop.
    private final class Turn {
        private final MemoryChannel channel;
        private final EventLoop loop;
        private boolean isOver;
        private int idle;

        Turn(MemoryChannel channel) {
            this.channel = channel;
            MemorySelector selector = new MemorySelector(this::onIdle);
            LoopShare share = new LoopShare(engine, new DataWindows(engine.memory().dmaSpace().region(0)),
                    statistics, () -> nowNs += TURN_NS, log::add);
            this.loop = new EventLoop(share, true, Doorbell.waking(() -> {}), selector);
        }

        void run() {
            loop.execute(() -> loop.adopt(channel, frontEnd, () -> isOver = true));
            loop.run();
            loop.finish();
        }

        private void onIdle(long timeoutMs) {
            if (isOver || ++idle > MAX_IDLE) {
                loop.stop(isOver ? STOP_NS : 0);
                loop.stopDriving();
            } else if (channel.isReadable() || !channel.deliver()) {
                nowNs += Math.max(1, timeoutMs) * NS_PER_MILLI;
            } else {
                idle = 0;
            }
        }
    }

    private void check(Turn turn) {
        if (turn.loop.hasFailed()) {
            throw new AssertionError("the loop has failed: " + log);
        }
        if (!turn.isOver || turn.idle > MAX_IDLE) {
            throw new AssertionError("the connection is stuck: " + log);
        }
        if (log.size() > 1 || log.toString().contains("failed: ")) {
            throw new AssertionError("too much or too bad is said about one peer: " + log);
        }
        long clients = engine.counters().get(EngineCounter.CLIENTS);
        if (clients != 1) {
            throw new AssertionError("clients=" + (clients - 1) + " are left: " + log);
        }
        long misuses = engine.counters().get(EngineCounter.MISUSES)
                + engine.counters().get(EngineCounter.CONTROLLER_ERRORS)
                + engine.counters().get(EngineCounter.STALE_RELEASES)
                + engine.counters().get(EngineCounter.STALE_COMPLETIONS);
        if (misuses != 0) {
            throw new AssertionError("misuses, errors or stale tokens=" + misuses + ": " + log);
        }
        if (!canaries.areWhole()) {
            throw new AssertionError("somebody has written beyond the end of a buffer: " + log);
        }
        int[] room = room();
        if (room[0] != roomAtFirst[0] || room[1] != roomAtFirst[1]) {
            throw new AssertionError("tasks=" + room[0] + " of " + roomAtFirst[0] + ", with data=" + room[1] + " of "
                    + roomAtFirst[1] + " are left: " + log);
        }
        engine.releaseDriver();
    }

    /// How many tasks can be claimed without data, and with as much as can be.
    private int[] room() {
        try (Client client = engine.openClient("counts", "target")) {
            return new int[]{room(client, 0), room(client, MAX_TRANSFER)};
        }
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

    @Override
    public void close() {
        canaries.close();
        engine.close();
        image.close();
    }
}
