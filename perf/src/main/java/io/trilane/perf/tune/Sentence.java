package io.trilane.perf.tune;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The answer in a line. What stands behind the semicolon is read from the cells of the same curve with more depth. Stateless.
final class Sentence {
    /// Latency that is higher by less is not worth a word.
    private static final double LATENCY_GAIN = 0.05;
    /// Throughput that differs by less was measured too seldom to be sure of, where a cell was not repeated.
    private static final double NOISE = 0.02;

    private Sentence() {}

    /// @param cells all of them, for the comparison
    static String of(CellResult chosen, List<CellResult> cells, TuneGoal goal) {
        return "use " + Wording.cell(chosen.cell(), goal) + ": " + Wording.rate(chosen.bytesPerSecond().median()) + ", "
                + latency(chosen, goal.objective()) + "; " + depth(chosen, cells, goal);
    }

    /// For a search without an answer.
    static String unmet(Objective objective, CellResult closest, TuneGoal goal) {
        return "no cell meets " + Wording.objective(objective) + "; the closest is "
                + Wording.cell(closest.cell(), goal)
                + ": " + latency(closest, Optional.of(objective)) + ", "
                + Wording.rate(closest.bytesPerSecond().median());
    }

    private static String latency(CellResult cell, Optional<Objective> objective) {
        return objective.map(wanted -> Wording.percentile(wanted.percentile()) + " "
                + Wording.time(cell.objectiveNs().median()))
                .orElseGet(() -> "p99 " + Wording.time(cell.latency().valueNs(99)));
    }

    private static String depth(CellResult chosen, List<CellResult> cells, TuneGoal goal) {
        List<CellResult> deeper = Curves.deeper(chosen, cells, goal);
        if (deeper.isEmpty()) {
            return "no greater depth was measured";
        }
        CellResult top = deeper.stream().max(Comparator.comparingDouble(cell -> cell.bytesPerSecond().median()))
                .orElseThrow();
        CellResult deepest = deeper.getLast();
        double gain = share(top.bytesPerSecond().median(), chosen.bytesPerSecond().median());
        boolean slower = deepest.latency().meanNs() > (1 + LATENCY_GAIN) * chosen.latency().meanNs();
        if (gain > Judge.MARGIN && !isNoise(top, chosen)) {
            return gained(chosen, top, gain, goal);
        }
        double loss = -share(deepest.bytesPerSecond().median(), chosen.bytesPerSecond().median());
        if (loss > Judge.MARGIN && !isNoise(deepest, chosen)) {
            return "more depth costs throughput (" + Wording.percent(loss) + " at depth " + deepest.cell().depth() + ")"
                    + (slower ? " and adds latency" : "");
        }
        return slower ? "more depth only adds latency" : "more depth changes nothing that can be measured";
    }

    private static String gained(CellResult chosen, CellResult top, double gain, TuneGoal goal) {
        String more = "depth " + top.cell().depth() + " gives " + Wording.percent(gain) + " more";
        if (!top.meetsObjective()) {
            return more + " but misses the objective (" + latency(top, goal.objective()) + ")";
        }
        double latency = share(top.latency().meanNs(), chosen.latency().meanNs());
        return more + (latency > LATENCY_GAIN ? " for " + Wording.percent(latency) + " more latency" : "")
                + (top.rounds().size() < Bootstrap.LEAST_VALUES ? " (not repeated enough to be sure)" : "");
    }

    private static boolean isNoise(CellResult other, CellResult chosen) {
        boolean repeated = other.rounds().size() >= Bootstrap.LEAST_VALUES;
        return other.isEqualToBest() && chosen.isEqualToBest() || repeated
                && other.bytesPerSecond().overlaps(chosen.bytesPerSecond())
                || !repeated
                        && Math.abs(share(other.bytesPerSecond().median(), chosen.bytesPerSecond().median())) < NOISE;
    }

    private static double share(double value, double of) {
        return of == 0 ? 0 : value / of - 1;
    }
}
