package io.trilane.perf.tune;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Says which cells are as good as the best. Two cells are equal when the one with less throughput was not shown to be more
/// than 1 % worse: the 95 % bootstrap interval of the ratio of their medians reaches 0.99. The best is the highest median among
/// the cells without errors that meet the objective and have five repetitions, or where the search ended early one less than
/// the most that any has. Chosen is, of its equals with 95 % of its median, the one with the least bytes in
/// flight, then the least latency. Stateless.
final class Judge {
    /// Less than this is not worth more bytes in flight.
    static final double MARGIN = 0.01;

    private static final double NEARLY = 0.95;
    private static final Comparator<Candidate> FRUGAL = Comparator
            .comparingLong((Candidate candidate) -> candidate.cell().bytesInFlight())
            .thenComparingDouble(Candidate::meanLatencyNs)
            .thenComparing(Candidate::cell, Grid.ORDER);

    private Judge() {}

    /// @param equals least bytes in flight first, the best among them
    record Verdict(Candidate best, List<Candidate> equals) {
        Candidate chosen() {
            // An interval so wide that it reaches the best is no reason to recommend a median far below it.
            return equals.stream().filter(other -> other.throughput() >= NEARLY * best.throughput()).findFirst()
                    .orElse(best);
        }
    }

    /// Empty when no cell can be recommended.
    static Optional<Verdict> judge(Collection<Candidate> candidates) {
        List<Candidate> fit =
                candidates.stream().filter(Candidate::isUsable).filter(Candidate::meetsObjective).toList();
        int most = fit.stream().mapToInt(Candidate::rounds).max().orElse(0);
        int least = Math.clamp(most - 1, 1, Bootstrap.LEAST_VALUES);
        List<Candidate> pool = fit.stream().filter(candidate -> candidate.rounds() >= least).toList();
        return fastest(pool).map(best -> {
            List<Candidate> equals = new ArrayList<>(pool.stream().filter(other -> isEqual(other, best)).toList());
            equals.sort(FRUGAL);
            return new Verdict(best, List.copyOf(equals));
        });
    }

    static Optional<Candidate> fastest(Collection<Candidate> candidates) {
        return candidates.stream().max(Comparator.comparingDouble(Candidate::throughput)
                .thenComparing(Candidate::cell, Grid.ORDER.reversed()));
    }

    /// Those that may have what it takes: [#NEARLY] of the throughput of the best of them; least bytes in flight first.
    static List<Candidate> nearly(Collection<Candidate> candidates) {
        double most = fastest(candidates).map(Candidate::throughput).orElse(0.0);
        return candidates.stream().filter(candidate -> candidate.throughput() >= NEARLY * most)
                .sorted(Comparator.comparingLong((Candidate candidate) -> candidate.cell().bytesInFlight())
                        .thenComparing(Candidate::cell, Grid.ORDER))
                .toList();
    }

    /// Who comes closest to an objective that nobody meets.
    static List<Candidate> closest(Collection<Candidate> candidates) {
        return candidates.stream().filter(Candidate::isUsable)
                .sorted(Comparator.comparingDouble((Candidate candidate) -> candidate.objectiveInterval().median())
                        .thenComparing(Comparator.comparingDouble(Candidate::throughput).reversed())
                        .thenComparing(Candidate::cell, Grid.ORDER))
                .toList();
    }

    /// True when `candidate` was not shown to be more than [#MARGIN] worse.
    static boolean isEqual(Candidate candidate, Candidate best) {
        // The interval holds the ratio itself: no need to draw it then.
        return candidate.throughput() >= (1 - MARGIN) * best.throughput()
                || Bootstrap.ratio(candidate.throughputs(), best.throughputs(),
                        candidate.seed() ^ Long.rotateLeft(best.seed(), 32)).high() >= 1 - MARGIN;
    }

    /// Whether more repetitions cannot make this cell the best: with few of them only where it is far behind.
    static boolean isHopeless(Candidate candidate, Candidate best) {
        if (candidate.rounds() >= Bootstrap.LEAST_VALUES && best.rounds() >= Bootstrap.LEAST_VALUES) {
            return !isEqual(candidate, best);
        }
        double slack = candidate.rounds() == 1 ? 0.8 : 0.9;
        return candidate.throughputInterval().high() < slack * best.throughput();
    }
}
