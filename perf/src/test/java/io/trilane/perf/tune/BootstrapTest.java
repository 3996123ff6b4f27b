package io.trilane.perf.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    @Test
    void holdsTheTrueMedianAboutNineteenTimesInTwenty() {
        int held = 0;
        for (int trial = 0; trial < 1000; trial++) {
            Random random = new Random(trial);
            List<Double> sample = new ArrayList<>();
            for (int i = 0; i < 15; i++) {
                sample.add(100 + 10 * random.nextGaussian());
            }
            Interval interval = Bootstrap.median(sample, trial);
            assertThat(interval.low()).isLessThanOrEqualTo(interval.median());
            assertThat(interval.high()).isGreaterThanOrEqualTo(interval.median());
            held += interval.low() <= 100 && interval.high() >= 100 ? 1 : 0;
        }
        assertThat(held).isBetween(915, 985);
    }

    @Test
    void isTheSameForTheSameSeed() {
        List<Double> sample = List.of(1.0, 5.0, 2.0, 8.0, 3.0, 9.0, 4.0);
        assertThat(Bootstrap.median(sample, 7)).isEqualTo(Bootstrap.median(sample, 7));
        assertThat(Bootstrap.median(sample, 7).median()).isEqualTo(4);
    }

    @Test
    void saysTheRangeOfAFew() {
        assertThat(Bootstrap.median(List.of(3.0, 1.0), 1)).isEqualTo(new Interval(1, 2, 3));
        assertThat(Bootstrap.median(List.of(3.0), 1)).isEqualTo(new Interval(3, 3, 3));
        assertThat(Bootstrap.ratio(List.of(2.0, 4.0), List.of(1.0), 1)).isEqualTo(new Interval(2, 3, 4));
    }

    @Test
    void ratioOfEqualSamplesHoldsOne() {
        List<Double> sample = List.of(10.0, 11.0, 9.0, 10.5, 9.5, 10.2);
        Interval same = Bootstrap.ratio(sample, sample, 3);
        assertThat(same.low()).isLessThan(1);
        assertThat(same.high()).isGreaterThan(1);
        Interval twice = Bootstrap.ratio(sample.stream().map(value -> 2 * value).toList(), sample, 3);
        assertThat(twice.low()).isGreaterThan(1.7);
        assertThat(twice.median()).isEqualTo(2);
    }

    @Test
    void refusesNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> Bootstrap.median(List.of(), 1))
                .withMessageContaining("values=0 < 1");
    }
}
