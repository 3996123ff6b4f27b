package io.trilane.tools.frontend;

/// What the engine tells its front ends.
public sealed interface ServerEvent {
    /// A target was created, or its list of logical units has changed.
    record TargetChanged(long targetId) implements ServerEvent {}

    /// A target has gone.
    record TargetGone(long targetId) implements ServerEvent {}

    /// Capacity or medium of a target's units may have changed.
    record MediaChanged(long targetId) implements ServerEvent {}
}
