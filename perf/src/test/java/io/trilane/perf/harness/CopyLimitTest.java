package io.trilane.perf.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class CopyLimitTest {
    @Test
    void medianIsTheMiddleOrTheMeanOfTheTwoMiddleValues() {
        assertThat(CopyLimit.median(List.of(9.0, 1.0, 5.0))).isEqualTo(5.0);
        assertThat(CopyLimit.median(List.of(4.0, 1.0, 2.0, 100.0))).isEqualTo(3.0);
    }

    @Test
    void choosesTheContenderWithTheBestMedianOnceAndTakesTheRatioPerRound() {
        // "lucky" has the fastest single round, "steady" the better median.
        CopyLimit.Contender lucky = new CopyLimit.Contender("lucky", List.of(10.0, 300.0, 300.0));
        CopyLimit.Contender steady = new CopyLimit.Contender("steady", List.of(100.0, 90.0, 80.0));
        CopyLimit limit = CopyLimit.of(List.of(200.0, 100.0, 100.0), List.of(lucky, steady), "somewhere");

        assertThat(limit.contender()).isEqualTo("steady");
        assertThat(limit.ratios()).containsExactly(0.5, 0.9, 0.8);
        assertThat(limit.ratio()).isCloseTo(0.8, within(1e-12));
    }

    @Test
    void isNotTheRatioOfTheMedians() {
        CopyLimit.Contender copy = new CopyLimit.Contender("copy", List.of(10.0, 20.0, 30.0));
        CopyLimit limit = CopyLimit.of(List.of(40.0, 20.0, 20.0), List.of(copy), "somewhere");

        assertThat(limit.ratio()).isEqualTo(1.0);
        assertThat(limit.ratios()).containsExactly(0.25, 1.0, 1.5);
    }

    @Test
    void refusesRoundsThatDoNotPairUp() {
        CopyLimit.Contender copy = new CopyLimit.Contender("copy", List.of(10.0));
        assertThatThrownBy(() -> CopyLimit.of(List.of(1.0, 2.0), List.of(copy), ""))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("rounds=1");
        assertThatThrownBy(() -> CopyLimit.median(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
