package io.trilane.perf.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    /// Every kind of mix, many seeds, odd regions: nothing leaves its region or its alignment.
    @ParameterizedTest
    @CsvSource({"random, 4k", "zipf:1.2, 4k/50:64k/30:1m/20", "zipf:0.5, 512/10:3k/90", "pareto:0.2, 4k/50:12k/50",
            "normal:20, 4k/1:16k/99", "random, 512:1k:1536:2k:4k:64k"})
    void mixedRequestsStayAlignedAndInsideTheirRegions(String places, String sizes) {
        List<Region> regions = List.of(new Region(4096, 3 << 20), new Region(0, (1 << 20) + 512 * 7));
        for (RwMode mode : RwMode.values()) {
            RequestMix mix = new RequestMix(mode, 60, mode.unmaps() ? 0 : 10, mode.writes() ? 7 : 0,
                    RequestSizes.parse(sizes),
                    mode.random() ? OffsetDistribution.parse(places) : OffsetDistribution.UNIFORM);
            for (int seed = 0; seed < 3; seed++) {
                checkPlaces(mix, regions, seed);
            }
        }
    }

    private static void checkPlaces(RequestMix mix, List<Region> regions, long seed) {
        OffsetSequence sequence = of(mix, regions, seed);
        sequence.prepare(12_345);
        for (long request : sequence.entries()) {
            Region region = regions.get(Request.unit(request));
            if (Request.kindOf(request) == RequestKind.FLUSH) {
                continue;
            }
            long length = mix.sizes().bytes(Request.sizeIndex(request));
            long within = Request.offsetBytes(request) - region.offsetBytes();
            boolean inside = within >= 0 && within <= region.sizeBytes() - length;
            long unit = mix.mode().random() ? length : 512;
            if (!inside || within % unit != 0) {
                throw new AssertionError(mix + " seed=" + seed + " request at " + within + " length=" + length);
            }
        }
    }

    @Test
    void sequentialRequestsOfMixedLengthFollowOneAnother() {
        RequestMix mix = RequestMix.of(RwMode.READ, BS).withSizes(RequestSizes.parse("4k/50:64k/50"));
        OffsetSequence sequence = of(mix, List.of(REGION), 1);
        sequence.prepare(0);
        long expected = REGION.offsetBytes();
        int wraps = 0;
        for (long p = 0; p < 5000; p++) {
            long request = at(sequence, p);
            long length = mix.sizes().bytes(Request.sizeIndex(request));
            if (expected + length > REGION.offsetBytes() + REGION.sizeBytes()) {
                expected = REGION.offsetBytes();
                wraps++;
            }
            assertThat(Request.offsetBytes(request)).isEqualTo(expected);
            expected += length;
        }
        assertThat(wraps).isEqualTo(10);
    }

    /// A million draws: shares within 0.3 percentage points.
    @Test
    void kindsAndLengthsHaveTheirShares() {
        RequestMix mix = RequestMix.of(RwMode.RANDRW, BS).withReadPercent(70).withUnmapPercent(20)
                .withSizes(RequestSizes.parse("4k/60:64k/30:1m/10"));
        OffsetSequence sequence = of(mix, List.of(REGION), 1);
        long count = sequence.entries().length;
        RequestCounts counts = sequence.counts(0, count);
        assertThat(counts.requests()).isEqualTo(count);
        assertThat(100.0 * counts.requests(RequestKind.UNMAP) / count).isEqualTo(20, within(0.3));
        assertThat(100.0 * counts.requests(RequestKind.READ) / count).isEqualTo(56, within(0.3));
        assertThat(100.0 * counts.requests(RequestKind.WRITE) / count).isEqualTo(24, within(0.3));
        long[] sizes = new long[3];
        LongStream.of(sequence.entries()).forEach(request -> sizes[Request.sizeIndex(request)]++);
        assertThat(100.0 * sizes[0] / count).isEqualTo(60, within(0.3));
        assertThat(100.0 * sizes[1] / count).isEqualTo(30, within(0.3));
        assertThat(100.0 * sizes[2] / count).isEqualTo(10, within(0.3));
    }

    @Test
    void countsOfAPieceAreWhatIsInIt() {
        RequestMix mix = RequestMix.of(RwMode.RANDRW, BS).withUnmapPercent(20).withFlushEvery(5)
                .withSizes(RequestSizes.parse("4k/60:64k/40"));
        OffsetSequence sequence = of(mix, List.of(REGION), 1);
        long[] requests = new long[4];
        long[] bytes = new long[4];
        long table = sequence.entries().length;
        for (long p = 77; p < 77 + table + 5000; p++) {
            long request = at(sequence, p);
            requests[Request.kind(request)]++;
            bytes[Request.kind(request)] += mix.sizes().bytes(Request.sizeIndex(request));
        }
        RequestCounts counts = sequence.counts(77, table + 5000);
        for (RequestKind kind : RequestKind.values()) {
            assertThat(counts.requests(kind)).isEqualTo(requests[kind.ordinal()]);
            assertThat(counts.bytes(kind)).isEqualTo(kind == RequestKind.FLUSH ? 0 : bytes[kind.ordinal()]);
        }
        assertThat(counts.requests()).isEqualTo(table + 5000);
    }

    @ParameterizedTest
    @EnumSource(value = RwMode.class, names = {"WRITE", "RANDWRITE", "RW", "RANDRW"})
    void flushesADiskAfterEveryFewWritesToIt(RwMode mode) {
        OffsetSequence sequence = of(RequestMix.of(mode, BS).withFlushEvery(3), List.of(REGION, REGION), 1);
        sequence.prepare(0);
        int[] writes = new int[2];
        int flushes = 0;
        for (int p = 0; p < 10_000; p++) {
            long request = at(sequence, p);
            int unit = Request.unit(request);
            if (Request.kindOf(request) == RequestKind.FLUSH) {
                assertThat(writes[unit]).isEqualTo(3);
                assertThat(Request.offsetBytes(request)).isZero();
                writes[unit] = 0;
                flushes++;
            } else if (Request.isWrite(request)) {
                assertThat(++writes[unit]).isLessThanOrEqualTo(3);
            }
        }
        assertThat(flushes).isGreaterThan(1000);
    }

    @Test
    void onePassWithFlushesStillCoversTheRegion() {
        OffsetSequence sequence = of(RequestMix.of(RwMode.WRITE, BS).withFlushEvery(3), List.of(REGION), 1);
        assertThat(sequence.onePass()).isEqualTo(4096 + 4096 / 3);
        sequence.prepare(0);
        long[] writes = LongStream.range(0, sequence.onePass()).map(p -> at(sequence, p)).filter(Request::isWrite)
                .map(Request::offsetBytes).toArray();
        assertThat(writes).hasSize(4096).doesNotHaveDuplicates();
    }

    @Test
    void preparesTheSameRequestsWhicheverWayItGotThere() {
        RequestMix mix = RequestMix.of(RwMode.RW, BS).withFlushEvery(4).withSizes(RequestSizes.parse("4k:8k"));
        OffsetSequence stepwise = of(mix, List.of(REGION, REGION), 1);
        for (long p = 0; p <= 3_000_000; p += 250_000) {
            stepwise.prepare(p);
        }
        OffsetSequence atOnce = of(mix, List.of(REGION, REGION), 1);
        atOnce.prepare(3_000_000);
        assertThat(atOnce.entries()).isEqualTo(stepwise.entries());
        OffsetSequence fresh = of(mix, List.of(REGION, REGION), 1);
        fresh.prepare(10);
        stepwise.prepare(10);
        assertThat(stepwise.entries()).isEqualTo(fresh.entries());
    }

    @Test
    void jobsGetSequencesOfTheirOwn() {
        RequestMix mix = RequestMix.of(RwMode.RANDREAD, BS).withPlaces(OffsetDistribution.parse("zipf:1.2"));
        Workload workload = Workload.of(RwMode.RANDREAD, BS, 8).withMix(mix);
        assertThat(new OffsetSequence(workload, List.of(REGION), 1).entries())
                .isNotEqualTo(new OffsetSequence(workload, List.of(REGION), 0).entries());
    }

    @Test
    void refusesARegionThatALengthDoesNotFitInto() {
        RequestMix mix = RequestMix.of(RwMode.READ, BS).withSizes(RequestSizes.parse("4k:1m"));
        assertThatIllegalArgumentException().isThrownBy(() -> of(mix, List.of(new Region(0, 1 << 19)), 1))
                .withMessage("size=524288 < bs=1048576, choose a smaller --bs or a larger --size");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(RequestMix.of(RwMode.READ, 1000), List.of(REGION), 1))
                .withMessageContaining("bs=1000 is not a multiple of 512");
    }

    private static OffsetSequence of(RequestMix mix, List<Region> regions, long seed) {
        return new OffsetSequence(new Workload(mix, 8, 8, false, seed, false), regions, 0);
    }

    private static OffsetSequence sequence(RwMode mode, long seed) {
        return new OffsetSequence(new Workload(mode, 50, BS, 8, 8, false, seed, false), List.of(REGION), 0);
    }

    private static long at(OffsetSequence sequence, long position) {
        return sequence.entries()[(int) (position & sequence.mask())];
    }
}
