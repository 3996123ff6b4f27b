package io.trilane.perf.harness;

/// What the stamps of one run have in common.
///
/// @param seed            of the image
/// @param firstGeneration of this run, not 0; drawn at random, so that no earlier run's stamps pass for this one's
public record StampIdentity(long seed, int firstGeneration) {
    public StampIdentity {
        firstGeneration = firstGeneration == StampLedger.UNKNOWN ? 1 : firstGeneration;
    }
}
