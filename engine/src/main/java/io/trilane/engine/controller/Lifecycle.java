package io.trilane.engine.controller;

import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.metrics.EngineCounter;

/// The one door for lifecycle states. Moved by the control role, read by anyone; the state is also a counter.
public final class Lifecycle {
    private static final LifecycleState[] STATES = LifecycleState.values();

    private final CountersFile counters;
    private String reason = "created";

    public Lifecycle(CountersFile counters) {
        this.counters = counters;
    }

    public LifecycleState state() {
        return STATES[(int) counters.get(EngineCounter.LIFECYCLE_STATE)];
    }

    /// Why the state is what it is; read by the control role.
    public String reason() {
        return reason;
    }

    /// Moves to `next`; an illegal move is our bug.
    public void transition(LifecycleState next, String why) {
        LifecycleState state = state();
        if (!state.canBecome(next)) {
            throw new IllegalStateException("lifecycle=" + state + " cannot become " + next + " (" + why + ")");
        }
        reason = why;
        counters.set(EngineCounter.LIFECYCLE_STATE, next.ordinal());
    }
}
