package io.trilane.perf.tune;

import java.util.ArrayList;
import java.util.List;

/// Measures two disks in alternation, each at its own cell, so that what troubles the machine troubles both. The order turns
/// round with each pair (A B, B A, ...). Used once, by one thread; anyone may stop it.
public final class SideBySide {
    /// Fewer pairs give no interval.
    public static final int LEAST_PAIRS = Bootstrap.LEAST_VALUES;

    private final Side first;
    private final Side second;
    private final long seed;
    private volatile boolean stopped;

    /// @param name  as the user gave it
    /// @param meter stays open; closed by its owner
    public record Side(String name, CellMeter meter, Cell cell) {}

    /// @param first    bytes per second
    /// @param second   bytes per second
    /// @param ratio    first over second: the median over the pairs
    /// @param pairs    that were measured
    /// @param sentence for people, one line
    public record Result(Interval first, Interval second, Interval ratio, int pairs, long errors, String sentence) {}

    public SideBySide(Side first, Side second, long seed) {
        this.first = first;
        this.second = second;
        this.seed = seed;
    }

    /// @param pairs   of rounds, at least [#LEAST_PAIRS]
    /// @param roundNs of each round, by its disk's clock
    /// @throws IllegalStateException stopped before the first pair, or a disk did nothing
    public Result run(int pairs, long roundNs) {
        if (pairs < LEAST_PAIRS) {
            throw new IllegalArgumentException("pairs=" + pairs + " < " + LEAST_PAIRS + ", measure more of them");
        }
        List<Double> firsts = new ArrayList<>();
        List<Double> seconds = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        long errors = 0;
        try (CellMeter.Load one = first.meter.open(first.cell); CellMeter.Load other = second.meter.open(second.cell)) {
            for (int i = 0; i < pairs && !stopped; i++) {
                boolean turned = i % 2 == 1;
                CellMeter.Sample early = (turned ? other : one).measure(roundNs);
                CellMeter.Sample late = (turned ? one : other).measure(roundNs);
                CellMeter.Sample mine = turned ? late : early;
                CellMeter.Sample its = turned ? early : late;
                errors += mine.errors() + its.errors();
                if (!stopped && mine.rate() > 0 && its.rate() > 0) {
                    firsts.add(mine.rate() * first.cell.requestBytes());
                    seconds.add(its.rate() * second.cell.requestBytes());
                    ratios.add(firsts.getLast() / seconds.getLast());
                }
            }
        }
        if (ratios.isEmpty()) {
            throw new IllegalStateException(
                    "pairs=0 < 1, nothing was measured of " + first.name + " and " + second.name);
        }
        Interval ratio = Bootstrap.median(ratios, seed);
        return new Result(Bootstrap.median(firsts, seed), Bootstrap.median(seconds, seed), ratio, ratios.size(), errors,
                ratios.size() < LEAST_PAIRS ? "pairs=" + ratios.size() + " < " + LEAST_PAIRS + ", too few to tell "
                        + first.name + " and " + second.name + " apart" : sentence(ratio));
    }

    /// Any thread.
    public void stop() {
        stopped = true;
        first.meter.stop();
        second.meter.stop();
    }

    private String sentence(Interval ratio) {
        String interval = Wording.format("%.3f (95 %%: %.3f .. %.3f)", ratio.median(), ratio.low(), ratio.high());
        if (ratio.low() <= 1 && ratio.high() >= 1) {
            return first.name + " and " + second.name + " cannot be told apart: ratio " + interval;
        }
        return first.name + " is " + (ratio.median() > 1 ? "faster" : "slower") + " than " + second.name + ": ratio "
                + interval;
    }
}
