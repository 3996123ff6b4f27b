package io.trilane.perf.harness;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// Takes the time from handing a request over to taking it back, in rounds of its own. May wrap another observer.
/// Belongs to one job's thread until the job is done.
@HotPath
final class LatencyRecorder implements TaskObserver {
    private static final long LONGEST_NS = 3_600_000_000_000L;
    private static final int DIGITS = 3;

    private final LongSupplier nanoClock;
    private final long startNs;
    private final Histogram reads = new Histogram(LONGEST_NS, DIGITS);
    private final Histogram writes = new Histogram(LONGEST_NS, DIGITS);

    /// By slot: when its request was filled in, and whether it is a write.
    private final long[] started;
    private final @Nullable TaskObserver inner;

    LatencyRecorder(LongSupplier nanoClock, int maxTasks, @Nullable TaskObserver inner) {
        this.inner = inner;
        this.started = new long[maxTasks];
        this.nanoClock = nanoClock;
        this.startNs = nanoClock.getAsLong();
    }

    Histogram reads() {
        return reads;
    }

    Histogram writes() {
        return writes;
    }

    /// Forgets what warm-up recorded.
    void reset() {
        reads.reset();
        writes.reset();
    }

    @Override
    public boolean accepts(long request) {
        return inner == null || inner.accepts(request);
    }

    @Override
    public void onFilled(long request, Task task) {
        if (inner != null) {
            inner.onFilled(request, task);
        }
        started[task.slot()] = nanoClock.getAsLong() - startNs << 1 | Request.kind(request);
    }

    @Override
    public void onFinished(Task task, boolean good) {
        long start = started[task.slot()];
        long elapsedNs = nanoClock.getAsLong() - startNs - (start >>> 1);
        Histogram histogram = (start & 1) == 0 ? reads : writes;
        histogram.recordValue(Math.clamp(elapsedNs, 0, LONGEST_NS));
        if (inner != null) {
            inner.onFinished(task, good);
        }
    }
}
