package io.trilane.perf.tune;

import io.trilane.perf.harness.LatencySummary;
import java.util.Collections;
import java.util.List;

/// Results made by hand.
final class Cells {
    private Cells() {}

    /// A cell whose five rounds are alike.
    static CellResult result(long requestBytes, int depth, double iops) {
        return result(requestBytes, depth, iops, 0);
    }

    /// @param noise half the width of the intervals, as a part
    static CellResult result(long requestBytes, int depth, double iops, double noise) {
        double bytes = iops * requestBytes;
        long latencyNs = (long) (depth / iops * 1e9);
        LatencySummary latency = new LatencySummary(1000, latencyNs, latencyNs, latencyNs, 0,
                Collections.nCopies(LatencySummary.PERCENTILES.size(), latencyNs));
        return new CellResult(new Cell(requestBytes, depth, depth, 1), interval(iops, noise), interval(bytes, noise),
                latency, Collections.nCopies(5, bytes), List.of(0L, 1L, 2L, 3L, 4L), new Interval(0, 0, 0), true, true,
                false, 0);
    }

    private static Interval interval(double value, double noise) {
        return new Interval(value * (1 - noise), value, value * (1 + noise));
    }
}
