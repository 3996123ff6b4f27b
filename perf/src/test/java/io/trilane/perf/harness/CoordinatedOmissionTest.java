package io.trilane.perf.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.hba.device.DeviceModel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;
import org.assertj.core.data.Percentage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A modelled device that stands still now and then, through the whole engine in simulated time: a closed loop hides it, an
/// open loop reports it as computed here by hand. One request at a time takes 10 us; of every second, the last 100 ms are a
/// stall. The device's time begins with its first request. Histograms keep three digits.
class CoordinatedOmissionTest {
    private static final long US = 1_000;
    private static final long MS = 1_000_000;
    private static final long NEVER = Long.MAX_VALUE / 2;
    private static final int BYTES = 4096;
    private static final long SERVICE_NS = 10 * US;
    private static final long STALL_NS = 100 * MS;
    private static final long EVERY_NS = 1000 * MS;
    private static final int RATE = 10_000;
    private static final long GAP_NS = 100 * US;
    private static final Percentage DIGITS = Percentage.withPercentage(0.11);

    /// 4096 ns of the 10 us are bytes, at 1 GB/s on the medium and on the link at the same time.
    private static DeviceModel model(DeviceModel.Stall stall) {
        DeviceModel.Member member = new DeviceModel.Member(1, SERVICE_NS - BYTES, SERVICE_NS - BYTES, 1_000_000_000,
                DeviceModel.Arm.NONE, DeviceModel.Cache.NONE);
        return new DeviceModel("stalling", "by hand", 1, 65536, member, 1_000_000_000,
                new DeviceModel.Host(0, 0, 0, 1, 0, 1 << 20), stall);
    }

    /// Request 90000 would begin when the stall does, at 900 ms, and ends at 1000.01 ms. Nobody else is there to wait: 1 of
    /// 100000 is slow, and no percentile up to 99.99 knows of the 100 ms in which a client would have had no answer.
    @Test
    void aClosedLoopHidesTheStall() {
        try (Rig rig = new Rig(1)) {
            LatencyRecorder latency = new LatencyRecorder(rig.disk.nanoClock(), rig.target.slots());
            rig.target.observe(latency);
            assertThat(new LoadDriver(rig.target, rig.sequence, rig.workload).run(100_000)).isEqualTo(100_000);

            Histogram closed = latency.histogram(RequestKind.READ);
            assertThat(closed.getCountBetweenValues(11 * US, NEVER)).isOne();
            assertThat(closed.getMaxValue()).isCloseTo(STALL_NS + SERVICE_NS, DIGITS);
            for (double percentile : List.of(50.0, 99.0, 99.9, 99.99)) {
                assertThat(closed.getValueAtPercentile(percentile)).isCloseTo(SERVICE_NS, DIGITS);
            }
        }
    }

    /// A request every 100 us; M = 1000 of them come while the device stands still. The i-th (from 0) comes S - i/rate before
    /// the end of the stall and is served as number i + 1 after it: it takes 100000 - 100 i + 10 (i + 1) us. After the M-th
    /// they go on to queue until that is 10 us again, at i = 1112. Of n requests the percentile p is the one of rank p n:
    /// number n - p n from the slow end.
    @ParameterizedTest
    @CsvSource({"1", "16", "1024"})
    void anOpenLoopReportsItAsComputed(int depth) {
        int count = 15_000;
        try (Rig rig = new Rig(depth)) {
            OpenLoopDriver driver = rig.driver(new OpenLoop(RATE, RateProcess.LINEAR), rig.target);
            assertThat(driver.run(count)).isEqualTo(count);

            long[] sorted = computed(count);
            Histogram open = rig.response.response();
            assertThat(open.getTotalCount()).isEqualTo(count);
            assertThat(open.getCountBetweenValues(11 * US, NEVER)).isEqualTo(1112)
                    .isEqualTo(LongStream.of(sorted).filter(ns -> ns > SERVICE_NS).count());
            assertThat(open.getMaxValue()).isCloseTo(STALL_NS + SERVICE_NS, DIGITS);
            for (double percentile : List.of(50.0, 90.0, 93.0, 95.0, 99.0, 99.9, 99.99)) {
                int rank = (int) Math.ceil(count * percentile / 100);
                assertThat(open.getValueAtPercentile(percentile)).as("p%s", percentile)
                        .isCloseTo(sorted[rank - 1], DIGITS);
            }
            // The same in words: of 15000, 150 took longer than p99, which is (100000 - 100 x 150 + 10 x 151) us.
            assertThat(open.getValueAtPercentile(99)).isCloseTo(86_510 * US, DIGITS);
            assertThat(driver.activeNs()).isEqualTo(count * GAP_NS);
            assertThat(driver.behindNs()).isZero();
        }
    }

    /// What the hand-over knows of is the queue of the device alone: with room for one request it hides the stall like a closed
    /// loop; with room for everybody it is what the open loop says.
    @Test
    void serviceTimeHidesWhatWaitsOutside() {
        try (Rig rig = new Rig(1)) {
            OpenLoopDriver driver = rig.driver(new OpenLoop(RATE, RateProcess.LINEAR), rig.target);
            driver.run(15_000);
            assertThat(rig.service.histogram(RequestKind.READ).getCountBetweenValues(11 * US, NEVER)).isOne();
            // When the one in the stall is back, M are due, and one of them starts.
            assertThat(driver.mostBacklog()).isEqualTo(999);
        }
        try (Rig rig = new Rig(1024)) {
            OpenLoopDriver driver = rig.driver(new OpenLoop(RATE, RateProcess.LINEAR), rig.target);
            driver.run(15_000);
            assertThat(rig.service.histogram(RequestKind.READ)).isEqualTo(rig.response.response());
            assertThat(driver.mostBacklog()).isZero();
        }
    }

    /// The device's next event lies behind the next arrival most of the time, and far behind it in a stall: the clock stops at
    /// each arrival, to the nanosecond, and whoever has room goes on his way then.
    @ParameterizedTest
    @CsvSource({"10000, LINEAR", "90000, LINEAR", "9999, POISSON", "70000, POISSON"})
    void noArrivalIsJumpedOver(long rate, RateProcess process) {
        OpenLoop load = new OpenLoop(rate, process);
        Arrivals arrivals = new Arrivals(load, 1);
        try (Rig rig = new Rig(1024, new DeviceModel.Stall(20 * MS, 5 * MS))) {
            AddTimes times = new AddTimes(rig.target, rig.pacing);
            arrivals.startAt(rig.pacing.nowNs());
            rig.driver(load, times).run(5_000);
            assertThat(times.mostInFlight).isBetween(50, 1000);
            assertThat(times.addedNs).hasSize(5_000);
            for (long addedNs : times.addedNs) {
                assertThat(addedNs).isEqualTo(arrivals.nextNs());
                arrivals.advance();
            }
        }
    }

    /// In ascending order: the queue of one server, request by request, with the stall of the model's words.
    private static long[] computed(int count) {
        long[] latencies = new long[count];
        long freeNs = 0;
        for (int n = 0; n < count; n++) {
            long arrivalNs = n * GAP_NS;
            long beginNs = Math.max(arrivalNs, freeNs);
            long inPeriodNs = beginNs % EVERY_NS;
            if (inPeriodNs >= EVERY_NS - STALL_NS) {
                beginNs += EVERY_NS - inPeriodNs;
            }
            freeNs = beginNs + SERVICE_NS;
            latencies[n] = freeNs - arrivalNs;
        }
        return LongStream.of(latencies).sorted().toArray();
    }

    /// A stalling device and what is needed to load it.
    private static final class Rig implements AutoCloseable {
        private final DeviceLoadDisk disk;
        private final Pacing pacing;
        private final Workload workload;
        private final LoadTarget target;
        private final OffsetSequence sequence;
        private final LatencyRecorder service;
        private final OpenLoopRecorder response;

        Rig(int depth) {
            this(depth, new DeviceModel.Stall(EVERY_NS, STALL_NS));
        }

        Rig(int depth, DeviceModel.Stall stall) {
            disk = DeviceLoadDisk.simulated(model(stall), DeviceRun::image);
            pacing = Pacing.of(disk.nanoClock());
            workload = DeviceRun.workload(RwMode.READ, BYTES, depth, Math.min(depth, 8));
            target = disk.open(0, workload);
            sequence = new OffsetSequence(workload, List.of(new Region(0, 1 << 20)), 0);
            service = new LatencyRecorder(disk.nanoClock(), target.slots());
            response = new OpenLoopRecorder(pacing, service, target.slots());
        }

        OpenLoopDriver driver(OpenLoop load, LoadTarget through) {
            return new OpenLoopDriver(through, sequence, workload, new OpenLoopDriver.Schedule(load, 1, pacing),
                    response);
        }

        @Override
        public void close() {
            assertThat(target.errors()).isZero();
            target.close();
            disk.close();
        }
    }

    /// Notes when requests are added.
    private static final class AddTimes implements LoadTarget {
        private final LoadTarget target;
        private final Pacing pacing;
        private final List<Long> addedNs = new ArrayList<>();
        private int mostInFlight;

        AddTimes(LoadTarget target, Pacing pacing) {
            this.target = target;
            this.pacing = pacing;
        }

        @Override
        public int begin(int wanted) {
            return target.begin(wanted);
        }

        @Override
        public boolean add(long request) {
            boolean added = target.add(request);
            if (added) {
                addedNs.add(pacing.nowNs());
            }
            return added;
        }

        @Override
        public void submit() {
            target.submit();
            mostInFlight = Math.max(mostInFlight, target.inFlight());
        }

        @Override
        public int poll() {
            return target.poll();
        }

        @Override
        public void observe(@Nullable RequestObserver observer) {
            target.observe(observer);
        }

        @Override
        public int slots() {
            return target.slots();
        }

        @Override
        public int inFlight() {
            return target.inFlight();
        }

        @Override
        public long errors() {
            return target.errors();
        }

        @Override
        public @Nullable String firstError() {
            return target.firstError();
        }

        @Override
        public void close() {
            target.close();
        }
    }
}
