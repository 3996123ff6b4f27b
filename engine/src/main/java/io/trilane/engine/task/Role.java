package io.trilane.engine.task;

/// The three serial execution contexts of a controller. Each has one consumer; work reaches it through its queue.
/// Source: `driverkit.md` 3.1 (Default, Interrupt and Auxiliary dispatch queue).
public enum Role {
    /// Lifecycle, targets, task management, deadlines. DriverKit: the Default queue.
    CONTROL,
    /// Completions. DriverKit: the Interrupt queue.
    INTERRUPT,
    /// Submission. DriverKit: the Auxiliary queue (where the DRIVERKIT contract dispatches target creation instead).
    IO
}
