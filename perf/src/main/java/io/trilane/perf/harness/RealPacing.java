package io.trilane.perf.harness;

import io.trilane.engine.task.HotPath;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// The machine's time: sleeps as long as that is safe, then spins.
@HotPath
final class RealPacing implements Pacing {
    /// Sleeping wakes up later than asked for, by about this much.
    private static final long SPIN_NS = 100_000;
    /// A clock that stands still for so many looks never moves.
    private static final int PATIENCE_LOOKS = 1 << 26;

    private final LongSupplier nanoClock;
    private long lastNs = Long.MIN_VALUE;
    private int equalLooks;

    RealPacing(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    @Override
    public long nowNs() {
        return nanoClock.getAsLong();
    }

    @Override
    public void waitUntil(long ns) {
        for (long nowNs = look(); nowNs < ns; nowNs = look()) {
            if (ns - nowNs > SPIN_NS) {
                LockSupport.parkNanos(ns - nowNs - SPIN_NS);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private long look() {
        long nowNs = nanoClock.getAsLong();
        equalLooks = nowNs == lastNs ? equalLooks + 1 : 0;
        lastNs = nowNs;
        if (equalLooks > PATIENCE_LOOKS) {
            throw new IllegalStateException("clock=" + nowNs + " stands still, a simulated clock has to be a Pacing");
        }
        return nowNs;
    }
}
