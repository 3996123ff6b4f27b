package io.trilane.perf.harness;

/// One job's part of one round.
record RoundSample(long operations, long writes, long elapsedNs) {
    double operationsPerNs() {
        return (double) operations / Math.max(1, elapsedNs);
    }
}
