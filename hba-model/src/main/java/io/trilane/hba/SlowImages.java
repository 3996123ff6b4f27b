package io.trilane.hba;

import io.trilane.engine.controller.Framework;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.Task;
import io.trilane.hba.image.DiskImage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Brings image operations that may take long to the framework's slow-work agent; their results come back as events.
/// Touched by the hardware agent only.
final class SlowImages implements SlowImageWork {
    private @Nullable Wires wires;

    private record Wires(Framework framework, SerialQueue<HardwareEvent> events) {}

    /// Before the first task.
    void attach(Framework framework, SerialQueue<HardwareEvent> events) {
        wires = new Wires(framework, events);
    }

    @Override
    public void submit(LogicalUnit unit, Task task, DiskImage.Operation operation, long offset, long length) {
        runSlowly(unit, task, operation, offset, length);
    }

    @Override
    public void submitInBackground(LogicalUnit unit, DiskImage.Operation operation, long offset, long length) {
        runSlowly(unit, null, operation, offset, length);
    }

    private void runSlowly(LogicalUnit unit, @Nullable Task task, DiskImage.Operation operation, long offset,
            long length) {
        Wires attached = Objects.requireNonNull(wires, "hardware is not attached to a framework");
        HardwareEvent.SlowImageJob job = new HardwareEvent.SlowImageJob(unit, task, operation, offset, length,
                attached.events);
        if (!attached.framework.runSlowly(job)) {
            throw new IllegalStateException("queue=slow-work is full, our bug: it holds a job per task");
        }
    }
}
