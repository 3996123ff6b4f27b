package io.trilane.perf.harness;

import java.util.SplittableRandom;

/// Draws blocks of a region, one after the other, as an [OffsetDistribution] wants them. Before the clock starts;
/// belongs to one [RequestWalk].
interface BlockChoice {
    /// The next block, `0..blocks-1`.
    long next();

    static BlockChoice of(OffsetDistribution places, long blocks, SplittableRandom random) {
        return switch (places.kind()) {
            case RANDOM -> () -> random.nextLong(blocks);
            case ZIPF -> scattered(new ZipfChoice(places.parameter(), blocks, random), blocks, random);
            case PARETO -> scattered(pareto(places.parameter(), blocks, random), blocks, random);
            case NORMAL -> normal(places.parameter(), blocks, random);
        };
    }

    /// The self-similar distribution that fio calls pareto: of all draws, a part `x^(1/power)` falls on the first part `x`
    /// of the ranks, and the power is such that this is `1 - h` for `x = h`.
    private static BlockChoice pareto(double h, long blocks, SplittableRandom random) {
        double power = Math.log(h) / Math.log1p(-h);
        return () -> Math.min((long) (blocks * Math.pow(random.nextDouble(), power)), blocks - 1);
    }

    private static BlockChoice normal(double percent, long blocks, SplittableRandom random) {
        double deviation = blocks * percent / 100;
        return () -> {
            double block;
            do {
                block = blocks / 2.0 + deviation * random.nextGaussian();
            } while (block < 0 || block >= blocks);
            return (long) block;
        };
    }

    /// Popular ranks are no neighbours on the disk.
    private static BlockChoice scattered(BlockChoice ranks, long blocks, SplittableRandom random) {
        Scatter scatter = new Scatter(blocks, random);
        return () -> scatter.block(ranks.next());
    }
}
