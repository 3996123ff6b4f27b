package io.trilane.perf.tune;

import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/// Puts a cell's load on a disk for a while. On the search's thread.
public interface CellMeter extends AutoCloseable {
    /// Opens the cell and warms it up. Several may be open at a time, one is measured at a time.
    Load open(Cell cell);

    /// The clock of the disk.
    LongSupplier nanoClock();

    /// Any thread: whatever is being measured ends early, from now on.
    default void stop() {}

    @Override
    void close();

    /// A cell that is ready to be measured.
    interface Load extends AutoCloseable {
        /// Keeps the load up for about `wantedNs` and says what came of it; ends early when it is stopped.
        Sample measure(long wantedNs);

        @Override
        void close();
    }

    /// What one measurement gave.
    ///
    /// @param requests  that ended well, all jobs together
    /// @param elapsedNs of the slowest job
    /// @param rate      requests per second: the sum of the jobs' rates
    /// @param latency   of every request or of a stated part of them, in nanoseconds; the caller's from now on
    /// @param errors    requests that did not end well
    record Sample(long requests, long elapsedNs, double rate, Histogram latency, long errors) {}
}
