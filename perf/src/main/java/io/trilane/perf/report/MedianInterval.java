package io.trilane.perf.report;

import io.trilane.perf.tune.Interval;
import java.util.List;

/// The interval of a median without any assumption about the values: between two of them, so chosen that the median is
/// outside with at most 5 % (sign test; Conover, Practical Nonparametric Statistics, 3.2). Below six values there is no such
/// pair, and it is from the least to the largest.
final class MedianInterval {
    private static final double EACH_SIDE = 0.025;

    private MedianInterval() {}

    /// @param values at least one
    static Interval of(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int count = sorted.size();
        double median = (sorted.get((count - 1) / 2) + sorted.get(count / 2)) / 2;
        int rank = rank(count);
        return new Interval(sorted.get(rank), median, sorted.get(count - 1 - rank));
    }

    /// The largest number of values that may be left out on each side: P(Binomial(count, 1/2) <= rank) <= 2.5 %, minus one.
    private static int rank(int count) {
        double logTerm = -count * Math.log(2);
        double sum = Math.exp(logTerm);
        int rank = 0;
        while (sum <= EACH_SIDE && rank < count / 2) {
            rank++;
            logTerm += Math.log((double) (count - rank + 1) / rank);
            sum += Math.exp(logTerm);
        }
        return Math.max(0, rank - 1);
    }
}
