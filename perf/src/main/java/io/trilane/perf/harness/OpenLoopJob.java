package io.trilane.perf.harness;

import org.HdrHistogram.Histogram;

/// The part of a [Job] that runs in an open loop. Belongs to the job's thread; only [#stop] is for others.
final class OpenLoopJob {
    private final OffsetSequence sequence;
    private final OpenLoopRecorder recorder;
    private final OpenLoopDriver driver;

    /// @param service takes the time from each hand-over
    OpenLoopJob(OpenLoopDriver.Schedule schedule, Workload workload, LoadTarget target, OffsetSequence sequence,
            LatencyRecorder service) {
        this.sequence = sequence;
        this.recorder = new OpenLoopRecorder(schedule.pacing(), service, target.slots());
        this.driver = new OpenLoopDriver(target, sequence, workload, schedule, recorder);
    }

    /// The time of the round is that of its schedule: what comes back after the last hand-over does not count.
    RoundSample round(long operations, ThreadMeter meter) {
        long start = driver.position();
        meter.begin();
        long done = driver.run(operations);
        meter.end();
        return new RoundSample(done, sequence.counts(start, done), driver.activeNs());
    }

    /// Forgets what warm-up recorded, and its backlog.
    void reset() {
        recorder.reset();
        driver.restart();
    }

    long position() {
        return driver.position();
    }

    long mostBacklog() {
        return driver.mostBacklog();
    }

    long behindNs() {
        return driver.behindNs();
    }

    /// From the intended starts, in nanoseconds.
    Histogram response() {
        return recorder.response();
    }

    /// Any thread.
    void stop() {
        driver.stop();
    }
}
