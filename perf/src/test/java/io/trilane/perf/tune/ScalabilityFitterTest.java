package io.trilane.perf.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ScalabilityFitterTest {
    private static final Offset<Double> EXACT = within(1e-8);

    private static List<CellResult> law(double lambda, double sigma, double kappa, Integer... depths) {
        return Stream.of(depths).map(n -> Cells.result(4096, n,
                lambda * n / (1 + sigma * (n - 1) + kappa * n * (n - 1)))).toList();
    }

    @Test
    void findsTheLawThatMadeTheData() {
        ScalabilityFit fit = ScalabilityFitter.fit(law(1000, 0.05, 0.001, 1, 2, 4, 8, 16, 32, 64)).orElseThrow();
        assertThat(fit.lambda()).isCloseTo(1000, within(1e-4));
        assertThat(fit.sigma()).isCloseTo(0.05, EXACT);
        assertThat(fit.kappa()).isCloseTo(0.001, EXACT);
        assertThat(fit.error()).isLessThan(1e-6);
        assertThat(fit.peakDepth()).isCloseTo(Math.sqrt(950), within(1e-3));
        assertThat(fit.points()).isEqualTo(7);
    }

    @Test
    void keepsCoefficientsFromBeingNegative() {
        ScalabilityFit linear = ScalabilityFitter.fit(law(500, 0, 0, 1, 2, 4, 8)).orElseThrow();
        assertThat(linear.sigma()).isBetween(0.0, 1e-9);
        assertThat(linear.kappa()).isBetween(0.0, 1e-9);
        // Faster than linear: the law cannot say that, and its error does.
        List<CellResult> steep = Stream.of(1, 2, 4, 8, 16).map(n -> Cells.result(4096, n, 100 * Math.pow(n, 1.2)))
                .toList();
        ScalabilityFit fit = ScalabilityFitter.fit(steep).orElseThrow();
        assertThat(fit.sigma()).isZero();
        assertThat(fit.kappa()).isZero();
        assertThat(fit.error()).isGreaterThan(0.1);
        assertThat(fit.peakDepth()).isZero();
    }

    @Test
    void refusesLessThanFourPoints() {
        assertThat(ScalabilityFitter.fit(law(1000, 0.05, 0.001, 1, 2, 4))).isEmpty();
        assertThat(ScalabilityFitter.fit(law(1000, 0.05, 0.001, 1, 2, 4, 4))).isEmpty();
    }

    @Test
    void littlesLawIsOneWhereLatencyAndRateAgree() {
        assertThat(LittleLaw.check(Cells.result(4096, 8, 1000)).ratio()).isCloseTo(1, within(1e-6));
        assertThat(LittleLaw.isFar(new LittleCheck(new Cell(4096, 8, 8, 1), 0.7))).isTrue();
        assertThat(LittleLaw.isFar(new LittleCheck(new Cell(4096, 8, 8, 1), 1.1))).isFalse();
    }
}
