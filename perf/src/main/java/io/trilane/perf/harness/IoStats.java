package io.trilane.perf.harness;

/// Reads or writes, of one job or of all.
///
/// @param ios       in measured rounds
/// @param runtimeNs of these rounds
public record IoStats(long ios, long bytes, long runtimeNs, double iops, double bytesPerSecond,
        LatencySummary latency) {}
