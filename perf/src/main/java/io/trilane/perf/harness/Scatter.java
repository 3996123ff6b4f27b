package io.trilane.perf.harness;

import java.util.SplittableRandom;

/// A seeded permutation of `0..count-1`: every rank has a block of its own, where fio's hash lets some share one. Mixes
/// within the next power of two, again and again until the number is in range: less than twice on average.
final class Scatter {
    private final long count;
    private final long mask;
    private final int shift;
    private final long start;
    private final long firstFactor;
    private final long secondFactor;

    Scatter(long count, SplittableRandom random) {
        int bits = Long.SIZE - Long.numberOfLeadingZeros(count - 1);
        this.count = count;
        this.mask = (1L << bits) - 1;
        this.shift = Math.max(1, bits / 2);
        this.start = random.nextLong();
        // Odd: only these can be undone.
        this.firstFactor = random.nextLong() | 1;
        this.secondFactor = random.nextLong() | 1;
    }

    long block(long rank) {
        long block = rank;
        do {
            block = mixed(block);
        } while (block >= count);
        return block;
    }

    /// Each step can be undone, so no two numbers meet.
    private long mixed(long number) {
        long mixed = number + start & mask;
        mixed ^= mixed >>> shift;
        mixed = mixed * firstFactor & mask;
        mixed ^= mixed >>> shift;
        mixed = mixed * secondFactor & mask;
        return mixed ^ mixed >>> shift;
    }
}
