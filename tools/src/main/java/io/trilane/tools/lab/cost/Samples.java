package io.trilane.tools.lab.cost;

import io.trilane.perf.harness.CopyLimit;
import java.util.ArrayList;
import java.util.List;

/// What one contender took, one figure per round, in nanoseconds per operation. Immutable.
record Samples(List<Double> nsPerOp) {
    private static final double LOWER = 0.25;
    private static final double UPPER = 0.75;

    Samples {
        nsPerOp = List.copyOf(nsPerOp);
        if (nsPerOp.isEmpty()) {
            throw new IllegalArgumentException("rounds=0 < 1, measure at least one round");
        }
    }

    double medianNs() {
        return CopyLimit.median(nsPerOp);
    }

    /// Half of the distance between the quartiles over the median: "plus or minus".
    double noise() {
        return (quantile(nsPerOp, UPPER) - quantile(nsPerOp, LOWER)) / 2 / medianNs();
    }

    double perSecond() {
        return 1e9 / medianNs();
    }

    /// How many times faster this is than `other`, round by round.
    Comparison fasterThan(Samples other) {
        if (other.nsPerOp.size() != nsPerOp.size()) {
            throw new IllegalArgumentException("rounds=" + nsPerOp.size() + " != rounds=" + other.nsPerOp.size()
                    + ", alternate them");
        }
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < nsPerOp.size(); i++) {
            ratios.add(other.nsPerOp.get(i) / nsPerOp.get(i));
        }
        return new Comparison(CopyLimit.median(ratios), quantile(ratios, LOWER), quantile(ratios, UPPER));
    }

    /// The same for two that did not take turns: quartile against quartile.
    Comparison fasterThanApart(Samples other) {
        return new Comparison(other.medianNs() / medianNs(),
                quantile(other.nsPerOp, LOWER) / quantile(nsPerOp, UPPER),
                quantile(other.nsPerOp, UPPER) / quantile(nsPerOp, LOWER));
    }

    /// The value with this part of the others below it, rounded to the nearest one.
    private static double quantile(List<Double> values, double part) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[(int) Math.round((sorted.length - 1) * part)];
    }

    /// A ratio with its quartiles.
    record Comparison(double ratio, double low, double high) {
        Comparison times(double factor) {
            return new Comparison(ratio * factor, low * factor, high * factor);
        }
    }
}
