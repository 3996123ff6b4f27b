package io.trilane.engine;

import java.util.function.LongSupplier;

/// A clock that a test advances. Each look at it takes a microsecond, unless a test changes that, so that a wait for something that never happens
/// ends. Single-threaded.
final class ManualClock implements LongSupplier {
    long tickPerReadNs = 1_000;

    private long nowNs = 1_000_000_000;

    @Override
    public long getAsLong() {
        nowNs += tickPerReadNs;
        return nowNs;
    }

    void advanceMillis(long millis) {
        nowNs += millis * 1_000_000;
    }
}
