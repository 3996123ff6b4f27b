package io.trilane.perf.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OffsetSequenceTest {
    private static final Region REGION = new Region(1 << 20, 16 << 20);
    private static final long BS = 4096;

    @ParameterizedTest
    @EnumSource(RwMode.class)
    void staysAlignedAndInsideItsRegion(RwMode mode) {
        OffsetSequence sequence = sequence(mode, 1);
        sequence.prepare(5000);
        for (long p = 5000; p < 15_000; p++) {
            long request = at(sequence, p);
            assertThat(Request.offsetBytes(request) % BS).isZero();
            assertThat(Request.offsetBytes(request)).isBetween(1L << 20, (17L << 20) - BS);
            assertThat(Request.unit(request)).isZero();
            if (!mode.mixed()) {
                assertThat(Request.isWrite(request)).isEqualTo(mode.writes());
            }
        }
    }

    @Test
    void sequentialGoesRoundTheWholeRegionInOrder() {
        OffsetSequence sequence = sequence(RwMode.READ, 1);
        sequence.prepare(4090);
        assertThat(sequence.onePass()).isEqualTo(4096);
        assertThat(LongStream.range(4090, 4100).map(p -> Request.offsetBytes(at(sequence, p)) - (1 << 20)).toArray())
                .containsExactly(4090 * BS, 4091 * BS, 4092 * BS, 4093 * BS, 4094 * BS, 4095 * BS, 0, BS, 2 * BS,
                        3 * BS);
    }

    @Test
    void oneSeedGivesOneOrderAndAnotherAnother() {
        long[] first = sequence(RwMode.RANDREAD, 1).entries();
        assertThat(sequence(RwMode.RANDREAD, 1).entries()).isEqualTo(first);
        assertThat(sequence(RwMode.RANDREAD, 2).entries()).isNotEqualTo(first);
    }

    @Test
    void tableLengthIsAPowerOfTwo() {
        OffsetSequence sequence = sequence(RwMode.RANDREAD, 1);
        assertThat(Integer.bitCount(sequence.entries().length)).isOne();
        assertThat(sequence.mask()).isEqualTo(sequence.entries().length - 1L);
    }

    @Test
    void mixesInTheAskedProportionAndCountsTheWrites() {
        for (RwMode mode : List.of(RwMode.RW, RwMode.RANDRW)) {
            OffsetSequence sequence = new OffsetSequence(new Workload(mode, 70, BS, 8, 8, false, 1, false),
                    List.of(REGION), 0);
            sequence.prepare(3);
            long writes = LongStream.range(3, 10_003).filter(p -> Request.isWrite(at(sequence, p))).count();
            assertThat(writes).isBetween(2800L, 3200L);
            assertThat(sequence.writes(3, 10_000)).isEqualTo(writes);
            long round = sequence.entries().length;
            assertThat(sequence.writes(3, 2 * round + 10_000)).isEqualTo(2 * sequence.writes(3, round) + writes);
        }
    }

    @Test
    void spreadsOverSeveralUnits() {
        OffsetSequence sequence =
                new OffsetSequence(Workload.of(RwMode.READ, BS, 8), List.of(REGION, REGION, REGION), 0);
        sequence.prepare(0);
        assertThat(LongStream.range(0, 6).mapToInt(p -> Request.unit(at(sequence, p))).toArray())
                .containsExactly(0, 1, 2, 0, 1, 2);
        assertThat(sequence.onePass()).isEqualTo(3 * 4096);
    }

    @Test
    void jobsGetDisjointShares() {
        assertThat(REGION.share(0, 3, BS)).isEqualTo(new Region(1 << 20, 1365 * BS));
        assertThat(REGION.share(2, 3, BS)).isEqualTo(new Region((1 << 20) + 2 * 1365 * BS, 1365 * BS));
    }

    private static OffsetSequence sequence(RwMode mode, long seed) {
        return new OffsetSequence(new Workload(mode, 50, BS, 8, 8, false, seed, false), List.of(REGION), 0);
    }

    private static long at(OffsetSequence sequence, long position) {
        return sequence.entries()[(int) (position & sequence.mask())];
    }
}
