package io.trilane.perf.harness;

import java.util.function.LongSupplier;

/// A clock that is moved by hand, in nanoseconds; it began at 0. It stands still while it is measured by. While an engine is
/// brought up or taken down each look at it takes a moment, so that calls which wait for too long come to an end.
final class SimulatedClock implements LongSupplier, Pacing {
    private static final long MOMENT_NS = 1000;

    private long nowNs;
    private boolean runs;
    private long expectedNs = Long.MAX_VALUE;

    @Override
    public long getAsLong() {
        return runs ? nowNs += MOMENT_NS : nowNs;
    }

    @Override
    public long nowNs() {
        return nowNs;
    }

    @Override
    public void expect(long ns) {
        expectedNs = ns;
    }

    /// Until when it may be moved on: whoever loads the disk has something to do then.
    long expectedNs() {
        return expectedNs;
    }

    @Override
    public void waitUntil(long ns) {
        moveTo(ns);
    }

    /// Whether each look takes a moment.
    void run(boolean shallRun) {
        runs = shallRun;
    }

    /// Moves on; never back.
    void moveTo(long ns) {
        nowNs = Math.max(nowNs, ns);
    }
}
