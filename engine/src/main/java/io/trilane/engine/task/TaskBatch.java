package io.trilane.engine.task;

/// Up to 32 tasks handed over in one call (`driverkit.md` 4.3). Belongs to the role that fills
/// it; valid for the length of the call it is passed to.
@HotPath
public final class TaskBatch {
    /// `kMaxBundledParallelTasks`.
    public static final int MAX_TASKS = 32;

    private final Task[] tasks = new Task[MAX_TASKS];
    private int count;

    public int count() {
        return count;
    }

    /// How many more it takes.
    public int room() {
        return MAX_TASKS - count;
    }

    public boolean isFull() {
        return count == MAX_TASKS;
    }

    public Task task(int index) {
        return tasks[index];
    }

    /// The token of a task that has not been posted yet: take it before posting, because afterwards the task may be
    /// somebody else's.
    public long token(int index) {
        return tasks[index].token();
    }

    public void add(Task task) {
        tasks[count++] = task;
    }

    /// The tasks themselves, [#count] of them, to hand over without copying.
    public Task[] tasks() {
        return tasks;
    }

    /// Makes the batch the first `newCount` of [#tasks], which the caller has written there.
    public void setCount(int newCount) {
        count = newCount;
    }

    /// Keeps the first `newCount` only.
    public void truncate(int newCount) {
        count = Math.min(count, newCount);
    }

    public void clear() {
        count = 0;
    }
}
