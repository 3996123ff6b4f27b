package io.trilane.perf.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScaleTest {
    @Test
    void linearKeepsDistances() {
        Scale scale = Scale.linear(10, 100, 200);
        assertThat(scale.at(0)).isEqualTo(100);
        assertThat(scale.at(2.5)).isEqualTo(125);
        assertThat(scale.at(99)).as("beyond the end").isEqualTo(200);
        assertThat(scale.decimalTicks(5)).containsExactly(0.0, 2.0, 4.0, 6.0, 8.0, 10.0);
    }

    @Test
    void logKeepsRatiosAndMayRunUpwards() {
        Scale scale = Scale.log(100, 10_000, 300, 100);
        assertThat(scale.at(100)).isEqualTo(300);
        assertThat(scale.at(1000)).isCloseTo(200, within(1e-9));
        assertThat(scale.at(0)).as("below the start").isEqualTo(300);
        assertThat(scale.logTicks()).containsExactly(100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0, 10_000.0);
    }

    @Test
    void logShowsDecadesAloneWhereThereAreMany() {
        assertThat(Scale.log(1, 1e6, 0, 1).logTicks()).containsExactly(1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6);
    }

    @Test
    void ticksOfBytesArePowersOfTwoApart() {
        Scale scale = Scale.bytes(3.2 * (1 << 30), 8, 0, 1);
        assertThat(scale.high()).isEqualTo(3.5 * (1 << 30));
        assertThat(scale.binaryTicks(8)).hasSize(8).contains(512.0 * (1 << 20), 3.0 * (1 << 30));
    }

    @Test
    void copesWithNothing() {
        assertThat(Scale.bytes(0, 8, 0, 1).at(0)).isZero();
        assertThat(Scale.linear(0, 0, 1).at(0)).isZero();
        assertThat(Scale.log(0, 0, 0, 1).at(0)).isZero();
    }

    @Test
    void refusesARangeThatIsNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Scale(true, 0, 1, 0, 1))
                .withMessageContaining("low=0.0 high=1.0");
        assertThatIllegalArgumentException().isThrownBy(() -> new Scale(false, 2, 1, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Scale(false, 0, Double.NaN, 0, 1));
    }

    @Test
    void labelsThatWouldCoverEachOtherMoveApart() {
        List<Double> places = Axes.apart(List.of(10.0, 11.0, 12.0, 100.0), 0, 100);
        for (int i = 1; i < places.size(); i++) {
            assertThat(places.get(i) - places.get(i - 1)).isGreaterThanOrEqualTo(Axes.LINE_HEIGHT - 1e-9);
        }
        assertThat(Axes.apart(List.of(99.0, 100.0), 0, 100)).containsExactly(86.0, 100.0);
        assertThat(Axes.apart(List.of(1.0, 2.0, 3.0), 0, 10)).as("too little room").containsExactly(0.0, 5.0, 10.0);
    }

    @Test
    void namesOfLinesThatEndInOnePlaceStandAboveEachOther() {
        Svg svg = new Svg(300, 200, "test");
        new Axes(svg, Scale.linear(1, 0, 200), Scale.linear(1, 190, 10)).namesBeside(List.of(
                new Axes.Name(0, 100, 50, "one"), new Axes.Name(1, 100, 50, "two"), new Axes.Name(2, 180, 50, "far")));
        assertThat(svg.inline()).contains("y=\"54\">one<", "y=\"40\">two<", "y=\"54\">far<");
    }
}
