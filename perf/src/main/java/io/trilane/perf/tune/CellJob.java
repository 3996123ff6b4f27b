package io.trilane.perf.tune;

import io.trilane.perf.harness.Crew;
import io.trilane.perf.harness.LoadDisk;
import io.trilane.perf.harness.LoadDriver;
import io.trilane.perf.harness.LoadTarget;
import io.trilane.perf.harness.OffsetSequence;
import io.trilane.perf.harness.Region;
import io.trilane.perf.harness.Workload;
import java.util.List;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/// One way in under one cell's load. Opened, used and closed by one thread; only [#stop] is for others.
final class CellJob implements Crew.Job {
    /// A clock call before and one after each request are 1 % of this.
    private static final double FAST_NS_PER_REQUEST = 5_000;
    /// Where requests are faster, this part of the time is measured with the observer, the rest without.
    private static final int LATENCY_SHARE = 4;
    /// Of the queue in the measured part of a round. Filling and draining it are not part of that.
    private static final int LEAST_TURNS = 2;

    private static final int MOST_TIMES = 2;

    private final LoadTarget target;
    private final LoadDriver driver;
    private final OffsetSequence sequence;
    private final CellRecorder recorder;
    private final LongSupplier nanoClock;
    private final int depth;
    private double requestsPerNs;

    /// What a job did in one measurement.
    ///
    /// @param timed requests and time that throughput is taken from
    record Part(long requests, long timed, long elapsedNs, Histogram latency, long errors) {
        double perSecond() {
            return elapsedNs == 0 ? 0 : timed * 1e9 / elapsedNs;
        }
    }

    /// @param way     of the disk, not in use
    /// @param index   of this job among `workload`'s
    CellJob(LoadDisk disk, int way, int index, int jobs, Workload workload) {
        Region region = new Region(0, disk.capacityBytes()).share(index, jobs, workload.longestBytes());
        this.nanoClock = disk.nanoClock();
        this.depth = workload.depth();
        this.sequence = new OffsetSequence(workload, List.of(region), index);
        this.target = disk.open(way, workload);
        this.driver = new LoadDriver(target, sequence, workload);
        this.recorder = new CellRecorder(nanoClock, target.slots());
    }

    /// Goes on until the time is over, and learns how fast the disk is.
    void warmUp(long wantedNs) {
        sequence.prepare(driver.position());
        long startNs = nanoClock.getAsLong();
        long operations = depth;
        long elapsedNs;
        do {
            RoundWindow window = new RoundWindow(wantedNs);
            long done = driver.runWindow(1, operations, window);
            learn(done, window.elapsedNs);
            elapsedNs = nanoClock.getAsLong() - startNs;
            // As much again as was done so far, as long as that is not more than is left.
            operations = operations(Math.min(elapsedNs, wantedNs - elapsedNs), 1);
            if (done == 0) {
                return;
            }
        } while (elapsedNs < wantedNs);
    }

    /// Loads the disk for about `wantedNs`, besides the time that its queue takes to fill and to drain.
    Part measure(long wantedNs) {
        if (requestsPerNs * FAST_NS_PER_REQUEST <= 1) {
            return round(wantedNs, true);
        }
        Part plain = round(wantedNs - wantedNs / (LATENCY_SHARE + 1), false);
        Part observed = round(wantedNs / (LATENCY_SHARE + 1), true);
        return new Part(plain.requests + observed.requests, plain.requests, plain.elapsedNs, observed.latency,
                plain.errors + observed.errors);
    }

    @Override
    public void stop() {
        driver.stop();
    }

    @Override
    public void close() {
        target.close();
    }

    private Part round(long wantedNs, boolean observed) {
        long errors = target.errors();
        RoundWindow window = new RoundWindow(wantedNs);
        target.observe(observed ? recorder : null);
        long done = driver.runWindow(depth, operations(wantedNs, LEAST_TURNS), window);
        learn(done, window.elapsedNs);
        return new Part(done, done, window.elapsedNs, recorder.histogram().copy(), target.errors() - errors);
    }

    /// What is measured of a round: a full queue.
    private final class RoundWindow implements LoadDriver.Window {
        private final long mostNs;
        private long beganNs;
        private long elapsedNs;

        RoundWindow(long wantedNs) {
            this.mostNs = MOST_TIMES * wantedNs;
        }

        /// A disk that became slower does not keep a round much longer than it was wanted.
        @Override
        public boolean isOver() {
            return nanoClock.getAsLong() - beganNs > mostNs;
        }

        @Override
        public void begin() {
            recorder.histogram().reset();
            beganNs = nanoClock.getAsLong();
        }

        @Override
        public void end() {
            elapsedNs = nanoClock.getAsLong() - beganNs;
            target.observe(null);
        }
    }

    private void learn(long done, long elapsedNs) {
        if (done > 0) {
            requestsPerNs = (double) done / Math.max(1, elapsedNs);
        }
    }

    private long operations(long wantedNs, int turns) {
        return Math.max((long) turns * depth, (long) (requestsPerNs * wantedNs));
    }
}
