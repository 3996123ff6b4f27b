package io.trilane.engine.controller;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/// The synchronous calls of a controller into the framework, and what each provokes before it returns.
public enum FrameworkCall {
    CREATE_TARGET(Callback.INITIALIZE_TARGET, Callback.PROCESS, Callback.INTERRUPT),
    /// Waits until running submission calls have returned.
    DESTROY_TARGET(Callback.PROCESS),
    /// Needs the role that is named.
    DISPATCH_SYNC,
    /// Needs the hardware agent, which waits for nobody.
    AWAIT_HARDWARE,
    /// Needs the lock's holder.
    ACQUIRE_LOCK;

    private final Set<Callback> provokes;

    FrameworkCall(Callback... provokes) {
        this.provokes = provokes.length == 0 ? EnumSet.noneOf(Callback.class) : EnumSet.of(provokes[0], provokes);
    }

    /// Callbacks that happen before the call returns.
    public Set<Callback> provokes() {
        return Collections.unmodifiableSet(provokes);
    }
}
