package io.trilane.perf.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KneeFinderTest {
    private static List<CellResult> curve(double noise, IntToDoubleFunction iops) {
        return Stream.of(1, 2, 4, 8, 16, 32, 64)
                .map(depth -> Cells.result(4096, depth, iops.applyAsDouble(depth), noise)).toList();
    }

    private static int kneeOf(List<CellResult> curve) {
        return KneeFinder.find(curve).orElseThrow().cell().depth();
    }

    @Test
    void findsTheBendOfALineThatMeetsACeiling() {
        assertThat(kneeOf(curve(0.01, depth -> Math.min(depth, 8) * 1000.0))).isEqualTo(8);
        assertThat(kneeOf(curve(0.01, depth -> Math.min(depth, 20) * 1000.0))).isEqualTo(32);
    }

    @Test
    void findsThePeakOfACurveThatFalls() {
        Knee knee =
                KneeFinder.find(curve(0.01, depth -> depth <= 4 ? depth * 1000.0 : 4000.0 - depth * 10)).orElseThrow();
        assertThat(knee.cell().depth()).isEqualTo(4);
        assertThat(knee.shareOfPeak()).isEqualTo(1);
    }

    @Test
    void stopsWhereAGainIsLessThanATenthOfItsShare() {
        // From 8 on, each doubling gives 5 %; 10 % of one doubling is 7.2 %.
        List<CellResult> curve = curve(0.001, depth -> depth <= 8 ? depth * 1000.0
                : 8000 * Math.pow(1.05, Math.log(depth / 8.0) / Math.log(2)));
        assertThat(kneeOf(curve)).isEqualTo(8);
        assertThat(KneeFinder.find(curve).orElseThrow().shareOfPeak()).isCloseTo(1 / 1.157625, within(1e-9));
        assertThat(kneeOf(curve(0.001, depth -> depth <= 8 ? depth * 1000.0
                : 8000 * Math.pow(1.09, Math.log(depth / 8.0) / Math.log(2))))).isEqualTo(64);
    }

    @Test
    void isNotFooledByNoise() {
        assertThat(kneeOf(curve(0.1, depth -> Math.min(depth, 4) * (depth == 8 ? 1100.0 : 1000.0)))).isEqualTo(4);
    }

    @Test
    void hasNoneForASingleDepth() {
        assertThat(KneeFinder.find(List.of(Cells.result(4096, 1, 1000)))).isEmpty();
    }
}
