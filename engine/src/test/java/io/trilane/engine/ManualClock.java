package io.trilane.engine;

import java.util.function.LongSupplier;

/// A clock that a test advances. Each look at it takes a microsecond, so that a wait for something that never happens
/// ends. Single-threaded.
final class ManualClock implements LongSupplier {
    private static final long TICK_NS = 1_000;

    private long nowNs = 1_000_000_000;

    @Override
    public long getAsLong() {
        nowNs += TICK_NS;
        return nowNs;
    }

    void advanceMillis(long millis) {
        nowNs += millis * 1_000_000;
    }
}
