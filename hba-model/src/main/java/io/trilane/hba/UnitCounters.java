package io.trilane.hba;

import io.trilane.hba.command.Outcome;

/// What went wrong in a logical unit, by outcome. Written by the hardware agent; read by it, or after it has stopped.
public final class UnitCounters {
    private final long[] outcomes = new long[Outcome.values().length];

    void count(Outcome outcome) {
        outcomes[outcome.ordinal()]++;
    }

    /// How many commands ended so; GOOD is not counted.
    public long of(Outcome outcome) {
        return outcomes[outcome.ordinal()];
    }
}
