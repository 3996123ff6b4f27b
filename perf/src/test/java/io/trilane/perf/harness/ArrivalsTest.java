package io.trilane.perf.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
    @Test
    void linearArrivalsAreMultiplesOfTheDistanceAndDoNotDrift() {
        Arrivals arrivals = new Arrivals(new OpenLoop(3, RateProcess.LINEAR), 1);
        arrivals.startAt(1000);
        assertThat(arrivals.nextNs()).isEqualTo(333_334_333L);
        for (int i = 1; i < 3_000_000; i++) {
            arrivals.advance();
        }
        assertThat(arrivals.nextNs()).isEqualTo(1_000_000_000_000_000L + 1000);
    }

    /// Distances of an exponential distribution: mean and deviation are equal, 1/e of them are longer than the mean.
    @Test
    void poissonDistancesAreExponential() {
        Arrivals arrivals = new Arrivals(new OpenLoop(1000, RateProcess.POISSON), 7);
        arrivals.startAt(0);
        int count = 200_000;
        long before = 0;
        double squares = 0;
        int longer = 0;
        for (int i = 0; i < count; i++) {
            double gap = arrivals.nextNs() - before;
            before = arrivals.nextNs();
            squares += gap * gap;
            longer += gap > 1_000_000 ? 1 : 0;
            arrivals.advance();
        }
        double mean = (double) before / count;
        assertThat(mean).isCloseTo(1_000_000, Percentage.withPercentage(1));
        assertThat(Math.sqrt(squares / count - mean * mean)).isCloseTo(1_000_000, Percentage.withPercentage(1));
        assertThat((double) longer / count).isCloseTo(Math.exp(-1), Offset.offset(0.005));
    }

    @Test
    void aSeedIsASchedule() {
        OpenLoop rate = new OpenLoop(1000, RateProcess.POISSON);
        Arrivals one = new Arrivals(rate, 5);
        Arrivals same = new Arrivals(rate, 5);
        Arrivals other = new Arrivals(rate, 6);
        one.startAt(0);
        same.startAt(0);
        other.startAt(0);
        for (int i = 0; i < 1000; i++) {
            assertThat(one.nextNs()).isEqualTo(same.nextNs()).isNotEqualTo(other.nextNs());
            one.advance();
            same.advance();
            other.advance();
        }
    }

    @Test
    void processesHaveFiosNames() {
        assertThat(RateProcess.parse("linear")).isEqualTo(RateProcess.LINEAR);
        assertThat(RateProcess.parse("poisson")).isEqualTo(RateProcess.POISSON);
        assertThatThrownBy(() -> RateProcess.parse("bursty")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rate_process=bursty is unknown, choose linear or poisson");
    }
}
