package io.trilane.perf.harness;

import java.util.Optional;
import org.HdrHistogram.Histogram;

/// What a run found out about latency besides its summaries.
///
/// @param openLoop  of a run with a schedule
/// @param stages    when they were asked for
/// @param histogram every request of every job, in nanoseconds: from the intended start in an open loop, otherwise from the
///                  hand-over
public record LatencyDetail(Optional<OpenLoopResult> openLoop, Optional<StageLatency> stages,
        Optional<Histogram> histogram) {
    static final LatencyDetail NONE = new LatencyDetail(Optional.empty(), Optional.empty(), Optional.empty());
}
