package io.trilane.perf.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.trilane.perf.harness.RwMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class TunerTest {
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final long BUDGET_NS = 60_000_000_000L;
    private static final List<Long> SIZES = List.of(4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB, 4 * MIB);
    private static final List<Integer> DEPTHS = List.of(1, 2, 4, 8, 16, 32, 64);

    /// 80 us there and back, four channels of 20 us and 0.25 ns a byte, a wire of 1 GiB/s.
    private static final ToDoubleFunction<Cell> SOLID_STATE =
            FakeMeter.queue(80_000, 20_000, 0.25, 4, 1024.0 * MIB);
    /// One arm.
    private static final ToDoubleFunction<Cell> HARD_DISK = FakeMeter.queue(50_000, 8_000_000, 5, 1, 180.0 * MIB);
    /// The forum's figures: throughput falls off a cliff beyond 256 KiB.
    private static final ToDoubleFunction<Cell> CLIFF = cell -> {
        double peak = cell.requestBytes() <= 256 * KIB ? 1169e6 * Math.min(1, cell.requestBytes() / 262144.0) : 340e6;
        double ramp = Math.min(1, cell.concurrency() / 64.0);
        return peak * (cell.requestBytes() <= 256 * KIB ? ramp : Math.min(1, cell.concurrency() / 16.0))
                / cell.requestBytes();
    };
    /// Throughput has a ridge: too much depth thrashes.
    private static final ToDoubleFunction<Cell> THRASHING = cell -> {
        double n = cell.concurrency();
        return 50_000 * n / (1 + 0.02 * (n - 1) + 0.002 * n * (n - 1)) / (1 + cell.requestBytes() / 65536.0);
    };

    private static TuneGoal goal(Optional<Objective> objective, long budgetNs, long seed) {
        return new TuneGoal(RwMode.RANDREAD, 50, SIZES, DEPTHS, List.of(32), List.of(1), objective, budgetNs, seed);
    }

    private static TuneResult tune(ToDoubleFunction<Cell> iops, double noise, long seed) {
        return new Tuner("fake", goal(Optional.empty(), BUDGET_NS, seed), new FakeMeter(iops, noise, seed),
                TuneListener.NONE, List.of()).run();
    }

    /// The most that any cell between the grid's ends gives, in steps of 3 x 2^k.
    private static double optimum(ToDoubleFunction<Cell> iops) {
        double most = 0;
        for (long size = 4 * KIB; size <= 4 * MIB; size *= 2) {
            for (int depth = 1; depth <= 64; depth *= 2) {
                for (int quarters : new int[]{4, 6}) {
                    long bytes = size;
                    int requests = Math.min(64, depth * quarters / 4);
                    most = Math.max(most, iops.applyAsDouble(new Cell(bytes, requests, 1, 1)) * bytes);
                    long larger = Math.min(4 * MIB, size / 4 * quarters);
                    most = Math.max(most, iops.applyAsDouble(new Cell(larger, requests, 1, 1)) * larger);
                }
            }
        }
        return most;
    }

    private static void findsTheOptimum(ToDoubleFunction<Cell> iops, double noise) {
        for (long seed = 1; seed <= 3; seed++) {
            TuneResult result = tune(iops, noise, seed);
            Recommendation found = result.recommendation().orElseThrow();
            double optimum = optimum(iops);
            Cell chosen = found.chosen().cell();
            double truth = iops.applyAsDouble(chosen) * chosen.requestBytes();
            assertThat(truth).as("seed %d %s", seed, found.sentence()).isBetween(0.97 * optimum, 1.0001 * optimum);
            assertThat(found.chosen().bytesPerSecond().high() * 1.01 + optimum * noise).isGreaterThan(optimum);
            assertThat(result.isComplete()).isTrue();
            assertThat(result.spentNs()).isLessThanOrEqualTo(BUDGET_NS);
        }
    }

    @Test
    void findsTheOptimumOfASolidStateDisk() {
        findsTheOptimum(SOLID_STATE, 0);
        findsTheOptimum(SOLID_STATE, 0.01);
    }

    @Test
    void findsTheOptimumOfAHardDisk() {
        findsTheOptimum(HARD_DISK, 0);
        findsTheOptimum(HARD_DISK, 0.01);
    }

    @Test
    void findsTheOptimumBesideTheCliffOfTheForum() {
        findsTheOptimum(CLIFF, 0);
        findsTheOptimum(CLIFF, 0.01);
        TuneResult result = tune(CLIFF, 0.005, 3);
        assertThat(result.recommendation().orElseThrow().chosen().cell()).isEqualTo(new Cell(256 * KIB, 64, 32, 1));
        assertThat(result.cells()).anySatisfy(cell -> {
            assertThat(cell.cell()).isEqualTo(new Cell(MIB, 16, 16, 1));
            assertThat(cell.bytesPerSecond().median()).isBetween(330e6, 350e6);
        });
    }

    @Test
    void findsTheOptimumBetweenTwoDepthsOfTheGrid() {
        findsTheOptimum(THRASHING, 0);
        findsTheOptimum(THRASHING, 0.01);
        TuneResult result = tune(THRASHING, 0.002, 3);
        assertThat(result.fits()).isNotEmpty().first()
                .satisfies(fit -> assertThat(fit.peakDepth()).isBetween(20.0, 24.0));
    }

    @Test
    void saysThatMoreDepthOnlyAddsLatencyWhereItIsTrue() {
        String sentence = tune(SOLID_STATE, 0.005, 3).recommendation().orElseThrow().sentence();
        assertThat(sentence).startsWith("use ").contains(" MiB/s, p99 ").endsWith("; more depth only adds latency");
        assertThat(tune(THRASHING, 0.002, 3).recommendation().orElseThrow().sentence())
                .contains("; more depth costs throughput");
        assertThat(tune(CLIFF, 0.002, 3).recommendation().orElseThrow().sentence())
                .endsWith("; no greater depth was measured");
    }

    @Test
    void reportsTwoEqualOptimaAsATie() {
        ToDoubleFunction<Cell> twins = cell -> (cell.requestBytes() == 16 * KIB && cell.depth() == 32
                || cell.requestBytes() == 64 * KIB && cell.depth() == 8 ? 500e6 : 300e6) / cell.requestBytes();
        Recommendation found = tune(twins, 0.005, 1).recommendation().orElseThrow();
        assertThat(found.equals()).extracting(CellResult::cell).containsExactlyInAnyOrder(
                new Cell(16 * KIB, 32, 32, 1), new Cell(64 * KIB, 8, 8, 1));
        // Equal in bytes in flight too: the one with less latency.
        assertThat(found.chosen().cell()).isEqualTo(new Cell(64 * KIB, 8, 8, 1));
    }

    @Test
    void findsDifferencesThatAreNoiseOnlyEqualAndTakesTheSmallest() {
        for (long seed = 1; seed <= 5; seed++) {
            TuneResult result = tune(cell -> 400e6 / cell.requestBytes(), 0.01, seed);
            Recommendation found = result.recommendation().orElseThrow();
            assertThat(found.chosen().cell().bytesInFlight()).as("seed %d", seed).isLessThanOrEqualTo(16 * KIB);
            long repeated = result.cells().stream().filter(cell -> cell.rounds().size() >= 5).count();
            assertThat(found.equals().size()).isGreaterThan((int) (repeated * 0.9));
            assertThat(repeated).isGreaterThan(30);
        }
    }

    @Test
    void tellsApartWhatDiffersByMoreThanTheNoise() {
        ToDoubleFunction<Cell> slope = cell -> 400e6 * (1 + 0.04 * Math.log(cell.depth())) / cell.requestBytes();
        Recommendation found = tune(slope, 0.003, 1).recommendation().orElseThrow();
        assertThat(found.equals()).allSatisfy(equal -> assertThat(equal.cell().depth()).isGreaterThanOrEqualTo(48));
    }

    @Test
    void objectiveChangesTheAnswer() {
        Objective objective = Objective.parse("p99<135us");
        TuneResult free = tune(SOLID_STATE, 0.005, 1);
        TuneResult bound = new Tuner("fake", goal(Optional.of(objective), BUDGET_NS, 1),
                new FakeMeter(SOLID_STATE, 0.005, 1), TuneListener.NONE, List.of()).run();
        Recommendation found = bound.recommendation().orElseThrow();
        assertThat(found.chosen().cell()).isNotEqualTo(free.recommendation().orElseThrow().chosen().cell());
        assertThat(found.chosen().objectiveNs().high()).isLessThan(135_000);
        // Depths of 6 and 16 KiB are the most that the limit and this model allow: 4 / 5 of the wire at least.
        assertThat(found.chosen().bytesPerSecond().median()).isGreaterThan(0.8 * 1024 * MIB);
        assertThat(found.equals()).allMatch(CellResult::meetsObjective);
        assertThat(bound.cells()).anyMatch(cell -> !cell.meetsObjective());
    }

    @Test
    void saysSoWhenNoCellMeetsTheObjectiveAndNamesTheClosest() {
        TuneResult result = new Tuner("fake", goal(Optional.of(Objective.parse("p99<1us")), BUDGET_NS, 1),
                new FakeMeter(SOLID_STATE, 0.005, 1), TuneListener.NONE, List.of()).run();
        assertThat(result.recommendation()).isEmpty();
        assertThat(result.ending()).startsWith("no cell meets p99<1.00 us; the closest is 4 KiB x ");
        assertThat(TuneText.of(result)).startsWith(result.ending());
    }

    @Test
    void sameSeedGivesTheSameResult() {
        TuneResult one = tune(SOLID_STATE, 0.005, 42);
        assertThat(tune(SOLID_STATE, 0.005, 42)).isEqualTo(one);
        assertThat(tune(SOLID_STATE, 0.005, 43)).isNotEqualTo(one);
        assertThat(TuneText.of(tune(SOLID_STATE, 0.005, 42), 512)).isEqualTo(TuneText.of(one, 512));
    }

    @Test
    void stopLeavesAValidPartialResult() {
        for (int stopAfter : new int[]{1, 5, 30, 60, 100}) {
            FakeMeter meter = new FakeMeter(SOLID_STATE, 0.01, 1);
            Tuner tuner = new Tuner("fake", goal(Optional.empty(), BUDGET_NS, 1), meter, TuneListener.NONE, List.of());
            meter.onMeasure = () -> {
                if (meter.measured.size() + 1 == stopAfter) {
                    tuner.stop();
                }
            };
            TuneResult result = tuner.run();
            assertThat(meter.measured).hasSize(stopAfter);
            assertThat(meter.stopped).isTrue();
            assertThat(meter.open).isZero();
            assertThat(result.isComplete()).isFalse();
            assertThat(result.ending()).isEqualTo("interrupted");
            assertThat(result.recommendation()).isPresent();
            assertThat(TuneText.of(result)).contains("NOT COMPLETE");
        }
    }

    @Test
    void stoppedBeforeItBeganItHasNoCells() {
        Tuner tuner = new Tuner("fake", goal(Optional.empty(), BUDGET_NS, 1), new FakeMeter(SOLID_STATE, 0, 1),
                TuneListener.NONE, List.of());
        tuner.stop();
        TuneResult result = tuner.run();
        assertThat(result.cells()).isEmpty();
        assertThat(result.recommendation()).isEmpty();
        assertThat(result.isComplete()).isFalse();
        assertThat(TuneText.of(result)).startsWith("no cell was measured: interrupted");
    }

    @Test
    void keepsTheBudgetWithinOneRound() {
        for (long budgetNs : new long[]{20_000_000L, 300_000_000L, 2_000_000_000L, 30_000_000_000L}) {
            FakeMeter meter = new FakeMeter(SOLID_STATE, 0.05, 1);
            TuneResult result = new Tuner("fake", goal(Optional.empty(), budgetNs, 1), meter, TuneListener.NONE,
                    List.of()).run();
            assertThat(meter.nowNs - 1_000).as("%s", result.ending())
                    .isLessThanOrEqualTo(budgetNs + meter.longestRoundNs + FakeMeter.OPEN_NS);
            assertThat(result.spentNs()).isEqualTo(meter.nowNs - 1_000);
        }
    }

    @Test
    void isNotCompleteWhenTheBudgetDoesNotReachForTheGrid() {
        TuneResult result = new Tuner("fake", goal(Optional.empty(), 20_000_000, 1),
                new FakeMeter(SOLID_STATE, 0.01, 1), TuneListener.NONE, List.of()).run();
        assertThat(result.isComplete()).isFalse();
        assertThat(result.ending()).isEqualTo("the budget was spent before the coarse grid was done");
        assertThat(result.cells()).isNotEmpty();
        assertThat(result.notes()).anyMatch(note -> note.startsWith("repetitions=1 < 5"));
    }

    @Test
    void stopsEarlyWhenEveryCandidateIsSettled() {
        TuneResult result = tune(HARD_DISK, 0.001, 1);
        assertThat(result.ending()).isEqualTo("every candidate is settled");
        assertThat(result.spentNs()).isLessThan(BUDGET_NS);
        assertThat(result.recommendation().orElseThrow().equals()).allSatisfy(equal -> {
            assertThat(equal.rounds()).hasSizeGreaterThanOrEqualTo(5);
            assertThat(equal.isSteady()).isTrue();
            assertThat(equal.bytesPerSecond().relativeError()).isLessThanOrEqualTo(0.02);
        });
    }

    @Test
    void flagsCellsThatDrift() {
        FakeMeter meter = new FakeMeter(SOLID_STATE, 0.002, 1);
        meter.drift = _ -> -0.01;
        TuneResult result = new Tuner("fake", goal(Optional.empty(), BUDGET_NS, 1), meter, TuneListener.NONE, List.of())
                .run();
        assertThat(result.recommendation().orElseThrow().equals()).allMatch(cell -> !cell.isSteady());
        assertThat(result.ending()).isNotEqualTo("every candidate is settled");
        assertThat(result.notes()).anyMatch(note -> note.contains("did not reach a steady state"));
        assertThat(tune(SOLID_STATE, 0.002, 1).notes()).noneMatch(note -> note.contains("steady state"));
    }

    @Test
    void errorsStopTheCellAndNotTheSearch() {
        FakeMeter meter = new FakeMeter(SOLID_STATE, 0.002, 1);
        meter.errors = cell -> cell.requestBytes() == 64 * KIB ? 3 : 0;
        TuneResult result = new Tuner("fake", goal(Optional.empty(), BUDGET_NS, 1), meter, TuneListener.NONE, List.of())
                .run();
        assertThat(result.isComplete()).isTrue();
        assertThat(result.recommendation().orElseThrow().equals())
                .noneMatch(cell -> cell.cell().requestBytes() == 64 * KIB);
        assertThat(result.cells()).filteredOn(cell -> cell.cell().requestBytes() == 64 * KIB)
                .allSatisfy(cell -> assertThat(cell.errors()).isEqualTo(3));
        assertThat(meter.measured).filteredOn(cell -> cell.equals(new Cell(64 * KIB, 1, 1, 1))).hasSize(1);
        assertThat(result.notes())
                .anyMatch(note -> note.contains(" cells left out (errors=3): 64 KiB x 1; 64 KiB x 2;"));
        assertThat(meter.open).isZero();
    }

    @Test
    void searchesBundlesAndJobsWhereItMatters() {
        // Bundles cost throughput beyond 8, a second job gives a third more.
        ToDoubleFunction<Cell> choosy =
                cell -> SOLID_STATE.applyAsDouble(new Cell(cell.requestBytes(), cell.depth(), 1, 1))
                        * (cell.bundle() > 8 ? 0.7 : cell.bundle() == 8 ? 1 : 0.8) * (cell.jobs() == 2 ? 1.33 : 1);
        TuneGoal goal = new TuneGoal(RwMode.RANDREAD, 50, List.of(4 * KIB, 16 * KIB), DEPTHS, List.of(1, 8, 32),
                List.of(1, 2, 4), Optional.empty(), BUDGET_NS, 1);
        Cell chosen = new Tuner("fake", goal, new FakeMeter(choosy, 0.003, 1), TuneListener.NONE, List.of()).run()
                .recommendation().orElseThrow().chosen().cell();
        assertThat(chosen.bundle()).isEqualTo(8);
        assertThat(chosen.jobs()).isEqualTo(2);
    }

    @Test
    void reportsProgress() {
        List<TuneListener.Progress> heard = new ArrayList<>();
        TuneResult _ = new Tuner("fake", goal(Optional.empty(), BUDGET_NS, 1), new FakeMeter(SOLID_STATE, 0.005, 1),
                heard::add, List.of()).run();
        assertThat(heard).extracting(TuneListener.Progress::phase).contains("coarse grid", "refinement", "repetitions");
        assertThat(heard).allSatisfy(progress -> {
            assertThat(progress.done()).isBetween(0, progress.planned());
            assertThat(progress.remainingNs()).isBetween(0L, BUDGET_NS);
        });
        assertThat(heard).extracting(TuneListener.Progress::remainingNs)
                .isSortedAccordingTo(Comparator.reverseOrder());
    }

    @Test
    void refusesAGoalThatIsNoGrid() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Tuner("fake",
                new TuneGoal(RwMode.READ, 50, List.of(8192L, 4096L), DEPTHS, List.of(1), List.of(1), Optional.empty(),
                        BUDGET_NS, 1),
                new FakeMeter(SOLID_STATE, 0, 1), TuneListener.NONE, List.of()))
                .withMessage("sizes=[8192, 4096] is not ascending, sort it");
    }

    @Test
    void saysSoWhenNothingCanBeMeasured() {
        FakeMeter broken = new FakeMeter(SOLID_STATE, 0, 1);
        broken.onMeasure = () -> {
            throw new IllegalStateException("the disk is gone");
        };
        TuneResult result = new Tuner("fake", goal(Optional.empty(), BUDGET_NS, 1), broken, TuneListener.NONE,
                List.of("of the disk")).run();
        assertThat(result.cells()).isEmpty();
        assertThat(result.ending()).isEqualTo("no cell was measured: all of them failed");
        assertThat(result.notes()).hasSize(2).first().isEqualTo("of the disk");
        assertThat(result.notes().getLast()).startsWith("42 cells left out (the disk is gone): 4 KiB x 1; ");
        assertThat(broken.open).isZero();
    }

    @Test
    void leavesOutCellsWhoseQueueAloneWouldEatTheBudget() {
        // 1 MiB/s: 64 x 4 MiB take four minutes to drain.
        TuneResult result = tune(cell -> 1024.0 * 1024 / cell.requestBytes(), 0, 1);
        assertThat(result.cells()).noneMatch(cell -> cell.cell().bytesInFlight() > 16 * MIB);
        assertThat(result.notes()).anyMatch(note -> note.contains("cells were left out: filling and draining"));
        assertThat(result.isComplete()).isTrue();
    }
}
