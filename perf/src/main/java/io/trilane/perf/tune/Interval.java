package io.trilane.perf.tune;

/// A median and the interval that holds it with 95 % confidence (percentile bootstrap). Same unit all three.
public record Interval(double low, double median, double high) {
    /// True when the two cannot be told apart by their intervals.
    public boolean overlaps(Interval other) {
        return low <= other.high && other.low <= high;
    }

    /// Half the width of the interval, as a part of the median; 0 for a median of 0.
    public double relativeError() {
        return median == 0 ? 0 : (high - low) / 2 / median;
    }
}
