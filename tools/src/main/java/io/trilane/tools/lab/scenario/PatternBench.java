package io.trilane.tools.lab.scenario;

import io.trilane.engine.Client;
import io.trilane.engine.Engine;
import io.trilane.engine.EngineConfig;
import io.trilane.engine.SuspendPolicy;
import io.trilane.engine.ThreadingMode;
import io.trilane.engine.controller.QueueContract;
import io.trilane.hba.HbaConfig;
import io.trilane.hba.HbaController;
import io.trilane.hba.HbaModel;
import io.trilane.hba.LogicalUnitConfig;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.MemoryImage;
import io.trilane.hba.image.PendingImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/// The reference controller on memory images, with stamped loads: what a pattern is tried on. Target `i` has one unit on
/// an image of its own. With INVOKER threading a run is repeatable by its seed. One thread.
final class PatternBench implements AutoCloseable {
    static final int MAX_TASKS = 64;
    private static final long IMAGE_BYTES = 1 << 20;
    private static final long DATA_BYTES = 4 << 20;
    private static final long LIMIT_NS = 8_000_000_000L;
    private static final long CLOSE_NS = 2_000_000_000L;
    /// Of a clock that steps: some thousand cycles.
    private static final long STEPPED_CLOSE_NS = 20_000_000;
    private static final int LIMIT_TURNS = 40_000;
    private static final int IDLE_TURNS = 64;
    private static final int IDLE_MILLIS = 1_000;

    private final Setting setting;
    private final StepClock clock = new StepClock();
    private final SplittableRandom random;
    private final Map<Integer, DiskImage> media = new TreeMap<>();
    private final List<PendingImage> lagging = new CopyOnWriteArrayList<>();
    private final List<StampedLoad> loads = new ArrayList<>();
    private final HbaModel hardware;
    private final PatternController controller;
    private final Engine engine;

    /// @param targets     how many are there at launch
    /// @param spares      how many more images there are, to be plugged in
    /// @param lags        operations of the images take several cycles
    /// @param onAuxiliary targets are created synchronously from the auxiliary queue
    /// @param medium      put around each image: a canary's faulty disk
    record Setting(QueueContract contract, ThreadingMode threading, int targets, int spares, boolean lags,
            boolean onAuxiliary, SuspendPolicy suspendPolicy, long seed, UnaryOperator<DiskImage> medium) {

        static Setting of(long seed) {
            return new Setting(QueueContract.ENGINE, ThreadingMode.INVOKER, 1, 0, false, false,
                    SuspendPolicy.FAIL_FAST, seed, image -> image);
        }

        Setting with(QueueContract newContract) {
            return new Setting(newContract, threading, targets, spares, lags, onAuxiliary, suspendPolicy, seed, medium);
        }

        Setting with(ThreadingMode newThreading) {
            return new Setting(contract, newThreading, targets, spares, lags, onAuxiliary, suspendPolicy, seed, medium);
        }

        Setting with(SuspendPolicy policy) {
            return new Setting(contract, threading, targets, spares, lags, onAuxiliary, policy, seed, medium);
        }

        Setting withTargets(int newTargets, int newSpares) {
            return new Setting(contract, threading, newTargets, newSpares, lags, onAuxiliary, suspendPolicy, seed,
                    medium);
        }

        Setting lagging() {
            return new Setting(contract, threading, targets, spares, true, onAuxiliary, suspendPolicy, seed, medium);
        }

        Setting creatingOnAuxiliary() {
            return new Setting(contract, threading, targets, spares, lags, true, suspendPolicy, seed, medium);
        }

        Setting withMedium(UnaryOperator<DiskImage> newMedium) {
            return new Setting(contract, threading, targets, spares, lags, onAuxiliary, suspendPolicy, seed, newMedium);
        }
    }

    PatternBench(Setting setting) {
        this.setting = setting;
        this.random = new SplittableRandom(setting.seed());
        List<HbaConfig.Unit> units = new ArrayList<>();
        for (int id = 0; id < setting.targets() + setting.spares(); id++) {
            media.put(id, MemoryImage.open(IMAGE_BYTES, WriteLedger.BLOCK_BYTES));
        }
        for (int id = 0; id < setting.targets(); id++) {
            units.add(unit(id));
        }
        this.hardware = new HbaModel(new HbaConfig(MAX_TASKS, 1 << 20, 1, units));
        List<Long> auxiliary = setting.onAuxiliary() ? hardware.targetIds().stream().map(Integer::longValue).toList()
                : List.of();
        this.controller = new PatternController(new HbaController(hardware),
                new PatternController.Options(auxiliary), lagging, random.split());
        this.engine = Engine.launch(config(), controller);
    }

    Engine engine() {
        return engine;
    }

    HbaModel hardware() {
        return hardware;
    }

    PatternController controller() {
        return controller;
    }

    SplittableRandom random() {
        return random;
    }

    StepClock clock() {
        return clock;
    }

    List<StampedLoad> loads() {
        return loads;
    }

    /// What is stored of a target, below everything that a canary or a lag does to it.
    DiskImage medium(long targetId) {
        DiskImage image = media.get((int) targetId);
        if (image == null) {
            throw new IllegalArgumentException("targetId=" + targetId + " has no image, name one of " + media.keySet());
        }
        return image;
    }

    /// A unit on the image of `targetId`, to be plugged in.
    HbaConfig.Unit unit(int targetId) {
        DiskImage image = setting.medium().apply(medium(targetId));
        if (setting.lags()) {
            PendingImage pending = new PendingImage(image);
            lagging.add(pending);
            image = pending;
        }
        return new HbaConfig.Unit(targetId, 0, LogicalUnitConfig.ofSerial("PATTERN-" + targetId), image);
    }

    /// Another client with a region of its own on that target.
    StampedLoad openLoad(long targetId) {
        long firstLba = (long) loads.size() * StampedLoad.PLACES * WriteLedger.BLOCKS;
        StampedLoad load = new StampedLoad(engine.openClient("load-" + loads.size(), "target-" + targetId), targetId,
                firstLba, setting.seed() + loads.size(), random.split());
        loads.add(load);
        return load;
    }

    /// One cycle of the engine, where it needs one, and of every load.
    int turn(boolean submits) {
        if (setting.threading() == ThreadingMode.INVOKER) {
            int _ = engine.doWork();
        } else {
            Thread.onSpinWait();
        }
        int polled = 0;
        for (StampedLoad load : loads) {
            polled += load.poll();
            if (submits) {
                int _ = load.submit();
            }
        }
        return polled;
    }

    /// So many cycles under load; with threads, until so many tasks came back.
    void load(int turns) {
        int count = 0;
        long startNs = System.nanoTime();
        while (count < turns && System.nanoTime() - startNs < LIMIT_NS) {
            int polled = turn(true);
            count += setting.threading() == ThreadingMode.INVOKER ? 1 : polled;
        }
    }

    /// Cycles under load until it holds; false when it never does.
    boolean loadUntil(BooleanSupplier condition) {
        return until(condition, true);
    }

    /// Lets the images keep what they have, and loads until every client has a task in flight there. Thaw with
    /// [PatternController#setFrozen].
    boolean freeze() {
        controller.setFrozen(true);
        return loadUntil(() -> lagging.stream().filter(image -> image.pendingOperations() > 0).count() >= loads.size());
    }

    /// Cycles without new tasks until it holds; false when it never does.
    boolean idleUntil(BooleanSupplier condition) {
        return until(condition, false);
    }

    /// Cycles without new tasks until everything is back; false when something never comes. Time passes when nothing else
    /// does, so that deadlines and fallbacks have their turn.
    boolean drain() {
        return until(() -> loads.stream().allMatch(load -> load.deliveries().outstanding() == 0), false);
    }

    /// A second client reads every place of every load.
    void readThroughAnotherClient() {
        try (Client client = engine.openClient("judge", "all")) {
            CrossReader reader = new CrossReader(client, this::idleUntil);
            loads.forEach(reader::read);
        }
    }

    /// Reads every place of every load off its image, without the engine; best after [#closeEngine].
    void readImages() {
        for (StampedLoad load : loads) {
            try (ImageReader reader = new ImageReader(medium(load.targetId()))) {
                for (int place = 0; place < load.writes().places(); place++) {
                    reader.read(load.writes().lba(place), load.writes().buffer());
                    load.writes().check(place, "its image");
                }
            }
        }
    }

    /// How many tasks a client can have: all of them, when no slot was lost. No load may have any.
    int freeSlots() {
        List<Long> tokens = new ArrayList<>();
        try (Client client = engine.openClient("slots", "none")) {
            for (var task = client.claim(0); task != null; task = client.claim(0)) {
                tokens.add(task.token());
            }
            tokens.forEach(token -> {
                boolean _ = client.release(token);
            });
        }
        return tokens.size();
    }

    /// Closes the clients, which give back what they have, then the engine.
    void closeEngine() {
        loads.forEach(load -> load.client().close(load::onDone));
        engine.close();
    }

    @Override
    public void close() {
        closeEngine();
        for (PendingImage image : lagging) {
            image.setListener((_, _) -> {});
            while (image.completeOldest()) {
                Thread.onSpinWait();
            }
        }
        loads.forEach(StampedLoad::close);
        media.values().forEach(DiskImage::close);
    }

    private boolean until(BooleanSupplier condition, boolean submits) {
        boolean isPumped = setting.threading() == ThreadingMode.INVOKER;
        long startNs = System.nanoTime();
        int idle = 0;
        for (int turns = 0; !condition.getAsBoolean(); turns++) {
            if (isPumped ? turns > LIMIT_TURNS : System.nanoTime() - startNs > LIMIT_NS) {
                return condition.getAsBoolean();
            }
            idle = turn(submits) > 0 ? 0 : idle + 1;
            if (isPumped && idle > IDLE_TURNS) {
                clock.advanceMillis(IDLE_MILLIS);
                idle = 0;
            }
        }
        return true;
    }

    private EngineConfig config() {
        EngineConfig config = EngineConfig.defaults().withMaxTasks(MAX_TASKS).withDataBudgetBytes(DATA_BYTES)
                .withContract(setting.contract()).withThreading(setting.threading())
                .withCountersDirectory(Optional.empty())
                .withCloseTimeoutNs(setting.threading() == ThreadingMode.INVOKER ? STEPPED_CLOSE_NS : CLOSE_NS);
        config = config.withFramework(config.framework().withSuspendPolicy(setting.suspendPolicy()));
        LongSupplier time = clock;
        return setting.threading() == ThreadingMode.INVOKER ? config.withSimulatedTime(time) : config;
    }
}
