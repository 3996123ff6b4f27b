package io.trilane.perf.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Distributions against what they are by definition. Seeds are fixed; tolerances are four and a half standard errors of
/// the number of draws.
class BlockChoiceTest {
    private static final int DRAWS = 1 << 20;
    private static final double ERRORS = 4.5;

    @ParameterizedTest
    @CsvSource({"0.5, 1000", "0.99, 100000", "1, 1000", "1.000000001, 1000", "1.2, 4096", "2.5, 100", "1.2, 3",
            "0.8, 2", "1.5, 1"})
    void zipfGivesEachRankItsShare(double theta, int blocks) {
        long[] counts = counts(new ZipfChoice(theta, blocks, new SplittableRandom(1)), blocks);
        double sum = 0;
        for (int k = 1; k <= blocks; k++) {
            sum += Math.pow(k, -theta);
        }
        double below = 0;
        long drawn = 0;
        for (int k = 1; k <= Math.min(blocks, 20); k++) {
            double share = Math.pow(k, -theta) / sum;
            assertShare("rank " + k, counts[k - 1], share);
            below += share;
            drawn += counts[k - 1];
        }
        assertShare("first ranks", drawn, Math.min(1, below));
        double upperHalf = 0;
        for (int k = blocks / 2 + 1; k <= blocks; k++) {
            upperHalf += Math.pow(k, -theta) / sum;
        }
        assertShare("second half", Arrays.stream(counts, blocks / 2, blocks).sum(), Math.min(1, upperHalf));
    }

    @Test
    void zipfReachesTheEndOfAHugeRegion() {
        long blocks = 1L << 50;
        ZipfChoice ranks = new ZipfChoice(0.1, blocks, new SplittableRandom(3));
        double sum = 0;
        for (int i = 0; i < DRAWS; i++) {
            long rank = ranks.next();
            assertThat(rank).isBetween(0L, blocks - 1);
            sum += (double) rank / blocks;
        }
        // Of the density 0.9 x^-0.1 on 0..1: mean 0.9 / 1.9, variance 0.9 / 2.9 - mean^2.
        assertThat(sum / DRAWS).isEqualTo(0.9 / 1.9, within(ERRORS * Math.sqrt((0.9 / 2.9 - 0.2244) / DRAWS)));
    }

    @Test
    void zipfScattersItsFavouritesAndKeepsTheirShares() {
        int blocks = 1 << 16;
        long[] counts = counts(choice("zipf:1.2", blocks, 7), blocks);
        double sum = 0;
        for (int k = 1; k <= blocks; k++) {
            sum += Math.pow(k, -1.2);
        }
        int[] hottest = hottest(counts, 16);
        assertShare("hottest block", counts[hottest[0]], 1 / sum);
        assertShare("second block", counts[hottest[1]], Math.pow(2, -1.2) / sum);
        int[] places = hottest.clone();
        Arrays.sort(places);
        for (int i = 1; i < places.length; i++) {
            assertThat(places[i] - places[i - 1]).isGreaterThan(1);
        }
        // They are on both halves of the disk.
        assertThat(Arrays.stream(places).filter(place -> place < blocks / 2).count()).isBetween(3L, 13L);
        assertThat(hottest(counts(choice("zipf:1.2", blocks, 8), blocks), 1)).isNotEqualTo(new int[]{hottest[0]});
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.2, 0.1, 0.4, 0.7})
    void paretoGivesAPartHOfTheBlocksTheRest(double h) {
        int blocks = 1000;
        long[] counts = counts(choice("pareto:" + h, blocks, 1), blocks);
        Arrays.sort(counts);
        long[] falling = h > 0.5 ? counts : reversed(counts);
        assertShare("a part h", Arrays.stream(falling, 0, (int) Math.round(blocks * h)).sum(), 1 - h);
        int within = (int) Math.round(blocks * h * h);
        assertShare("a part h of that", Arrays.stream(falling, 0, within).sum(), (1 - h) * (1 - h));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 5, 10})
    void normalHasItsMeanAndDeviation(double percent) {
        int blocks = 100_000;
        BlockChoice choice = choice("normal:" + percent, blocks, 1);
        double sum = 0;
        double squares = 0;
        int near = 0;
        double deviation = blocks * percent / 100;
        for (int i = 0; i < DRAWS; i++) {
            double off = choice.next() + 0.5 - blocks / 2.0;
            sum += off;
            squares += off * off;
            near += Math.abs(off) < deviation ? 1 : 0;
        }
        assertThat(sum / DRAWS).isEqualTo(0, within(ERRORS * deviation / Math.sqrt(DRAWS)));
        assertThat(Math.sqrt(squares / DRAWS)).isEqualTo(deviation,
                within(ERRORS * deviation / Math.sqrt(2.0 * DRAWS)));
        assertShare("within one deviation", near, 0.682689);
    }

    @Test
    void aWideNormalIsCutOffAtTheEndsOfTheRegion() {
        long[] counts = counts(choice("normal:100", 1000, 1), 1000);
        // The middle half of a bell that ends at half a deviation: erf(0.25 / sqrt 2) / erf(0.5 / sqrt 2).
        assertShare("middle half", Arrays.stream(counts, 250, 750).sum(), 0.197413 / 0.382925);
        assertThat(counts[0] + counts[999]).isPositive();
    }

    @Test
    void uniformLikesEveryBlockAlike() {
        long[] counts = counts(choice("random", 64, 1), 64);
        for (long count : counts) {
            assertShare("block", count, 1.0 / 64);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 64, 1000, 4096, 65_537})
    void scatterGivesEachRankABlockOfItsOwn(long count) {
        for (int seed = 0; seed < 5; seed++) {
            Scatter scatter = new Scatter(count, new SplittableRandom(seed));
            BitSet blocks = new BitSet();
            for (long rank = 0; rank < count; rank++) {
                long block = scatter.block(rank);
                assertThat(block).isBetween(0L, count - 1);
                blocks.set((int) block);
            }
            assertThat(blocks.cardinality()).isEqualTo((int) count);
        }
    }

    private static BlockChoice choice(String distribution, long blocks, long seed) {
        return BlockChoice.of(OffsetDistribution.parse(distribution), blocks, new SplittableRandom(seed));
    }

    private static long[] counts(BlockChoice choice, int blocks) {
        long[] counts = new long[blocks];
        for (int i = 0; i < DRAWS; i++) {
            counts[(int) choice.next()]++;
        }
        return counts;
    }

    private static int[] hottest(long[] counts, int wanted) {
        Integer[] blocks = new Integer[counts.length];
        Arrays.setAll(blocks, i -> i);
        Arrays.sort(blocks, (a, b) -> Long.compare(counts[b], counts[a]));
        return Arrays.stream(blocks).limit(wanted).mapToInt(Integer::intValue).toArray();
    }

    private static long[] reversed(long[] ascending) {
        long[] falling = new long[ascending.length];
        Arrays.setAll(falling, i -> ascending[ascending.length - 1 - i]);
        return falling;
    }

    private static void assertShare(String what, long count, double share) {
        double error = Math.sqrt(share * (1 - share) / DRAWS);
        assertThat((double) count / DRAWS).as(what).isEqualTo(share, within(ERRORS * error + 1e-6));
    }
}
