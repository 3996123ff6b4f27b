package io.trilane.perf.harness;

import java.util.Optional;

/// What else is found out about latency.
///
/// @param openLoop requests come by this schedule; empty: each completion makes room for the next
/// @param stages   where the time of each request goes, at five clock calls per request in latency rounds
public record LatencyPlan(Optional<OpenLoop> openLoop, boolean stages) {
    /// A closed loop, and latencies as a whole.
    public static final LatencyPlan PLAIN = new LatencyPlan(Optional.empty(), false);
}
