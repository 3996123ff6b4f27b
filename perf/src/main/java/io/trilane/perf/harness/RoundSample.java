package io.trilane.perf.harness;

/// One job's part of one round.
///
/// @param counts of the engine's requests, by kind
record RoundSample(long operations, RequestCounts counts, long elapsedNs) {
    double operationsPerNs() {
        return (double) operations / Math.max(1, elapsedNs);
    }
}
