package io.trilane.engine.controller;

import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;

/// A driver. The framework calls it on the role that the [QueueContract] names, one call at a time per role; calls on
/// different roles overlap. Methods stand in the order in which they are called (`driverkit.md` 2.1). A step that answers
/// false ends the launch; what was started before is stopped in reverse order.
public interface Controller {
    /// LIFECYCLE. First call: create core data, touch no hardware.
    default boolean init() {
        return true;
    }

    /// LIFECYCLE. The provider is known; keep `framework`.
    boolean start(Framework framework);

    /// LIFECYCLE. Once. Constraints must have been reported when it returns.
    boolean initializeController();

    /// LIFECYCLE. This id is refused as a target id.
    long reportInitiatorIdentifier();

    /// LIFECYCLE. Inclusive upper bound of target ids.
    long reportHighestSupportedDeviceId();

    /// LIFECYCLE. How many tasks the controller can hold, at least 1; the engine uses no more slots than this.
    int reportMaximumTaskCount();

    /// LIFECYCLE, once per task. Allocate what the hardware needs for this slot now, never on the I/O path. Returns the
    /// controller's id for the task: unique and not 0.
    default long mapTaskData(Task task) {
        return task.slot() + 1L;
    }

    /// LIFECYCLE. True: tasks come through [#process] only; false: through [#processTask] only.
    default boolean mapBundledBuffers() {
        return true;
    }

    /// LIFECYCLE. Enable interrupts. After it returns tasks may arrive.
    boolean startController();

    /// LIFECYCLE. True: the controller creates its targets; false: the framework creates each id from 0 to the highest.
    default boolean doesHbaPerformDeviceManagement() {
        return true;
    }

    /// INITIALIZE_TARGET. Prepare per-target state; false refuses the target.
    default boolean initializeTarget(long targetId) {
        return true;
    }

    /// PROCESS, single path. Post the task and answer [ServiceResponse#REQUEST_IN_PROCESS]; anything else fails the task:
    /// there is no synchronous completion. The completion may arrive before this returns, so the task must not be touched
    /// after posting it. The token is what to complete.
    ServiceResponse processTask(Task task, long token);

    /// PROCESS, bundled path: 1..32 tasks. A refused one is completed with an error response.
    void process(TaskBatch batch);

    /// INTERRUPT. Called once after the line was raised. Handle at most a bundle and answer true when there is more.
    boolean onInterrupt();

    /// TASK_MANAGEMENT. The verdict is synchronous: FUNCTION_COMPLETE, FUNCTION_REJECTED or a delivery failure. Affected
    /// tasks are still completed through the completer.
    ///
    /// @param lun the eight LUN bytes, first byte most significant
    /// @param tag for ABORT_TASK
    ServiceResponse manageTask(TaskManagementFunction function, Nexus nexus, long targetId, long lun, long tag);

    /// LIFECYCLE. A nexus came or went; per-nexus state (unit attentions, reservations) starts afresh.
    default void onNexusReset(Nexus nexus) {}

    /// LIFECYCLE. Return every token, then stop the hardware. Last call.
    void stop();

    /// The hardware to pump. Asked once, after [#start].
    HardwareAgent hardware();
}
