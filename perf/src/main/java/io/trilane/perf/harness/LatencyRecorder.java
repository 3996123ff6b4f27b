package io.trilane.perf.harness;

import io.trilane.engine.task.HotPath;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/// Takes the time from handing a request over to taking it back, in rounds of its own. Belongs to one job's thread until the job is done.
@HotPath
final class LatencyRecorder implements RequestObserver {
    private static final long LONGEST_NS = 3_600_000_000_000L;
    private static final int DIGITS = 3;
    private static final int KIND_BITS = 2;

    private final LongSupplier nanoClock;
    private final long startNs;
    /// By ordinal of [RequestKind].
    private final Histogram[] histograms = new Histogram[RequestKind.values().length];

    /// By slot: when its request was added, and its kind in the lowest bits.
    private final long[] started;

    /// @param slots of the target
    LatencyRecorder(LongSupplier nanoClock, int slots) {
        this.started = new long[slots];
        this.nanoClock = nanoClock;
        this.startNs = nanoClock.getAsLong();
        for (int i = 0; i < histograms.length; i++) {
            histograms[i] = newHistogram();
        }
    }

    /// An empty one for latencies in nanoseconds.
    static Histogram newHistogram() {
        return new Histogram(LONGEST_NS, DIGITS);
    }

    static void record(Histogram histogram, long elapsedNs) {
        histogram.recordValue(Math.clamp(elapsedNs, 0, LONGEST_NS));
    }

    Histogram histogram(RequestKind kind) {
        return histograms[kind.ordinal()];
    }

    /// Forgets what warm-up recorded.
    void reset() {
        for (Histogram histogram : histograms) {
            histogram.reset();
        }
    }

    @Override
    public void onAdded(int slot, long request) {
        added(slot, request, nanoClock.getAsLong());
    }

    @Override
    public void onFinished(int slot, boolean good) {
        finished(slot, nanoClock.getAsLong());
    }

    void added(int slot, long request, long nowNs) {
        started[slot] = nowNs - startNs << KIND_BITS | Request.kind(request);
    }

    void finished(int slot, long nowNs) {
        long start = started[slot];
        long elapsedNs = nowNs - startNs - (start >>> KIND_BITS);
        record(histograms[(int) start & (1 << KIND_BITS) - 1], elapsedNs);
    }
}
