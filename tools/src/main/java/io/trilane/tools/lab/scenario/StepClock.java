package io.trilane.tools.lab.scenario;

import java.util.function.LongSupplier;

/// A clock that goes on by a microsecond each time it is read, so that two runs on one thread see the same times and a wait
/// for something that never happens ends. One thread.
public final class StepClock implements LongSupplier {
    private static final long STEP_NS = 1_000;
    private static final long START_NS = 1_000_000_000;

    private long nowNs = START_NS;

    @Override
    public long getAsLong() {
        nowNs += STEP_NS;
        return nowNs;
    }

    /// Time passes while nobody looks.
    public void advanceMillis(long millis) {
        nowNs += millis * 1_000_000;
    }
}
