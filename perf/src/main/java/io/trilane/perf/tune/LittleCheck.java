package io.trilane.perf.tune;

/// Little's law on one cell: requests in flight = requests per second x mean latency. Far from 1 the driver or the clock is
/// wrong, or the depth was not kept up.
///
/// @param ratio measured rate x mean latency / (depth x jobs)
public record LittleCheck(Cell cell, double ratio) {}
