package io.trilane.engine.role;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The one seam where a synchronous call may wait. On the thread that drives the roles it pumps the other roles (the
/// calling one is busy); on any other thread it waits.
public final class CallGate {
    private static final int SPINS = 100;
    private static final long MAX_PARK_NS = 100_000;

    private final LongSupplier nanoClock;
    private final Pump pump;

    /// What drives the roles on the calling thread.
    public interface Pump {
        /// True when the current thread drives the roles.
        boolean isDriver();

        /// One cycle of all roles that are not busy; returns the work done.
        int pump();
    }

    /// @param pump null when every role has a thread of its own
    public CallGate(LongSupplier nanoClock, @Nullable Pump pump) {
        this.nanoClock = nanoClock;
        this.pump = pump == null ? new NoPump() : pump;
    }

    /// Waits until `condition` holds; false after `timeoutNs`.
    public boolean await(BooleanSupplier condition, long timeoutNs) {
        long startNs = nanoClock.getAsLong();
        int idle = 0;
        while (!condition.getAsBoolean()) {
            if (nanoClock.getAsLong() - startNs > timeoutNs) {
                return condition.getAsBoolean();
            }
            if (pump.isDriver() && pump.pump() > 0) {
                idle = 0;
            } else {
                pause(idle++);
            }
        }
        return true;
    }

    private static void pause(int idle) {
        if (idle < SPINS) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(Math.min((long) (idle - SPINS + 1) * 1_000, MAX_PARK_NS));
        }
    }

    private static final class NoPump implements Pump {
        @Override
        public boolean isDriver() {
            return false;
        }

        @Override
        public int pump() {
            return 0;
        }
    }
}
