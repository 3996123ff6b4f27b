package io.trilane.perf.tune;

import io.trilane.perf.harness.RwMode;
import java.util.List;
import java.util.Optional;

/// What to search for, and where.
///
/// @param mode      which requests
/// @param rwMixRead percentage of reads in a mixed mode
/// @param sizes     request lengths of the coarse grid, ascending, in bytes
/// @param depths    queue depths of the coarse grid, ascending
/// @param bundles   most requests per call, ascending
/// @param jobs      ways in, ascending
/// @param objective most latency
/// @param budgetNs  by the disk's clock
/// @param seed      of offsets, order and bootstrap
public record TuneGoal(RwMode mode, int rwMixRead, List<Long> sizes, List<Integer> depths, List<Integer> bundles,
        List<Integer> jobs, Optional<Objective> objective, long budgetNs, long seed) {}
