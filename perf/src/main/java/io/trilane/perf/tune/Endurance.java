package io.trilane.perf.tune;

import java.util.Optional;

/// Keeps the answer's load up in one go, longer than any round of the search, and looks at how it ends: short rounds measure a
/// cache where there is one. On the search's thread.
final class Endurance {
    /// Of the budget.
    static final double SHARE = 0.08;

    private static final int PARTS = 4;
    /// A last part that is slower by more than this, against the low end of the answer's interval, is not noise.
    private static final double TOLERANCE = 0.05;

    private final Field field;
    private final CellMeter meter;

    Endurance(Field field, CellMeter meter) {
        this.field = field;
        this.meter = meter;
    }

    /// What is to be said of the answer when it does not hold; empty when it does, or when there was no time to see.
    Optional<String> check(Candidate chosen) {
        if (!field.hasTimeFor(0)) {
            return Optional.empty();
        }
        field.report("endurance", 0, 1, Optional.of(chosen.cell()));
        long beganNs = field.spentNs();
        double last = 0;
        try {
            CellMeter.Load load = chosen.load(meter);
            long partNs = Math.max(Field.SHORTEST_ROUND_NS, field.remainingNs() / PARTS);
            for (int i = 0; i < PARTS && (i == 0 || field.hasTimeFor(partNs)); i++) {
                CellMeter.Sample sample = load.measure(partNs);
                if (sample.errors() > 0) {
                    return Optional.of("but it could not be kept up: errors=" + sample.errors());
                }
                if (field.isStopped()) {
                    return Optional.empty();
                }
                last = sample.rate() * chosen.cell().requestBytes();
            }
        } catch (RuntimeException e) {
            return Optional.of("but it could not be kept up: " + e.getMessage());
        }
        boolean holds = last >= chosen.throughputInterval().low() * (1 - TOLERANCE);
        return holds ? Optional.empty()
                : Optional.of("but it does not last: " + Wording.rate(last) + " after "
                        + Wording.time(field.spentNs() - beganNs)
                        + " of it: a cache took the short rounds, or the machine has become slower"
                        + "; raise --ramp_time and --budget");
    }
}
