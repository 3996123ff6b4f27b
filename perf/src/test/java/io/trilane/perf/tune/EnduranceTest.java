package io.trilane.perf.tune;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.hba.device.DeviceModels;
import io.trilane.perf.harness.RwMode;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class EnduranceTest {
    private static final long BUDGET_NS = 20_000_000_000L;

    /// Of the disk's usual rate, once the endurance run begins.
    private double factor = 1;
    private long beganNs;
    private final FakeMeter meter = new FakeMeter(
            cell -> FakeMeter.queue(80_000, 5_000, 0.25, 8, 2e9).applyAsDouble(cell) * factor, 0.002, 1);

    @Test
    void saysThatAnAnswerDoesNotLast() {
        assertThat(sentence(_ -> factor = 0.7)).contains("; but it does not last: ")
                .endsWith("raise --ramp_time and --budget");
    }

    @Test
    void saysNothingOfAnAnswerThatLasts() {
        assertThat(sentence(_ -> factor = 0.97)).doesNotContain("but it");
        assertThat(meter.measured).hasSizeGreaterThan(4);
    }

    @Test
    void errorsAndFailuresAreNoEndurance() {
        assertThat(sentence(_ -> meter.errors = _ -> 3)).endsWith("; but it could not be kept up: errors=3");
    }

    @Test
    void aDiskThatGoesAwayIsNoEndurance() {
        assertThat(sentence(_ -> meter.onMeasure = () -> {
            throw new IllegalStateException("gone");
        })).endsWith("; but it could not be kept up: gone");
    }

    @Test
    void takesItsShareOfTheBudgetAndLeavesTheRest() {
        TuneResult result = tune(_ -> beganNs = meter.nowNs);
        assertThat(beganNs).isPositive();
        assertThat(result.ending()).isEqualTo("every candidate is settled");
        assertThat((double) meter.nowNs - beganNs).isBetween(0.07 * BUDGET_NS, 0.09 * BUDGET_NS);
        assertThat(result.spentNs()).isLessThan(BUDGET_NS);
    }

    /// Its write cache takes 64 MiB, and its two disks 645 MB/s.
    @Test
    void aWriteCacheIsSeenThrough() {
        TuneResult result =
                DeviceSearch.of(DeviceModels.all().get(1), RwMode.WRITE, List.of(64, 128), List.of(4, 8), List.of(32),
                        20_000).run();
        Recommendation answer = result.recommendation().orElseThrow();
        assertThat(answer.chosen().bytesPerSecond().median()).isGreaterThan(700e6);
        assertThat(answer.sentence()).contains("but it does not last: 615 MiB/s after ");
    }

    private String sentence(Consumer<Cell> onEndurance) {
        return tune(onEndurance).recommendation().orElseThrow().sentence();
    }

    private TuneResult tune(Consumer<Cell> onEndurance) {
        TuneGoal goal =
                new TuneGoal(RwMode.RANDREAD, 50, List.of(4096L, 65536L), List.of(1, 4, 16), List.of(1), List.of(1),
                        Optional.empty(), BUDGET_NS, 1);
        return new Tuner("fake", goal, meter, progress -> {
            if (progress.phase().equals("endurance")) {
                progress.cell().ifPresent(onEndurance);
            }
        }, List.of()).run();
    }
}
