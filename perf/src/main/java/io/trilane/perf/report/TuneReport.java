package io.trilane.perf.report;

import io.trilane.perf.tune.TuneResult;
import java.time.Instant;
import java.util.Optional;

/// What a report is made of. The same one gives the same bytes, in every form.
///
/// @param when empty on a simulated clock, where the same seed has to give the same report
public record TuneReport(TuneResult result, Machine machine, Optional<Instant> when) {}
