package io.trilane.perf.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class SideBySideTest {
    private static final Cell CELL = new Cell(4096, 8, 8, 1);

    private static SideBySide.Side side(String name, FakeMeter meter) {
        return new SideBySide.Side(name, meter, CELL);
    }

    @Test
    void findsTheRatioInAlternation() {
        FakeMeter fast = new FakeMeter(_ -> 1200, 0.01, 1);
        FakeMeter slow = new FakeMeter(_ -> 1000, 0.01, 2);
        SideBySide.Result result = new SideBySide(side("A", fast), side("B", slow), 1).run(11, 1_000_000);
        assertThat(result.ratio().low()).isBetween(1.15, 1.2);
        assertThat(result.ratio().high()).isBetween(1.2, 1.25);
        assertThat(result.pairs()).isEqualTo(11);
        assertThat(result.sentence()).startsWith("A is faster than B: ratio 1.");
        assertThat(fast.measured).hasSize(11);
        assertThat(slow.measured).hasSize(11);
        assertThat(fast.open + slow.open).isZero();
    }

    @Test
    void driftOfTheMachineMeetsBoth() {
        FakeMeter one = new FakeMeter(_ -> 1000, 0.001, 1);
        FakeMeter other = new FakeMeter(_ -> 1000, 0.001, 2);
        one.drift = _ -> 1;
        other.drift = _ -> 1;
        SideBySide.Result result = new SideBySide(side("A", one), side("B", other), 1).run(20, 50_000_000);
        assertThat(result.first().relativeError()).isGreaterThan(0.1);
        assertThat(result.ratio().relativeError()).isLessThan(0.01);
        assertThat(result.sentence()).startsWith("A and B cannot be told apart");
    }

    @Test
    void refusesTooFewPairsAndAnEarlyStop() {
        SideBySide pair =
                new SideBySide(side("A", new FakeMeter(_ -> 1, 0, 1)), side("B", new FakeMeter(_ -> 1, 0, 1)), 1);
        assertThatIllegalArgumentException().isThrownBy(() -> pair.run(4, 1))
                .withMessage("pairs=4 < 5, measure more of them");
        pair.stop();
        assertThatIllegalStateException().isThrownBy(() -> pair.run(5, 1)).withMessageStartingWith("pairs=0 < 1");
    }
}
