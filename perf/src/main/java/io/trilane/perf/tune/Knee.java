package io.trilane.perf.tune;

/// Where a curve of throughput over depth bends: more depth gives little more than latency.
///
/// @param cell        the bend
/// @param shareOfPeak its throughput as a part of the most that this curve reaches, 0..1
public record Knee(Cell cell, double shareOfPeak) {}
