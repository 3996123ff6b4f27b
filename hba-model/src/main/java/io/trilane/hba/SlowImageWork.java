package io.trilane.hba;

import io.trilane.engine.task.Task;
import io.trilane.hba.image.DiskImage;

/// Image operations that may take long, done by the slow-work agent. May run the work inline: then the result comes
/// back inside the call. Called by the hardware agent.
public interface SlowImageWork {
    /// Does the operation for a task; the result goes to [LogicalUnit#onImageDone].
    void submit(LogicalUnit unit, Task task, DiskImage.Operation operation, long offset, long length);

    /// Does the operation for nobody: its task has been answered. The result goes to [LogicalUnit#onBackgroundDone].
    /// A unit has at most one such operation under way.
    void submitInBackground(LogicalUnit unit, DiskImage.Operation operation, long offset, long length);
}
