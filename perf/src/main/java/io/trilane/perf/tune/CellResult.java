package io.trilane.perf.tune;

import io.trilane.perf.harness.LatencySummary;
import java.util.List;

/// What was found out about one cell.
///
/// @param iops           requests per second, all jobs together, over the repetitions
/// @param bytesPerSecond the same in bytes
/// @param latency        of all requests of all repetitions
/// @param rounds         bytes per second of each repetition, in the order in which they were measured
/// @param atNs           when each of these began, since the search began
/// @param objectiveNs    the objective's percentile over the repetitions, in nanoseconds; all zero without an objective
/// @param isSteady       the rounds passed the steady-state test
/// @param meetsObjective true without an objective
/// @param isEqualToBest  within noise of the best cell that meets the objective
/// @param errors         requests that did not end well
public record CellResult(Cell cell, Interval iops, Interval bytesPerSecond, LatencySummary latency, List<Double> rounds,
        List<Long> atNs, Interval objectiveNs, boolean isSteady, boolean meetsObjective, boolean isEqualToBest,
        long errors) {}
