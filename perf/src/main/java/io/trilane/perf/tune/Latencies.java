package io.trilane.perf.tune;

import io.trilane.perf.harness.LatencySummary;
import org.HdrHistogram.Histogram;

/// What is read out of histograms of latency. Stateless.
final class Latencies {
    private Latencies() {}

    static LatencySummary summary(Histogram histogram) {
        if (histogram.getTotalCount() == 0) {
            return new LatencySummary(0, 0, 0, 0, 0, LatencySummary.PERCENTILES.stream().map(_ -> 0L).toList());
        }
        return new LatencySummary(histogram.getTotalCount(), histogram.getMinValue(), histogram.getMaxValue(),
                histogram.getMean(), histogram.getStdDeviation(),
                LatencySummary.PERCENTILES.stream().map(histogram::getValueAtPercentile).toList());
    }
}
