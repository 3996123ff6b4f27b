package io.trilane.engine;

/// What becomes of a task that is submitted while the engine is suspended (`driverkit.md` 2.5).
public enum SuspendPolicy {
    /// It fails at once with a delivery failure, as Apple's stack does.
    FAIL_FAST,
    /// It waits until the engine is resumed.
    HOLD
}
