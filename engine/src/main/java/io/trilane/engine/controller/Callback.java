package io.trilane.engine.controller;

/// Everything that the framework calls in a controller, grouped as far as the groups share a queue
/// (`driverkit.md` 1.1 to 1.4).
public enum Callback {
    /// Init, start, initialize, the reports, mapping, start controller, stop.
    LIFECYCLE,
    /// A controller's synchronous target creation is dispatched here.
    CREATE_TARGET,
    /// Target initialisation and the capability questions.
    INITIALIZE_TARGET,
    /// `processTask` and `process`.
    PROCESS,
    /// The six task-management functions.
    TASK_MANAGEMENT,
    /// Interrupts, and so completions.
    INTERRUPT,
    /// Power transitions.
    POWER
}
