package io.trilane.perf.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectiveTest {
    @Test
    void readsPercentileAndTime() {
        assertThat(Objective.parse("p99<500us")).isEqualTo(new Objective(99, 500_000));
        assertThat(Objective.parse("P99.9 < 1.5 ms")).isEqualTo(new Objective(99.9, 1_500_000));
        assertThat(Objective.parse("p50<2s")).isEqualTo(new Objective(50, 2_000_000_000L));
        assertThat(Objective.parse("p100<800ns")).isEqualTo(new Objective(100, 800));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "p99", "p99<", "p99<500", "p99>500us", "p99<=500us", "99<500us", "p99<-1us", "p<1us",
            "p99<500us,p50<1us"})
    void refusesWhatIsNoObjective(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Objective.parse(text))
                .withMessageContaining("slo=" + text).withMessageContaining("p99<500us");
    }

    @Test
    void refusesValuesThatCannotBe() {
        assertThatIllegalArgumentException().isThrownBy(() -> Objective.parse("p101<1ms"))
                .withMessageContaining("percentile=101 not in 0..100");
        assertThatIllegalArgumentException().isThrownBy(() -> Objective.parse("p0<1ms"))
                .withMessageContaining("percentile=0 not in 0..100");
        assertThatIllegalArgumentException().isThrownBy(() -> Objective.parse("p99<0.1ns"))
                .withMessageContaining("limit < 1ns");
    }
}
