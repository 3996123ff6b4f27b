package io.trilane.engine;

/// Something that takes several cycles of the control role: the creation, the destruction or a new probe of a target.
interface TargetJob {
    long targetId();

    /// One step; returns the work done, never waits. Control role.
    int doWork(long nowNs);

    boolean isDone();
}
