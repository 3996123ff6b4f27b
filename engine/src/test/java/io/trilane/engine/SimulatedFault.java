package io.trilane.engine;

/// A rule that simulated hardware breaks behind the simulation's back, to prove that the simulation would notice.
enum SimulatedFault {
    NONE,
    /// Completes a token a second time, but reads the token from the slot: it completes the slot's next user.
    COMPLETES_THE_NEXT_USER,
    /// Never completes one task in many.
    LOSES_A_TASK,
    /// Writes into a task's data after it completed the task.
    WRITES_AFTER_COMPLETION,
    /// Completes the token of an aborted task twice.
    COMPLETES_AN_ABORTED_TASK_TWICE,
    /// Forgets a task that it aborts.
    FORGETS_AN_ABORTED_TASK,
    /// Says that it moved more bytes than were asked for.
    OVERSTATES_BYTES,
    /// Ends a task with CHECK CONDITION without sense data although it has autosense.
    WITHHOLDS_SENSE
}
