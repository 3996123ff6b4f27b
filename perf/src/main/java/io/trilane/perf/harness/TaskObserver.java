package io.trilane.perf.harness;

import io.trilane.engine.task.Task;

/// Sees each request before it leaves and after it came back: takes latencies, or stamps and checks data. Absent in
/// measured rounds. Used by the target's thread only.
interface TaskObserver {
    /// Whether this request may start now; when not, it is offered again later.
    boolean accepts(long request);

    /// The task is filled in and not yet submitted.
    void onFilled(long request, Task task);

    /// The task came back and is not yet released.
    void onFinished(Task task, boolean good);
}
