package io.trilane.perf.tune;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.hba.device.DeviceModel;
import io.trilane.hba.device.DeviceModels;
import io.trilane.hba.device.DeviceOptimum;
import io.trilane.perf.harness.RwMode;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// In simulated time the tuner finds what can be computed: `DeviceOptimum` shares no code with the device that is measured.
class TunerOnDevicesTest {
    private static final long NO_LIMIT = Long.MAX_VALUE;
    /// Computed rates are taken from a finite run.
    private static final Percentage EXACT = Percentage.withPercentage(0.1);

    static Stream<DeviceSearch> searches() {
        List<Integer> shallow = List.of(1, 2, 4);
        return Stream.of(
                named("ultra320-hdd", RwMode.READ, List.of(64, 128, 256, 512, 1024), shallow, List.of(1), 20_000),
                // No cache: writes are what they are from the first one on.
                named("ultra320-hdd", RwMode.WRITE, List.of(128, 256, 512), shallow, List.of(1), 10_000),
                // One by one, 64 KiB and 128 KiB are held up by the crossing: it takes bundles.
                named("raid0-userspace", RwMode.READ, List.of(32, 64, 128), List.of(1, 2, 4, 8), List.of(1, 4), 12_000),
                named("sata-ssd", RwMode.RANDREAD, List.of(8, 16, 32, 64), List.of(2, 4, 8, 16), List.of(1),
                        2_000),
                named("nvme-ssd", RwMode.READ, List.of(4, 8, 16, 32), List.of(8, 16, 32, 64), List.of(1, 4), 500));
    }

    private static DeviceSearch named(String model, RwMode mode, List<Integer> kibs, List<Integer> depths,
            List<Integer> bundles, long budgetMs) {
        return DeviceSearch.of(shipped(model), mode, kibs, depths, bundles, budgetMs);
    }

    @ParameterizedTest
    @MethodSource("searches")
    void findsTheComputedOptimumWithinItsBudget(DeviceSearch search) {
        DeviceSearch.Timed timed = search.runTimed();
        Recommendation found = timed.result().recommendation().orElseThrow();
        DeviceOptimum.Rate optimum = search.optimum(NO_LIMIT);
        Cell chosen = found.chosen().cell();

        assertThat(chosen.bytesInFlight()).as("%s, computed %s", found.sentence(), optimum)
                .isEqualTo(optimum.load().bytesInFlight());
        double most = search.computed(NO_LIMIT).stream().mapToDouble(DeviceOptimum.Rate::bytesPerSecond).max()
                .orElseThrow();
        assertThat(search.computedBytesPerSecond(chosen)).isGreaterThanOrEqualTo((1 - Judge.MARGIN) * most);
        holds(found.chosen().bytesPerSecond(), search.computedBytesPerSecond(chosen));
        holds(found.best().bytesPerSecond(), most);
        // Smaller bundles were tried where there are any.
        int smallest = search.goal().bundles().getFirst();
        assertThat(timed.result().cells())
                .anyMatch(cell -> cell.cell().bundle() == smallest && cell.cell().depth() > 1);
        assertThat(timed.result().isComplete()).isTrue();
        assertThat(timed.lastRoundAtNs()).isLessThan(search.goal().budgetNs()).isPositive();
        assertThat(timed.result().spentNs()).isGreaterThan(timed.lastRoundAtNs());
    }

    @Test
    void theSearchesTakeInEveryModelThatComesWithTrilane() {
        assertThat(searches().map(search -> search.model().name()).distinct())
                .containsExactlyInAnyOrderElementsOf(DeviceModels.all().stream().map(DeviceModel::name).toList());
    }

    /// The deep cells, whose queue takes as long to fill as a round, and those measured only once are what was computed too.
    @Test
    void everyMeasuredCellIsTheComputedOne() {
        DeviceSearch search = DeviceSearch.of(shipped("sata-ssd"), RwMode.READ, List.of(4, 64, 512),
                List.of(1, 8, 32), List.of(1), 1_000);
        TuneResult result = search.run();
        List<CellResult> coarse = result.cells().stream().filter(cell -> search.goal().sizes()
                .contains(cell.cell().requestBytes()) && search.goal().depths().contains(cell.cell().depth())).toList();
        assertThat(coarse).hasSize(9);
        for (CellResult cell : coarse) {
            assertThat(cell.bytesPerSecond().median()).as("%s", cell.cell())
                    .isCloseTo(search.computedBytesPerSecond(cell.cell()), Percentage.withPercentage(1));
        }
        assertThat(result.little()).allSatisfy(
                check -> assertThat(check.ratio()).as("%s", check.cell()).isCloseTo(1, Percentage.withPercentage(5)));
    }

    /// 64 KiB take 131072 ns on the link, and 131072 ns more to get there. One request of either length does not fill it, two
    /// of either do: two optima, of which one needs half as much in flight.
    @Test
    void twoEqualOptimaAreATie() {
        DeviceSearch search = DeviceSearch.of(linkOnly(131_072), RwMode.READ, List.of(64, 128), List.of(1, 2),
                List.of(1), 2_000);
        Cell narrow = new Cell(64 << 10, 2, 1, 1);
        Cell wide = new Cell(128 << 10, 2, 1, 1);
        assertThat(search.computedBytesPerSecond(narrow)).isCloseTo(500e6, EXACT)
                .isCloseTo(search.computedBytesPerSecond(wide), EXACT);
        assertThat(search.computedBytesPerSecond(new Cell(128 << 10, 1, 1, 1))).isCloseTo(1e9 / 3, EXACT);

        TuneResult result = search.run();
        Recommendation found = result.recommendation().orElseThrow();
        assertThat(found.equals().stream().map(CellResult::cell)).containsExactly(narrow, wide);
        assertThat(found.chosen().cell()).isEqualTo(narrow);
        assertThat(result.cells().stream().filter(CellResult::isEqualToBest).map(CellResult::cell))
                .containsExactly(narrow, wide);
        assertThat(TuneText.of(result)).contains("equal within noise: 128 KiB x 2");
    }

    /// With three times that latency the link is full at four of 64 KiB and at two of 128 KiB and a bit: at two of 128 KiB
    /// four fifths of it. A tenth less than equal is no tie.
    @Test
    void nearlyEqualOptimaAreNoTie() {
        DeviceSearch search = DeviceSearch.of(linkOnly(3 * 131_072), RwMode.READ, List.of(64, 128), List.of(2, 4),
                List.of(1), 2_000);
        assertThat(search.computedBytesPerSecond(new Cell(128 << 10, 2, 1, 1))).isCloseTo(400e6, EXACT);
        Recommendation found = search.run().recommendation().orElseThrow();
        assertThat(found.chosen().cell()).isEqualTo(new Cell(64 << 10, 4, 1, 1));
        assertThat(found.equals().stream().map(CellResult::cell)).doesNotContain(new Cell(128 << 10, 2, 1, 1))
                .contains(new Cell(128 << 10, 4, 1, 1));
    }

    /// Least latency is 125 us for 4 KiB and grows with depth and size: a limit takes the optimum away and leaves another.
    @Test
    void anObjectiveChangesTheAnswerAsComputed() {
        Objective objective = Objective.parse("p99<200us");
        DeviceSearch free = DeviceSearch.of(shipped("sata-ssd"), RwMode.READ, List.of(4, 8, 16, 32),
                List.of(1, 2, 4, 8, 16), List.of(1), 2_000);
        DeviceSearch bound = free.withObjective(objective);
        DeviceOptimum.Rate expected = bound.optimum(objective.limitNs());
        assertThat(DeviceSearch.latencyNs(free.optimum(NO_LIMIT))).isGreaterThan(1.1 * objective.limitNs());
        // Not by a hair: the next that could be had is far from the limit.
        assertThat(bound.computed(NO_LIMIT)).as("near the limit").noneMatch(
                rate -> Math.abs(DeviceSearch.latencyNs(rate) / objective.limitNs() - 1) < 0.01);

        TuneResult result = bound.run();
        Recommendation found = result.recommendation().orElseThrow();
        assertThat(found.chosen().cell()).isEqualTo(new Cell(expected.load().requestBytes(), expected.load().depth(),
                expected.load().bundle(), 1));
        assertThat(found.chosen().objectiveNs().high()).isLessThan((double) objective.limitNs());
        assertThat(found.chosen().objectiveNs().median()).isCloseTo(DeviceSearch.latencyNs(expected),
                Percentage.withPercentage(2));
        holds(found.chosen().bytesPerSecond(), expected.bytesPerSecond());
        assertThat(found.equals()).allMatch(CellResult::meetsObjective);
        assertThat(free.run().recommendation().orElseThrow().chosen().cell()).isNotEqualTo(found.chosen().cell());
    }

    private static void holds(Interval interval, double value) {
        assertThat(value).isBetween(interval.low() * 0.999, interval.high() * 1.001);
    }

    private static DeviceModel shipped(String name) {
        return DeviceModels.all().stream().filter(model -> model.name().equals(name)).findFirst().orElseThrow();
    }

    /// A link of 500 MB/s, and some latency before it that any number of requests spend together.
    private static DeviceModel linkOnly(long latencyNs) {
        DeviceModel.Member member = new DeviceModel.Member(64, latencyNs, latencyNs, 1L << 40, DeviceModel.Arm.NONE,
                DeviceModel.Cache.NONE);
        return new DeviceModel("equal-optima", "made up", 1, 65536, member, 500_000_000,
                new DeviceModel.Host(0, 0, 0, 1, 0, 1 << 20), DeviceModel.Stall.NONE);
    }
}
