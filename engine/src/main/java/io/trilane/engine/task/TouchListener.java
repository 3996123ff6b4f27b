package io.trilane.engine.task;

/// Is told of a write into a response slot that the writer does not own (`driverkit.md` 3.4, row 19). The write was
/// dropped. Any thread.
@FunctionalInterface
public interface TouchListener {
    /// @param slot   whose response slot
    /// @param state  where its task was
    /// @param method what was called
    void onTouch(int slot, TaskState state, String method);
}
