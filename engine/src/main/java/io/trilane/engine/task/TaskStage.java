package io.trilane.engine.task;

/// The points on a task's way at which it can be stamped with the time, in order. The ordinal is the index in
/// `TaskExtension.STAGE_NS`.
public enum TaskStage {
    /// The client hands it over.
    SUBMITTED,
    /// The submitting role has taken it off the queue: its controller is next. The last time, when it was sent again.
    DEQUEUED,
    /// The device has executed it and writes the response.
    EXECUTED,
    /// The driver has seen the interrupt and completes it.
    INTERRUPTED,
    /// The client takes it back.
    DELIVERED
}
