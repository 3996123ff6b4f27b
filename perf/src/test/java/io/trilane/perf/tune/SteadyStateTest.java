package io.trilane.perf.tune;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SteadyStateTest {
    @Test
    void acceptsLittleNoiseAroundALevel() {
        assertThat(SteadyState.isSteady(List.of(100.0, 102.0, 99.0, 101.0, 100.0))).isTrue();
    }

    @Test
    void refusesARangeOfMoreThanAFifthOfTheAverage() {
        assertThat(SteadyState.isSteady(List.of(100.0, 90.0, 110.0, 90.0, 100.0))).isFalse();
        assertThat(SteadyState.isSteady(List.of(100.0, 91.0, 110.0, 91.0, 100.0))).isTrue();
    }

    @Test
    void refusesALineThatRisesByMoreThanATenthOverTheWindow() {
        assertThat(SteadyState.isSteady(List.of(94.0, 97.0, 100.0, 103.0, 106.0))).isFalse();
        assertThat(SteadyState.isSteady(List.of(95.5, 97.75, 100.0, 102.25, 104.5))).isTrue();
        assertThat(SteadyState.isSteady(List.of(106.0, 103.0, 100.0, 97.0, 94.0))).isFalse();
    }

    @Test
    void looksAtTheLastFiveRoundsAndNeedsThem() {
        assertThat(SteadyState.isSteady(List.of(75.0, 100.0, 100.0, 100.0, 100.0, 100.0, 100.0, 100.0, 100.0, 100.0,
                100.0, 100.0, 100.0, 100.0, 100.0, 100.0, 100.0))).isTrue();
        assertThat(SteadyState.isSteady(List.of(100.0, 100.0, 100.0, 100.0))).isFalse();
        assertThat(SteadyState.isSteady(List.of(0.0, 0.0, 0.0, 0.0, 0.0))).isFalse();
    }

    @Test
    void refusesACreepThatPassesInEachWindow() {
        List<Double> creep = IntStream.range(0, 20).mapToObj(i -> 100.0 + i).toList();
        assertThat(SteadyState.isSteady(creep.subList(15, 20))).isTrue();
        assertThat(SteadyState.isSteady(creep)).isFalse();
    }
}
