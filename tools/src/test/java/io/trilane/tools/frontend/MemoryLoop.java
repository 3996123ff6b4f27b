package io.trilane.tools.frontend;

import io.trilane.engine.Engine;
import io.trilane.engine.EngineConfig;
import io.trilane.engine.queue.Doorbell;
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

/// An event loop of one thread, without sockets and with a clock of its own, on which peers meet whose every byte is known
/// before: what happens in which turn is the same every time.
public final class MemoryLoop implements AutoCloseable {
    /// How long a turn takes.
    public static final long TURN_NS = 10_000L;
    private static final int TASKS = 64;
    private static final int MAX_TRANSFER = 1 << 18;
    private static final long NS_PER_MILLI = 1_000_000L;

    private final List<String> log = new ArrayList<>();
    private final DiskImage image;
    private final Engine engine;
    private final FrontEnd frontEnd;
    private long nowNs = 1;

    /// @param frontEnd makes what is talked to, for the unit that is served: a thin disk of 1 MiB with the name `disk`
    public MemoryLoop(Function<ServedUnit, FrontEnd> frontEnd) {
        image = new ImageRegistry().open("memory:1m", false, MemoryPeer.BLOCK);
        LogicalUnitConfig config = LogicalUnitConfig.ofSerial("LOOP").withProvisioning(Provisioning.THIN);
        HbaConfig hardware = new HbaConfig(TASKS, MAX_TRANSFER, 1, List.of(new HbaConfig.Unit(0, 0, config, image)));
        engine = Engine.launch(EngineConfig.defaults().withMaxTasks(TASKS).withClientMaxTasks(TASKS)
                .withCountersDirectory(Optional.empty()).withSimulatedTime(() -> nowNs),
                new HbaController(new HbaModel(hardware)));
        engine.releaseDriver();
        this.frontEnd = frontEnd.apply(new ServedUnit(0, 0, "disk", MemoryPeer.BLOCK, image.capacityBlocks(), false,
                true, MAX_TRANSFER));
    }

    /// A loop that has gone to sleep.
    ///
    /// @param turn      in this turn
    /// @param timeoutMs as [java.nio.channels.Selector#select(long)]: 0 is for ever
    public record Sleep(int turn, long timeoutMs) {}

    /// What happened.
    ///
    /// @param sentBytes of each peer: what it had been sent before each turn
    /// @param reads     how often each peer's socket was read
    public record Trace(int[][] sentBytes, int[] reads, List<Sleep> sleeps) {
        /// The first turn before which the peer had been sent so much.
        public int turnOf(int peer, int bytes) {
            for (int turn = 0; turn < sentBytes[peer].length; turn++) {
                if (sentBytes[peer][turn] >= bytes) {
                    return turn;
                }
            }
            throw new AssertionError("sentBytes=" + total(peer) + " < " + bytes + " to peer=" + peer);
        }

        /// The most that the peer was sent in one turn.
        public int most(int peer) {
            int most = 0;
            for (int turn = 1; turn < sentBytes[peer].length; turn++) {
                most = Math.max(most, sentBytes[peer][turn] - sentBytes[peer][turn - 1]);
            }
            return most;
        }

        public int total(int peer) {
            return sentBytes[peer][sentBytes[peer].length - 1];
        }
    }

    /// Lets peers say all of this at once, for so many turns.
    public Trace run(int turns, byte[]... inputs) {
        return run(turns, Integer.MAX_VALUE, inputs);
    }

    /// Lets peers say this, so much of it whenever the loop would sleep, for so many turns.
    public Trace run(int turns, int piece, byte[]... inputs) {
        List<MemoryChannel> channels = new ArrayList<>();
        for (byte[] input : inputs) {
            channels.add(MemoryChannel.thirsty(input, piece));
        }
        Run run = new Run(turns, channels);
        run.loop.run();
        run.loop.finish();
        if (run.loop.hasFailed() || log.toString().contains("failed: ")) {
            throw new AssertionError("the loop or a connection has failed: " + log);
        }
        int[] reads = channels.stream().mapToInt(MemoryChannel::reads).toArray();
        return new Trace(run.sentBytes, reads, run.sleeps);
    }

    /// From accept to the end of the loop.
    private final class Run {
        private final EventLoop loop;
        private final List<MemoryChannel> channels;
        private final int[][] sentBytes;
        private final List<Sleep> sleeps = new ArrayList<>();
        private int turn;

        Run(int turns, List<MemoryChannel> channels) {
            this.channels = channels;
            this.sentBytes = new int[channels.size()][turns];
            LoopShare share = new LoopShare(engine, new DataWindows(engine.memory().dmaSpace().region(0)),
                    StatisticsFile.inMemory(), this::tick, log::add);
            loop = new EventLoop(share, true, Doorbell.waking(() -> {}), new MemorySelector(this::onIdle));
            // It has read its clock.
            turn = 0;
            channels.forEach(channel -> loop.execute(() -> loop.adopt(channel, frontEnd, () -> {})));
        }

        /// The loop reads its clock once a turn.
        private long tick() {
            if (turn < sentBytes[0].length) {
                for (int i = 0; i < sentBytes.length; i++) {
                    sentBytes[i][turn] = channels.get(i).sentBytes();
                }
            } else if (turn == sentBytes[0].length) {
                loop.stop(0);
                loop.stopDriving();
            }
            turn++;
            nowNs += TURN_NS;
            return nowNs;
        }

        private void onIdle(long timeoutMs) {
            if (turn <= sentBytes[0].length) {
                sleeps.add(new Sleep(turn - 1, timeoutMs));
            }
            boolean isAwake = false;
            for (MemoryChannel channel : channels) {
                isAwake |= channel.hasMore() && channel.deliver();
            }
            nowNs += isAwake ? 0 : Math.max(1, timeoutMs) * NS_PER_MILLI;
        }
    }

    @Override
    public void close() {
        engine.close();
        image.close();
    }
}
