package io.trilane.perf.tune;

import io.trilane.perf.harness.RequestObserver;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/// Takes the time from handing a request over to taking it back, whatever its kind. Belongs to one job's thread.
final class CellRecorder implements RequestObserver {
    static final long LONGEST_NS = 3_600_000_000_000L;
    static final int DIGITS = 3;

    private final LongSupplier nanoClock;
    private final Histogram histogram = new Histogram(LONGEST_NS, DIGITS);
    /// By slot.
    private final long[] startedNs;

    /// @param slots of the target
    CellRecorder(LongSupplier nanoClock, int slots) {
        this.nanoClock = nanoClock;
        this.startedNs = new long[slots];
    }

    Histogram histogram() {
        return histogram;
    }

    @Override
    public void onAdded(int slot, long request) {
        startedNs[slot] = nanoClock.getAsLong();
    }

    @Override
    public void onFinished(int slot, boolean good) {
        histogram.recordValue(Math.clamp(nanoClock.getAsLong() - startedNs[slot], 0, LONGEST_NS));
    }
}
