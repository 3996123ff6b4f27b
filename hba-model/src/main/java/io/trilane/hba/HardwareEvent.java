package io.trilane.hba;

import io.trilane.engine.controller.SlowJob;
import io.trilane.engine.controller.TargetVerdict;
import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.queue.Reply;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.Extents;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskToken;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageResult;
import org.jspecify.annotations.Nullable;

/// What reaches the hardware agent besides tasks. Logical units are touched by that agent only, so everything else that
/// concerns them arrives as one of these.
sealed interface HardwareEvent {
    /// A nexus came or went; persistent reservations go by its names.
    record NexusReset(Nexus nexus) implements HardwareEvent {}

    /// A task-management function; answers the verdict.
    ///
    /// @param lun the eight LUN bytes, first byte most significant
    /// @param tag for ABORT_TASK
    record ManageTask(TaskManagementFunction function, int nexusId, long targetId, long lun, long tag,
            Reply<ServiceResponse> reply) implements HardwareEvent {}

    /// A logical unit is plugged in, on a target that may be new.
    record Plug(HbaConfig.Unit unit, LogicalUnit logicalUnit, Reply<TargetVerdict> reply) implements HardwareEvent {}

    /// A target is pulled out.
    record Unplug(int targetId, Removal removal) implements HardwareEvent {}

    /// An image finished an operation that was PENDING; token NONE is the unit's background flush.
    record ImageDone(LogicalUnit unit, long token, long result) implements HardwareEvent {}

    /// An image operation on the slow-work agent, for a task or (task = null) in the background; comes back as the event
    /// that it is done.
    final class SlowImageJob implements HardwareEvent, SlowJob {
        private final LogicalUnit unit;
        private final @Nullable Task task;
        private final DiskImage.Operation operation;
        private final long offset;
        private final long length;
        private final SerialQueue<HardwareEvent> events;
        private long result;

        SlowImageJob(LogicalUnit unit, @Nullable Task task, DiskImage.Operation operation, long offset, long length,
                SerialQueue<HardwareEvent> events) {
            this.unit = unit;
            this.task = task;
            this.operation = operation;
            this.offset = offset;
            this.length = length;
            this.events = events;
        }

        /// On the slow-work agent. The controller still holds the task's token, so the slot is the task's own.
        @Override
        public void run() {
            result = unit.image().submit(operation, offset, length, task == null ? Extents.NONE : task.extents(),
                    task == null ? TaskToken.NONE : task.token());
            if (!events.offer(this)) {
                throw new IllegalStateException("queue=" + events.name() + " refused a result, our bug");
            }
        }

        /// On the hardware agent. An image that answered PENDING brings the result itself, as [ImageDone].
        void deliver() {
            if (result == ImageResult.PENDING) {
                return;
            }
            if (task == null) {
                unit.onBackgroundDone(result);
            } else {
                unit.onImageDone(task, result);
            }
        }
    }
}
