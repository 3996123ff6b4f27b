package io.trilane.engine.controller;

/// Gives tasks back to the framework. The controller has written each response slot before; after the call it must not
/// touch the task, its slot or its data.
///
/// A completer belongs to one role: take one for each role that completes ([Framework#completer]). A token that is
/// stale, foreign or already completed is refused and counted, never delivered.
public interface Completer {
    /// Completes one task.
    void complete(long token);

    /// Completes the first `count` tokens, in any order and grouping (`driverkit.md` 4.3).
    void complete(long[] tokens, int count);
}
