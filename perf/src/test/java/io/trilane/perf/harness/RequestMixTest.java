package io.trilane.perf.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestMixTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"random | random", "zipf:1.2 | zipf:1.2", "zipf:1 | zipf:1",
            "zipf:1.0 | zipf:1", "pareto:.2 | pareto:0.2", "normal:10 | normal:10", "normal:100 | normal:100",
            "zipf:0.0001 | zipf:0.00010"})
    void readsDistributionsAsFioWritesThem(String text, String option) {
        OffsetDistribution distribution = OffsetDistribution.parse(text);
        assertThat(OffsetDistribution.parse(distribution.option())).isEqualTo(distribution)
                .isEqualTo(OffsetDistribution.parse(option));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "gauss:3 | is unknown, choose random, zipf:THETA",
            "zoned:50/5:50/95 | is unknown",
            "'' | is unknown",
            "zipf | is not what belongs there",
            "zipf: | is not what belongs there",
            "random:1 | is not what belongs there",
            "random: | is not what belongs there",
            "zipf:1.2:0.5 | is not what belongs there",
            "zipf:-1 | is not what belongs there",
            "zipf:NaN | is not what belongs there",
            "zipf:1e3 | is not what belongs there",
            "zipf:0 | zipf:0 is out of range, choose 0 < THETA <= 100",
            "zipf:101 | 0 < THETA <= 100",
            "pareto:0 | 0 < H < 1",
            "pareto:1 | 0 < H < 1",
            "normal:0 | 0 < DEVIATION <= 100 percent",
            "normal:100.5 | normal:100.5 is out of range"})
    void refusesDistributionsThatAreNone(String text, String reason) {
        assertThatIllegalArgumentException().isThrownBy(() -> OffsetDistribution.parse(text))
                .withMessageStartingWith("random_distribution=").withMessageContaining(reason);
    }

    @Test
    void refusesWhatDoesNotGoTogetherByTheNameOfTheOption() {
        RequestMix reads = RequestMix.of(RwMode.RANDREAD, 4096);
        RequestMix trims = RequestMix.of(RwMode.RANDTRIM, 4096);
        RequestMix writes = RequestMix.of(RwMode.WRITE, 4096);
        refuses(() -> reads.withReadPercent(101), "rwmixread=101 not in 0..100");
        refuses(() -> reads.withUnmapPercent(-1), "unmap-percent=-1 not in 0..100");
        refuses(() -> trims.withUnmapPercent(5), "unmap-percent=5 rw=randtrim only unmaps");
        refuses(() -> writes.withFlushEvery(-1), "fsync=-1 not in 0..65536");
        refuses(() -> writes.withFlushEvery(65537), "fsync=65537 not in 0..65536");
        refuses(() -> reads.withFlushEvery(4), "fsync=4 rw=randread never writes");
        refuses(() -> trims.withFlushEvery(4), "fsync=4 rw=randtrim never writes");
        refuses(() -> writes.withPlaces(OffsetDistribution.parse("zipf:1.1")),
                "random_distribution=zipf:1.1 rw=write is sequential");
        refuses(() -> RwMode.parse("trimwrite"), "rw=trimwrite is unknown, choose one of read, write");
        refuses(() -> verified(writes.withSizes(RequestSizes.parse("4k:8k"))), "verify=crc32c bssplit=4k/50:8k/50");
        refuses(() -> verified(writes.withUnmapPercent(1)), "verify=crc32c rw=write unmap-percent=1");
        refuses(() -> verified(trims), "verify=crc32c rw=randtrim");
        refuses(() -> Workload.of(RwMode.READ, 4096, 1 << 16)
                .withMix(reads.withSizes(RequestSizes.parse("4k/99:1m/1"))),
                "iodepth=65536 x bs=1048576 > maxBufferBytes=");
    }

    @Test
    void knowsWhichKindsComeUp() {
        assertThat(kinds(RequestMix.of(RwMode.READ, 512))).isEqualTo("READ");
        assertThat(kinds(RequestMix.of(RwMode.TRIM, 512))).isEqualTo("UNMAP");
        assertThat(kinds(RequestMix.of(RwMode.RW, 512))).isEqualTo("READ WRITE");
        assertThat(kinds(RequestMix.of(RwMode.RW, 512).withReadPercent(100).withFlushEvery(1))).isEqualTo("READ");
        assertThat(kinds(RequestMix.of(RwMode.RANDRW, 512).withReadPercent(0).withFlushEvery(1)))
                .isEqualTo("WRITE FLUSH");
        assertThat(kinds(RequestMix.of(RwMode.RANDREAD, 512).withUnmapPercent(1))).isEqualTo("READ UNMAP");
        assertThat(kinds(RequestMix.of(RwMode.RANDWRITE, 512).withUnmapPercent(100).withFlushEvery(3)))
                .isEqualTo("UNMAP");
    }

    @Test
    void whatUnmapsChangesTheMedium() {
        assertThat(RequestMix.of(RwMode.RANDREAD, 512).changesMedium()).isFalse();
        assertThat(RequestMix.of(RwMode.RANDREAD, 512).withUnmapPercent(1).changesMedium()).isTrue();
        assertThat(RequestMix.of(RwMode.TRIM, 512).changesMedium()).isTrue();
        assertThat(RequestMix.of(RwMode.RW, 512).changesMedium()).isTrue();
    }

    private static String kinds(RequestMix mix) {
        return String.join(" ", Arrays.stream(RequestKind.values()).filter(mix::has).map(Enum::name).toList());
    }

    private static Workload verified(RequestMix mix) {
        return new Workload(mix, 1, 1, false, 1, true);
    }

    private static void refuses(ThrowingCallable call, String reason) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessageContaining(reason);
    }
}
