package io.trilane.perf.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.engine.ThreadingMode;
import java.util.List;
import java.util.Optional;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OpenLoopBenchTest {
    @ParameterizedTest
    @EnumSource(ThreadingMode.class)
    void requestsComeAtTheRateOfEachJob(ThreadingMode threading) {
        OpenLoop rate = new OpenLoop(2000, RateProcess.LINEAR);
        RunResult result = Disks.run(new BenchPlan(Disks.workload(RwMode.RANDRW, 4096, false), threading, 2,
                60_000_000_000L, 20_000_000, 300, BenchPlan.CopyLimitMode.AUTO, Disks.STAMPS)
                .withLatency(new LatencyPlan(Optional.of(rate), true)), Disks.memory());
        assertThat(result.isGood()).isTrue();
        assertThat(result.read().ios() + result.write().ios()).isEqualTo(600);
        OpenLoopResult open = result.latency().openLoop().orElseThrow();
        assertThat(open.wantedIops()).isEqualTo(4000);
        // A linear schedule takes as long as it says, or longer.
        assertThat(open.achievedIops()).isPositive().isLessThan(4000 * 1.01);
        assertThat(open.response().count()).isEqualTo(600);
        assertThat(open.service().count()).isEqualTo(600);
        assertThat(open.response().meanNs()).isGreaterThanOrEqualTo(open.service().meanNs() * 0.99);
        StageLatency stages = result.latency().stages().orElseThrow();
        assertThat(stages.total().count()).isEqualTo(600);
        assertThat(stages.queueWait().meanNs() + stages.execution().meanNs() + stages.interrupt().meanNs()
                + stages.delivery().meanNs()).isCloseTo(stages.total().meanNs(), Percentage.withPercentage(1));
        assertThat(result.copyLimit()).isEmpty();
        assertThat(result.copyLimitNote()).isEqualTo("requests come at a given rate");
    }

    @Test
    void whatTheDiskCannotKeepUpWithIsBehindAndAllocatesNothing() {
        OpenLoop rate = new OpenLoop(1_000_000_000, RateProcess.POISSON);
        RunResult result = Disks.run(new BenchPlan(Workload.of(RwMode.RANDREAD, 4096, 32), ThreadingMode.INVOKER, 1,
                60_000_000_000L, 300_000_000, 1_000_000, BenchPlan.CopyLimitMode.OFF, Disks.STAMPS)
                .withLatency(new LatencyPlan(Optional.of(rate), true)), Disks.memory());
        OpenLoopResult open = result.latency().openLoop().orElseThrow();
        assertThat(open.achievedIops()).isLessThan(open.wantedIops() / 2);
        assertThat(open.behindNs()).isPositive();
        assertThat(open.mostBacklog()).isPositive();
        assertThat(open.response().maxNs()).isGreaterThan(open.service().maxNs());
        assertThat(result.jobs().getFirst().allocatedPerIo()).isLessThan(0.01);
    }

    @Test
    void stagesAreLookedAtInLatencyRoundsOfAClosedLoop() {
        RunResult result = Disks.run(Disks.plan(Disks.workload(RwMode.RANDREAD, 4096, false), 2000)
                .withLatency(new LatencyPlan(Optional.empty(), true)), Disks.memory());
        assertThat(result.latency().openLoop()).isEmpty();
        assertThat(result.latency().stages().orElseThrow().total().count()).isEqualTo(result.read().latency().count());
        assertThat(Disks.run(Disks.plan(Disks.workload(RwMode.RANDREAD, 4096, false), 100), Disks.memory()).latency()
                .stages()).isEmpty();
    }

    @Test
    void verifiesWhatItWrites() {
        RunResult result = Disks.run(Disks.plan(Disks.workload(RwMode.RANDRW, 4096, true), 3000).withLatency(
                new LatencyPlan(Optional.of(new OpenLoop(100_000, RateProcess.POISSON)), false)), Disks.memory());
        assertThat(result.isGood()).as("%s", result.verification()).isTrue();
        assertThat(result.verification().checkedBlocks()).isPositive();
    }

    @Test
    void stopsWhileItWaitsForTheNextTurn() {
        Bench bench = new Bench(Disks.plan(Disks.workload(RwMode.RANDREAD, 4096, false), 0).withLatency(
                new LatencyPlan(Optional.of(new OpenLoop(1, RateProcess.LINEAR)), false)), List.of(Disks.memory()),
                new BenchListener() {});
        bench.stop();
        assertThat(bench.run().interrupted()).isTrue();
    }

    @Test
    void refusesToCompareARateWithTheCopyLimit() {
        assertThatThrownBy(() -> Disks.plan(Disks.workload(RwMode.RANDREAD, 4096, false), ThreadingMode.INVOKER, 1, 1,
                BenchPlan.CopyLimitMode.ON)
                .withLatency(new LatencyPlan(Optional.of(new OpenLoop(7, RateProcess.LINEAR)), false)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("copy-limit=on rate_iops=7");
    }
}
