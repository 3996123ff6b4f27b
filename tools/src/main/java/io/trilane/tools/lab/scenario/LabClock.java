package io.trilane.tools.lab.scenario;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// The clock of a scenario's engine, in nanoseconds, so that a deadline of 45 s passes at once. Any thread.
final class LabClock implements LongSupplier {
    private final boolean isRunning;
    private final AtomicLong nowNs = new AtomicLong(1_000_000_000);
    private volatile long tickNs = 100_000;

    private LabClock(boolean isRunning) {
        this.isRunning = isRunning;
    }

    /// Stands still, but for 0.1 ms at each look, so that a wait for what never happens ends. For one thread that drives all.
    static LabClock manual() {
        return new LabClock(false);
    }

    /// Runs like the machine's, for roles with threads of their own.
    static LabClock running() {
        return new LabClock(true);
    }

    @Override
    public long getAsLong() {
        return isRunning ? System.nanoTime() + nowNs.get() : nowNs.addAndGet(tickNs);
    }

    /// Time passes.
    void skip(Duration time) {
        nowNs.addAndGet(time.toNanos());
    }

    /// Of a manual clock: what a look at it takes.
    void setTick(Duration tick) {
        tickNs = tick.toNanos();
    }
}
