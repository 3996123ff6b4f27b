package io.trilane.engine.task;

/// What became of a request to leave a task.
public enum Leave {
    /// The token is stale, foreign, or the task is still on its way.
    REFUSED,
    /// Left, but the other side still holds it.
    QUARANTINED,
    /// The slot is free.
    FREED
}
