package io.trilane.perf.harness;

/// Requests that arrive by a schedule, whatever the disk does.
///
/// @param rateIops requests per second and job
/// @param process  how they are spread
public record OpenLoop(long rateIops, RateProcess process) {
    private static final long MAX_RATE_IOPS = 1_000_000_000;
    private static final double NS_PER_SECOND = 1e9;

    public OpenLoop {
        if (rateIops < 1 || rateIops > MAX_RATE_IOPS) {
            throw new IllegalArgumentException("rate_iops=" + rateIops + " not in 1.." + MAX_RATE_IOPS
                    + ", choose a value in that range");
        }
    }

    /// Mean time between two arrivals, in nanoseconds.
    double gapNs() {
        return NS_PER_SECOND / rateIops;
    }

    /// How many are expected in this time, at least 1.
    long arrivalsIn(long ns) {
        return Math.max(1, Math.round(ns / gapNs()));
    }
}
