package io.trilane.engine.role;

import io.trilane.engine.metrics.CountersFile;
import java.util.function.LongSupplier;

/// How a role measures itself.
///
/// @param nanoClock        injected clock, nanoseconds from any origin
/// @param stallThresholdNs a longer cycle is a stall
/// @param counters         where it is told
public record RoleClock(LongSupplier nanoClock, long stallThresholdNs, CountersFile counters) {}
