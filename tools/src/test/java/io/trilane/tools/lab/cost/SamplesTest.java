package io.trilane.tools.lab.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trilane.tools.lab.cost.Samples.Comparison;
import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {
    private static final Samples FAST = new Samples(List.of(10.0, 20.0, 10.0, 10.0, 900.0));
    private static final Samples SLOW = new Samples(List.of(40.0, 40.0, 30.0, 50.0, 900.0));

    @Test
    void oneBadRoundDoesNotMakeNoise() {
        assertThat(FAST.medianNs()).isEqualTo(10);
        assertThat(FAST.noise()).isEqualTo(0.5);
        assertThat(FAST.perSecond()).isEqualTo(1e8);
    }

    @Test
    void ratiosArePairedByRound() {
        // 4, 2, 3, 5, 1
        assertThat(FAST.fasterThan(SLOW)).isEqualTo(new Comparison(3, 2, 4));
    }

    @Test
    void ratiosOfTwoThatDidNotTakeTurnsSpanTheirQuartiles() {
        Comparison apart = FAST.fasterThanApart(SLOW);
        assertThat(apart.ratio()).isEqualTo(4);
        assertThat(apart.low()).isEqualTo(2);
        assertThat(apart.high()).isEqualTo(5);
        assertThat(apart.times(2).high()).isCloseTo(10, within(1e-9));
    }

    @Test
    void refusesRoundsThatAreNotThere() {
        assertThatThrownBy(() -> new Samples(List.of())).hasMessageStartingWith("rounds=0 < 1, ");
        assertThatThrownBy(() -> FAST.fasterThan(new Samples(List.of(1.0))))
                .hasMessageStartingWith("rounds=5 != rounds=1, ");
    }
}
