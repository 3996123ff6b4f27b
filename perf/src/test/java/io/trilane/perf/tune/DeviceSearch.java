package io.trilane.perf.tune;

import io.trilane.hba.device.DeviceLoad;
import io.trilane.hba.device.DeviceModel;
import io.trilane.hba.device.DeviceOptimum;
import io.trilane.hba.image.NullImage;
import io.trilane.perf.harness.DeviceLoadDisk;
import io.trilane.perf.harness.RwMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/// A search on a modelled device in simulated time, and what can be worked out about the same device without a clock.
///
/// @param model without stalls
/// @param goal  sequential or, on one member without an arm, random; sizes and depths are powers of two, each twice the last
record DeviceSearch(DeviceModel model, TuneGoal goal) {
    private static final long CAPACITY_BYTES = 64L << 30;
    private static final long KIB = 1024;

    static DeviceSearch of(DeviceModel model, RwMode mode, List<Integer> kibs, List<Integer> depths,
            List<Integer> bundles, long budgetMs) {
        return new DeviceSearch(model, new TuneGoal(mode, 50, kibs.stream().map(kib -> kib * KIB).toList(), depths,
                bundles, List.of(1), Optional.empty(), budgetMs * 1_000_000, 1));
    }

    DeviceSearch withObjective(Objective objective) {
        return new DeviceSearch(model, new TuneGoal(goal.mode(), goal.rwMixRead(), goal.sizes(), goal.depths(),
                goal.bundles(), goal.jobs(), Optional.of(objective), goal.budgetNs(), goal.seed()));
    }

    DeviceSearch withSeed(long seed) {
        return new DeviceSearch(model, new TuneGoal(goal.mode(), goal.rwMixRead(), goal.sizes(), goal.depths(),
                goal.bundles(), goal.jobs(), goal.objective(), goal.budgetNs(), seed));
    }

    @Override
    public String toString() {
        return model.name() + " " + goal.mode().option();
    }

    TuneResult run() {
        return runTimed().result;
    }

    /// @param lastRoundAtNs when the last round began or was made ready, since the search began
    record Timed(TuneResult result, long lastRoundAtNs) {}

    Timed runTimed() {
        try (DeviceLoadDisk disk = DeviceLoadDisk.simulated(model, () -> new NullImage(CAPACITY_BYTES, 512));
                RoundTimes meter = new RoundTimes(LoadCellMeter.of(disk, goal))) {
            long startNs = disk.nanoClock().getAsLong();
            TuneResult result = new Tuner(disk.name(), goal, meter, TuneListener.NONE, List.of()).run();
            return new Timed(result, meter.lastNs - startNs);
        }
    }

    double computedBytesPerSecond(Cell cell) {
        return new DeviceOptimum(model, CAPACITY_BYTES).rate(load(cell)).bytesPerSecond();
    }

    /// What the search may find: all values of the axes and those half way between, as far as computed latency is less than
    /// the limit. A closed loop's mean latency is its depth over its rate (Little).
    List<DeviceOptimum.Rate> computed(long limitNs) {
        DeviceOptimum optimum = new DeviceOptimum(model, CAPACITY_BYTES);
        return cells().stream().map(cell -> optimum.rate(load(cell)))
                .filter(rate -> latencyNs(rate) < limitNs).toList();
    }

    /// The fewest bytes in flight that are worth as much as the most throughput.
    DeviceOptimum.Rate optimum(long limitNs) {
        List<DeviceOptimum.Rate> rates = computed(limitNs);
        double most = rates.stream().mapToDouble(DeviceOptimum.Rate::bytesPerSecond).max().orElseThrow();
        return rates.stream().filter(rate -> rate.bytesPerSecond() >= (1 - Judge.MARGIN) * most)
                .min(Comparator.comparingLong(rate -> rate.load().bytesInFlight())).orElseThrow();
    }

    static double latencyNs(DeviceOptimum.Rate rate) {
        return rate.load().depth() * 1e9 / rate.requestsPerSecond();
    }

    private List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (long size : halved(goal.sizes())) {
            for (long depth : halved(goal.depths().stream().map(Integer::longValue).toList())) {
                goal.bundles().stream().map(bundle -> (int) Math.min(bundle, depth)).distinct()
                        .forEach(bundle -> cells.add(new Cell(size, (int) depth, bundle, 1)));
            }
        }
        return cells;
    }

    private static TreeSet<Long> halved(List<Long> powers) {
        TreeSet<Long> values = new TreeSet<>(powers);
        powers.stream().skip(1).filter(power -> power > 2).forEach(power -> values.add(power / 4 * 3));
        return values;
    }

    private DeviceLoad load(Cell cell) {
        return new DeviceLoad(goal.mode().writes(), goal.mode().random(), cell.requestBytes(), cell.depth(),
                cell.bundle());
    }

    /// Knows when the last round began.
    private static final class RoundTimes implements CellMeter {
        private final CellMeter meter;
        private long lastNs;

        RoundTimes(CellMeter meter) {
            this.meter = meter;
        }

        @Override
        public Load open(Cell cell) {
            lastNs = nanoClock().getAsLong();
            Load load = meter.open(cell);
            return new Load() {
                @Override
                public Sample measure(long wantedNs) {
                    lastNs = nanoClock().getAsLong();
                    return load.measure(wantedNs);
                }

                @Override
                public void close() {
                    load.close();
                }
            };
        }

        @Override
        public LongSupplier nanoClock() {
            return meter.nanoClock();
        }

        @Override
        public void stop() {
            meter.stop();
        }

        @Override
        public void close() {
            meter.close();
        }
    }
}
