package io.trilane.perf.tune;

import java.util.List;

/// The answer: the smallest bytes in flight that are within noise of the best.
///
/// @param chosen   what to use
/// @param best     the highest median; often the same
/// @param equals   every cell that cannot be told from the best, chosen and best among them
/// @param sentence for people, one line: "use 256 KiB x 8: 11.2 GiB/s, p99 190 us; more depth only adds latency"
public record Recommendation(CellResult chosen, CellResult best, List<CellResult> equals, String sentence) {}
