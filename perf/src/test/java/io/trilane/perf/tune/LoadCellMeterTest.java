package io.trilane.perf.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.trilane.perf.harness.RwMode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LoadCellMeterTest {
    private static final long SLOW_NS = 100_000;
    private static final long ROUND_NS = 50_000_000;
    private static final long WARM_UP_NS = 5_000_000;

    private static LoadCellMeter meter(SimulatedDisk disk) {
        return new LoadCellMeter(disk, RwMode.RANDREAD, 50, 1, WARM_UP_NS);
    }

    @Test
    void measuresWhatTheQueueingFormulaSays() {
        try (SimulatedDisk disk = new SimulatedDisk(4, SLOW_NS, 1); LoadCellMeter meter = meter(disk)) {
            for (int depth : new int[]{1, 2, 4, 16}) {
                try (CellMeter.Load load = meter.open(new Cell(4096, depth, Math.min(8, depth), 1))) {
                    CellMeter.Sample sample = load.measure(ROUND_NS);
                    assertThat(sample.rate()).isCloseTo(Math.min(depth, 4) * 1e9 / SLOW_NS, within(50.0));
                    assertThat((double) sample.elapsedNs()).isCloseTo(ROUND_NS, within(0.05 * ROUND_NS));
                    assertThat(sample.latency().getTotalCount()).isEqualTo(sample.requests());
                    assertThat((double) sample.latency().getValueAtPercentile(99))
                            .isCloseTo(SLOW_NS * Math.max(1, depth / 4.0), within(200.0));
                    assertThat(sample.errors()).isZero();
                }
            }
        }
    }

    @Test
    void timesOnlyAFifthWhereRequestsAreFast() {
        try (SimulatedDisk disk = new SimulatedDisk(1, 1_000, 1);
                LoadCellMeter meter = meter(disk);
                CellMeter.Load load = meter.open(new Cell(4096, 4, 4, 1))) {
            CellMeter.Sample sample = load.measure(ROUND_NS);
            assertThat((double) sample.latency().getTotalCount() / sample.requests()).isCloseTo(0.2, within(0.01));
            assertThat(sample.rate()).isCloseTo(1e6, within(1e3));
        }
    }

    @Test
    void keepsOneWayInWhereTheDiskHasOne() {
        try (SimulatedDisk disk = new SimulatedDisk(4, SLOW_NS, 1); LoadCellMeter meter = meter(disk)) {
            CellMeter.Load one = meter.open(new Cell(4096, 1, 1, 1));
            CellMeter.Load other = meter.open(new Cell(8192, 2, 2, 1));
            assertThat(one.measure(ROUND_NS).requests()).isPositive();
            assertThat(other.measure(ROUND_NS).requests()).isPositive();
            assertThat(disk.mostOpen).hasValue(1);
            assertThat(disk.opened).hasValue(4);
            assertThat(disk.threads).containsOnly(Thread.currentThread().getName());
            one.close();
            other.close();
            assertThat(disk.openNow).hasValue(0);
        }
    }

    @Test
    void keepsCellsOpenBetweenRepetitionsWhereThereIsRoom() {
        try (SimulatedDisk disk = new SimulatedDisk(4, SLOW_NS, 16); LoadCellMeter meter = meter(disk)) {
            CellMeter.Load one = meter.open(new Cell(4096, 1, 1, 1));
            CellMeter.Load other = meter.open(new Cell(8192, 2, 2, 1));
            for (int i = 0; i < 5; i++) {
                assertThat(one.measure(ROUND_NS).requests()).isPositive();
                assertThat(other.measure(ROUND_NS).requests()).isPositive();
            }
            assertThat(disk.opened).hasValue(2);
            assertThat(meter.liveCells()).isEqualTo(2);
            for (int depth = 1; depth <= 20; depth++) {
                assertThat(meter.open(new Cell(4096, depth, 1, 1)).measure(1_000_000).requests()).isPositive();
            }
            assertThat(disk.mostOpen.get()).isLessThanOrEqualTo(LoadCellMeter.OPEN_WAYS);
        }
    }

    @Test
    void givesEachJobAThreadAWayAndAShareOfItsOwn() {
        try (SimulatedDisk disk = new SimulatedDisk(1, SLOW_NS, 4);
                LoadCellMeter meter = meter(disk);
                CellMeter.Load load = meter.open(new Cell(4096, 2, 2, 3))) {
            CellMeter.Sample sample = load.measure(ROUND_NS);
            // Each has a disk's channel of its own in this simulation.
            assertThat(sample.rate()).isCloseTo(3 * 1e9 / SLOW_NS, within(100.0));
            assertThat(disk.threads).containsExactly("trilane-tune-job-0", "trilane-tune-job-1", "trilane-tune-job-2");
            assertThat(disk.ways).containsExactly(0, 1, 2);
        }
    }

    @Test
    void countsErrorsAndGoesOn() {
        try (SimulatedDisk disk = new SimulatedDisk(4, SLOW_NS, 1);
                LoadCellMeter meter = meter(disk);
                CellMeter.Load load = meter.open(new Cell(4096, 1, 1, 1))) {
            disk.failAfter = 100;
            assertThat(load.measure(ROUND_NS).errors()).isPositive();
        }
    }

    @Test
    void stopEndsARoundEarly() {
        try (SimulatedDisk disk = new SimulatedDisk(4, SLOW_NS, 1);
                LoadCellMeter meter = meter(disk);
                CellMeter.Load load = meter.open(new Cell(4096, 4, 4, 1))) {
            disk.onPoll = meter::stop;
            CellMeter.Sample sample = load.measure(ROUND_NS);
            assertThat(sample.requests()).isBetween(1L, 8L);
            assertThat(sample.elapsedNs()).isLessThan(ROUND_NS / 10);
        }
    }

    @Test
    void refusesWhatTheDiskCannotDo() {
        try (SimulatedDisk disk = new SimulatedDisk(4, SLOW_NS, 2); LoadCellMeter meter = meter(disk)) {
            assertThatIllegalArgumentException().isThrownBy(() -> meter.open(new Cell(4096, 1, 1, 3)))
                    .withMessage("numjobs=3 > maxJobs=2 of target=simulated, lower --numjobs");
            assertThatIllegalArgumentException().isThrownBy(() -> new LoadCellMeter(disk, RwMode.RANDWRITE, 50, 1, 1))
                    .withMessageContaining("rw=randwrite target=simulated cannot be written");
            assertThatIllegalArgumentException().isThrownBy(() -> meter.open(new Cell(128 << 20, 1, 1, 1)));
            assertThat(disk.openNow).hasValue(0);
            assertThat(meter.liveCells()).isZero();
        }
    }

    @Test
    void cutsAGoalToWhatTheDiskCanDo() {
        try (SimulatedDisk disk = new SimulatedDisk(4, SLOW_NS, 2)) {
            GoalLimits cut = GoalLimits.of(goal(List.of(512L, 4096L, 4L << 20), List.of(1, 8, 128), List.of(1, 4, 32),
                    List.of(1, 2, 4)), disk);
            assertThat(cut.goal().sizes()).containsExactly(4096L);
            assertThat(cut.goal().depths()).containsExactly(1, 8);
            assertThat(cut.goal().bundles()).containsExactly(1, 4, 8);
            assertThat(cut.goal().jobs()).containsExactly(1, 2);
            assertThat(cut.notes()).containsExactly("a simulation",
                    "bs=[512, 4194304] left out: the disk takes what is at most 1048576 and a multiple of 4096",
                    "iodepth=[128] left out: the disk takes what is at most 64",
                    "numjobs=[4] left out: the disk takes what is at most 2");
            assertThatIllegalArgumentException().isThrownBy(() -> GoalLimits.of(
                    goal(List.of(512L), List.of(1), List.of(1), List.of(1)), disk))
                    .withMessageStartingWith("bs=[512] cannot be had on this disk, choose values that are at most");
        }
    }

    @Test
    void tunesASimulatedDiskToTheSmallestDepthThatFillsIt() {
        try (SimulatedDisk disk = new SimulatedDisk(4, SLOW_NS, 1)) {
            TuneGoal goal = GoalLimits.of(goal(List.of(4096L, 65536L, 1L << 20), List.of(1, 2, 4, 8, 16), List.of(8),
                    List.of(1)), disk).goal();
            try (LoadCellMeter meter = LoadCellMeter.of(disk, goal)) {
                TuneResult result = new Tuner(disk.name(), goal, meter, TuneListener.NONE, List.of()).run();
                Recommendation found = result.recommendation().orElseThrow();
                // The service time does not depend on size: the largest size, and four channels.
                assertThat(found.chosen().cell()).isEqualTo(new Cell(1 << 20, 4, 4, 1));
                assertThat(found.sentence()).endsWith("; more depth only adds latency");
                assertThat(result.little()).allSatisfy(check -> assertThat(check.ratio()).isCloseTo(1, within(0.05)));
                assertThat(result.ending()).isEqualTo("every candidate is settled");
            }
            assertThat(disk.openNow).hasValue(0);
        }
    }

    private static TuneGoal goal(List<Long> sizes, List<Integer> depths, List<Integer> bundles, List<Integer> jobs) {
        return new TuneGoal(RwMode.RANDREAD, 50, sizes, depths, bundles, jobs, Optional.empty(), 2_000_000_000L, 1);
    }
}
