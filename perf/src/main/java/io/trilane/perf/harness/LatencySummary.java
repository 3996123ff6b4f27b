package io.trilane.perf.harness;

import java.util.List;
import org.HdrHistogram.Histogram;

/// Latencies of many requests, in nanoseconds.
///
/// @param values one per entry of [#PERCENTILES]
public record LatencySummary(long count, long minNs, long maxNs, double meanNs, double deviationNs,
        List<Long> values) {
    /// Those that are reported.
    public static final List<Double> PERCENTILES =
            List.of(1.0, 5.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 95.0, 99.0, 99.5, 99.9, 99.95,
                    99.99);

    /// All zero where nothing was recorded.
    public static LatencySummary of(Histogram histogram) {
        if (histogram.getTotalCount() == 0) {
            return new LatencySummary(0, 0, 0, 0, 0, PERCENTILES.stream().map(_ -> 0L).toList());
        }
        return new LatencySummary(histogram.getTotalCount(), histogram.getMinValue(), histogram.getMaxValue(),
                histogram.getMean(), histogram.getStdDeviation(),
                PERCENTILES.stream().map(histogram::getValueAtPercentile).toList());
    }

    /// @param percentile one of [#PERCENTILES]
    public long valueNs(double percentile) {
        return values.get(PERCENTILES.indexOf(percentile));
    }
}
