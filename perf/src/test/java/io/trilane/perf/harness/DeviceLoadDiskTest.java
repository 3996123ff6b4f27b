package io.trilane.perf.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.hba.device.DeviceModel;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The arithmetic of a small model, by hand, against the whole engine in simulated time.
class DeviceLoadDiskTest {
    private static final int BYTES = 4096;
    private static final long READ_NS = 50_000;
    private static final long WRITE_NS = 70_000;
    /// 4096 bytes at 1 GB/s.
    private static final long MEDIUM_NS = 4096;
    private static final long CROSSING_NS = 7000;
    private static final long TASK_NS = 1000;
    private static final long INTERRUPT_NS = 3000;
    private static final long ALONE_NS = CROSSING_NS + TASK_NS + READ_NS + MEDIUM_NS + INTERRUPT_NS;

    @Test
    void oneRequestAtATimeTakesTheSumOfItsParts() {
        DeviceRun run = run(model(1, host(1, 0, 1 << 20)), RwMode.READ, BYTES, 1, 1, 100);
        assertThat(run.latenciesNs).hasSize(100).containsOnly(ALONE_NS);
        assertThat(run.elapsedNs).isEqualTo(100 * ALONE_NS);
    }

    @Test
    void writesTakeTheirOwnTime() {
        DeviceRun run = run(model(1, host(1, 0, 1 << 20)), RwMode.RANDWRITE, BYTES, 1, 1, 100);
        assertThat(run.latenciesNs).containsOnly(ALONE_NS - READ_NS + WRITE_NS);
    }

    @Test
    void twoChannelsDoubleTheRateAndAThirdRequestWaits() {
        DeviceModel model = model(2, new DeviceModel.Host(0, 0, 0, 1, 0, 1 << 20));
        assertThat(run(model, RwMode.READ, BYTES, 1, 1, 60).elapsedNs).isEqualTo(60 * (READ_NS + MEDIUM_NS));
        DeviceRun two = run(model, RwMode.READ, BYTES, 2, 2, 60);
        // Both channels end at the same time, and the link takes one command after the other.
        assertThat(two.elapsedNs).isEqualTo(30 * (READ_NS + MEDIUM_NS) + MEDIUM_NS);
        DeviceRun three = run(model, RwMode.READ, BYTES, 3, 3, 60);
        assertThat(three.elapsedNs).isEqualTo(two.elapsedNs);
        assertThat(Collections.max(three.latenciesNs)).isGreaterThan(Collections.max(two.latenciesNs));
    }

    @Test
    void aCrossingIsPaidOncePerBundle() {
        DeviceModel model = model(64, new DeviceModel.Host(CROSSING_NS, TASK_NS, 0, 1, 0, 1 << 20));
        long lastNs = READ_NS + MEDIUM_NS;
        // The link's 4096 ns per command are hidden behind 8000 per task, but not behind 1000.
        assertThat(run(model, RwMode.READ, BYTES, 8, 1, 8).elapsedNs).isEqualTo(8 * (CROSSING_NS + TASK_NS) + lastNs);
        assertThat(run(model, RwMode.READ, BYTES, 8, 4, 8).elapsedNs)
                .isEqualTo(Math.max(2 * CROSSING_NS + 8 * TASK_NS, CROSSING_NS + TASK_NS + 7 * MEDIUM_NS) + lastNs);
        assertThat(run(model, RwMode.READ, 512, 8, 8, 8).elapsedNs)
                .isEqualTo(CROSSING_NS + 8 * TASK_NS + READ_NS + 512);
    }

    @Test
    void anInterruptWaitsForOthersOrForItsTime() {
        DeviceModel model = model(8, new DeviceModel.Host(0, TASK_NS, INTERRUPT_NS, 4, 20_000, 1 << 20));
        DeviceRun four = run(model, RwMode.READ, 512, 4, 4, 4);
        long lastNs = 4 * TASK_NS + READ_NS + 512 + INTERRUPT_NS;
        assertThat(four.latenciesNs).containsOnly(lastNs);
        DeviceRun three = run(model, RwMode.READ, 512, 3, 3, 3);
        assertThat(three.latenciesNs).containsOnly(TASK_NS + READ_NS + 512 + 20_000 + INTERRUPT_NS);
    }

    @Test
    void aLongRequestIsManyRoundTripsOneAfterAnother() {
        DeviceRun run = run(model(4, host(1, 0, BYTES)), RwMode.READ, 4 * BYTES, 1, 1, 10);
        assertThat(run.latenciesNs).containsOnly(4 * ALONE_NS);
        DeviceRun uneven = run(model(4, host(1, 0, BYTES)), RwMode.READ, BYTES + 512, 1, 1, 10);
        assertThat(uneven.latenciesNs).containsOnly(2 * ALONE_NS - MEDIUM_NS + 512);
    }

    @Test
    void timeGoesOnFromRoundToRound() {
        DeviceModel model = model(1, host(1, 0, 1 << 20));
        Workload workload = DeviceRun.workload(RwMode.READ, BYTES, 1, 1);
        try (DeviceLoadDisk disk = DeviceLoadDisk.simulated(model, DeviceRun::image);
                LoadTarget target = disk.open(0, workload)) {
            LoadDriver driver = new LoadDriver(target,
                    new OffsetSequence(workload, List.of(new Region(0, 1 << 20)), 0), workload);
            long startNs = disk.nanoClock().getAsLong();
            for (int round = 1; round <= 5; round++) {
                assertThat(driver.run(10)).isEqualTo(10);
                assertThat(disk.nanoClock().getAsLong()).isEqualTo(startNs + round * 10L * ALONE_NS);
            }
        }
    }

    @Test
    void closesWithRequestsUnderWay() {
        DeviceModel model = model(1, host(1, 0, 1 << 20));
        Workload workload = DeviceRun.workload(RwMode.READ, BYTES, 4, 4);
        try (DeviceLoadDisk disk = DeviceLoadDisk.simulated(model, DeviceRun::image)) {
            LoadTarget target = disk.open(0, workload);
            assertThat(target.begin(2)).isEqualTo(2);
            assertThat(target.add(Request.of(RequestKind.READ, 0, 0, 0))).isTrue();
            assertThat(target.add(Request.of(RequestKind.READ, BYTES, 0, 0))).isTrue();
            target.submit();
            assertThat(target.inFlight()).isEqualTo(2);
            target.close();
            assertThat(target.inFlight()).isZero();
            assertThat(target.errors()).isZero();
        }
    }

    @Test
    void aClosedLoopSeesOneSlowRequestPerStall() {
        long stallNs = 50_000_000;
        DeviceModel model = model(1, host(1, 0, 1 << 20)).withStall(new DeviceModel.Stall(1_000_000_000, stallNs));
        DeviceRun run = run(model, RwMode.READ, BYTES, 1, 1, 100_000);
        long stalls = run.latenciesNs.stream().filter(ns -> ns != ALONE_NS).count();
        assertThat(stalls).isEqualTo(run.elapsedNs / 1_000_000_000).isGreaterThan(5);
        // A request may arrive while the device stands still; then it waits for less.
        assertThat(run.latenciesNs)
                .allMatch(ns -> ns == ALONE_NS || ns > ALONE_NS + stallNs - ALONE_NS && ns <= ALONE_NS + stallNs);
    }

    @Test
    void realTimeIsNeverFasterThanTheModel() {
        DeviceModel model = model(1, host(1, 0, 1 << 20));
        Workload workload = DeviceRun.workload(RwMode.READ, BYTES, 1, 1);
        try (DeviceLoadDisk disk = DeviceLoadDisk.realTime(model, DeviceRun::image);
                LoadTarget target = disk.open(0, workload)) {
            LoadDriver driver = new LoadDriver(target,
                    new OffsetSequence(workload, List.of(new Region(0, 1 << 20)), 0), workload);
            long startNs = disk.nanoClock().getAsLong();
            assertThat(driver.run(20)).isEqualTo(20);
            // The interrupt's share of the last request has to pass as well.
            assertThat(disk.nanoClock().getAsLong() - startNs).isGreaterThanOrEqualTo(20 * ALONE_NS);
            assertThat(target.errors()).isZero();
        }
    }

    @Test
    void refusesWhatItCannotBe() {
        try (DeviceLoadDisk disk = DeviceLoadDisk.simulated(model(1, host(1, 0, 1 << 20)), DeviceRun::image)) {
            assertThat(disk.limits().maxJobs()).isEqualTo(1);
            assertThatThrownBy(() -> disk.open(1, DeviceRun.workload(RwMode.READ, BYTES, 1, 1)))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("job=1 > 0");
            assertThatThrownBy(() -> disk.open(0, DeviceRun.workload(RwMode.READ, 1000, 1, 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not a multiple of blockBytes=512");
        }
    }

    private static DeviceRun run(DeviceModel model, RwMode mode, long bytes, int depth, int bundle, long requests) {
        DeviceRun run = DeviceRun.of(model, DeviceRun.workload(mode, bytes, depth, bundle), requests);
        assertThat(run.requests).isEqualTo(requests);
        return run;
    }

    private static DeviceModel.Host host(int coalesced, long coalescedNs, long maxTransfer) {
        return new DeviceModel.Host(CROSSING_NS, TASK_NS, INTERRUPT_NS, coalesced, coalescedNs, maxTransfer);
    }

    /// Medium and link at 1 GB/s: a nanosecond per byte.
    private static DeviceModel model(int channels, DeviceModel.Host host) {
        DeviceModel.Member member = new DeviceModel.Member(channels, READ_NS, WRITE_NS, 1_000_000_000,
                DeviceModel.Arm.NONE, DeviceModel.Cache.NONE);
        return new DeviceModel("test", "made up", 1, 65536, member, 1_000_000_000, host, DeviceModel.Stall.NONE);
    }
}
