package io.trilane.perf.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Times worked out by hand; the histograms keep three digits.
class OpenLoopDriverTest {
    private static final long US = 1_000;
    private static final long MS = 1_000_000;
    private static final long NEVER = Long.MAX_VALUE / 2;
    private static final Percentage DIGITS = Percentage.withPercentage(0.11);
    private static final OpenLoop TEN_THOUSAND = new OpenLoop(10_000, RateProcess.LINEAR);

    private LatencyRecorder service;
    private OpenLoopRecorder recorder;

    /// 10 us per request, one at a time, a stop of 100 ms. Whoever comes next waits for the end of the one before: 9999
    /// requests of 10000 are quick, and the percentiles say so.
    @Test
    void aClosedLoopHidesAStall() {
        StallingDisk disk = new StallingDisk(10 * US, 50 * MS, 100 * MS);
        LatencyRecorder latency = new LatencyRecorder(disk, disk.slots());
        disk.observe(latency);
        Workload workload = Workload.of(RwMode.READ, 4096, 1);
        assertThat(new LoadDriver(disk, sequence(workload), workload).run(10_000)).isEqualTo(10_000);

        assertThat(latency.histogram(RequestKind.READ).getCountBetweenValues(11 * US, NEVER)).isOne();
        assertThat(latency.histogram(RequestKind.READ).getMaxValue()).isCloseTo(100_010 * US, DIGITS);
        for (double percentile : List.of(50.0, 90.0, 99.0, 99.9, 99.99)) {
            assertThat(latency.histogram(RequestKind.READ).getValueAtPercentile(percentile)).isCloseTo(10 * US, DIGITS);
        }
    }

    /// The same disk, a request every 100 us for a second, stopped from 500 ms (arrival 5000) to 600 ms. Arrival 5000+i comes
    /// at 500 ms + 100 us i and ends at 600 ms + 10 us (i+1): it takes 100010 - 90 i us, as long as that is more than 10 us:
    /// up to i = 1111. The percentile p is the value of rank p of 10000.
    @Test
    void anOpenLoopShowsIt() {
        StallingDisk disk = new StallingDisk(10 * US, 500 * MS, 100 * MS);
        OpenLoopDriver driver = driver(disk, TEN_THOUSAND, 1);
        assertThat(driver.run(10_000)).isEqualTo(10_000);

        Histogram response = recorder.response();
        assertThat(response.getTotalCount()).isEqualTo(10_000);
        assertThat(response.getCountBetweenValues(11 * US, NEVER)).isEqualTo(1112);
        assertThat(response.getValueAtPercentile(50)).isCloseTo(10 * US, DIGITS);
        assertThat(response.getValueAtPercentile(90)).isCloseTo((100_010 - 90 * 1000) * US, DIGITS);
        assertThat(response.getValueAtPercentile(99)).isCloseTo((100_010 - 90 * 100) * US, DIGITS);
        assertThat(response.getValueAtPercentile(99.9)).isCloseTo((100_010 - 90 * 10) * US, DIGITS);
        assertThat(response.getMaxValue()).isCloseTo(100_010 * US, DIGITS);
        assertThat(driver.activeNs()).isEqualTo(1000 * MS);
        // Arrivals 5001..6000 are due when 5000 ends, and one of them starts.
        assertThat(driver.mostBacklog()).isEqualTo(999);
        assertThat(driver.behindNs()).isZero();

        assertThat(service.histogram(RequestKind.READ).getCountBetweenValues(11 * US, NEVER)).isOne();
        assertThat(service.histogram(RequestKind.READ).getValueAtPercentile(99.99)).isCloseTo(10 * US, DIGITS);
    }

    /// With room for 64, requests wait in the disk and not in the backlog; the response is the same.
    @Test
    void depthMovesTheWaitingIntoTheDisk() {
        StallingDisk disk = new StallingDisk(10 * US, 500 * MS, 5 * MS);
        OpenLoopDriver driver = driver(disk, TEN_THOUSAND, 64);
        driver.run(10_000);
        assertThat(driver.mostBacklog()).isZero();
        assertThat(disk.mostInFlight).isEqualTo(51);
        assertThat(recorder.response().getMaxValue()).isCloseTo(5_010 * US, DIGITS);
        assertThat(service.histogram(RequestKind.READ).getMaxValue()).isCloseTo(5_010 * US, DIGITS);
    }

    @Test
    void neverMoreThanTheDepthIsInFlight() {
        StallingDisk disk = new StallingDisk(200 * US, NEVER, 0);
        driver(disk, TEN_THOUSAND, 7).run(1000);
        assertThat(disk.mostInFlight).isEqualTo(7);
        assertThat(disk.served).isEqualTo(1000);
        assertThat(disk.inFlight()).isZero();
    }

    /// A queue with random arrivals and one service time (M/D/1), half busy: the mean wait is half a service time (Pollaczek and
    /// Khinchine: rho / (2 (1 - rho)) of it).
    @Test
    void poissonArrivalsWaitAsQueueingTheorySays() {
        StallingDisk disk = new StallingDisk(50 * US, NEVER, 0);
        driver(disk, new OpenLoop(10_000, RateProcess.POISSON), 64).run(400_000);
        assertThat(recorder.response().getMean()).isCloseTo(75 * US, Percentage.withPercentage(1));
        assertThat(service.histogram(RequestKind.READ).getMean()).isCloseTo(75 * US, Percentage.withPercentage(1));
    }

    /// A request every 50 us and 100 us of service: request n, the n-th of all, takes 50 + 50 n us. The pause between the rounds is
    /// nobody's latency; what is behind stays behind. (While the first round's last request is served, nothing else waits for it:
    /// 100 us less from there on.)
    @Test
    void aPauseBetweenRoundsCostsNothingAndABacklogIsTakenAlong() {
        StallingDisk disk = new StallingDisk(100 * US, NEVER, 0);
        OpenLoopDriver driver = driver(disk, new OpenLoop(20_000, RateProcess.LINEAR), 1);
        driver.run(100);
        assertThat(recorder.response().getMaxValue()).isCloseTo(5_050 * US, DIGITS);
        // The last one starts at 9950 us; then arrival 101 at 5050 us is next.
        assertThat(driver.activeNs()).isEqualTo(9_950 * US);
        assertThat(driver.behindNs()).isEqualTo(4_900 * US);
        disk.pass(3000 * MS);
        driver.run(100);
        assertThat(recorder.response().getMaxValue()).isCloseTo(9_950 * US, DIGITS);
        assertThat(driver.position()).isEqualTo(200);
    }

    @Test
    void aRestartForgetsTheBacklog() {
        StallingDisk disk = new StallingDisk(100 * US, NEVER, 0);
        OpenLoopDriver driver = driver(disk, new OpenLoop(20_000, RateProcess.LINEAR), 1);
        driver.run(1000);
        driver.restart();
        recorder.reset();
        assertThat(driver.mostBacklog()).isZero();
        driver.run(1);
        assertThat(recorder.response().getMaxValue()).isCloseTo(100 * US, DIGITS);
        assertThat(driver.position()).isEqualTo(1001);
    }

    @Test
    void stopEndsARoundEarlyAfterWhatIsInFlight() {
        StallingDisk disk = new StallingDisk(10 * US, NEVER, 0);
        OpenLoopDriver driver = driver(disk, TEN_THOUSAND, 4);
        disk.onPoll = () -> {
            if (disk.served == 20) {
                driver.stop();
            }
        };
        assertThat(driver.run(1_000_000)).isBetween(20L, 22L);
        assertThat(disk.inFlight()).isZero();
    }

    @Test
    void allocatesNothing() {
        StallingDisk disk = new StallingDisk(10 * US, NEVER, 0);
        OpenLoopDriver driver = driver(disk, new OpenLoop(10_000, RateProcess.POISSON), 16);
        driver.run(200_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        driver.run(500_000);
        assertThat((threads.getCurrentThreadAllocatedBytes() - before) / 500_000.0).isLessThan(0.01);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 1_000_000_001})
    void refusesARateThatIsNone(long rate) {
        assertThatThrownBy(() -> new OpenLoop(rate, RateProcess.LINEAR)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rate_iops=" + rate + " not in 1..1000000000, choose");
    }

    private OpenLoopDriver driver(StallingDisk disk, OpenLoop rate, int depth) {
        Workload workload = Workload.of(RwMode.READ, 4096, depth);
        service = new LatencyRecorder(disk, disk.slots());
        recorder = new OpenLoopRecorder(disk, service, disk.slots());
        return new OpenLoopDriver(disk, sequence(workload), workload, new OpenLoopDriver.Schedule(rate, 1, disk),
                recorder);
    }

    private static OffsetSequence sequence(Workload workload) {
        return new OffsetSequence(workload, List.of(new Region(0, 1 << 20)), 0);
    }
}
