package io.trilane.perf.tune;

import java.util.Optional;

/// Hears how a search goes on. On the search's thread, between measurements.
public interface TuneListener {
    TuneListener NONE = _ -> {};

    void onProgress(Progress progress);

    /// @param phase          `coarse grid`, `bundles and jobs`, `refinement`, `repetitions`
    /// @param done           measurements of this phase that are done
    /// @param planned        measurements that this phase is going to make, as far as is known
    /// @param remainingNs    of the budget, at least 0
    /// @param cell           the one that is measured next; empty at the end of a phase
    /// @param bytesPerSecond of the cell measured last, 0 before the first
    record Progress(String phase, int done, int planned, long remainingNs, Optional<Cell> cell,
            double bytesPerSecond) {}
}
