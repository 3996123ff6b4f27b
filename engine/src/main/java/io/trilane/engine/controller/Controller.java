package io.trilane.engine.controller;

import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import org.jspecify.annotations.Nullable;

/// A driver. The framework calls it on the role that the [QueueContract] names, one call at a time per role; calls on
/// different roles overlap. Methods stand in the order in which they are called (`driverkit.md` 2.1). A step that answers
/// false ends the launch; what was started before is stopped in reverse order.
///
/// Three rules hold for every method. It must not block: everything behind it on its role waits, and a deadline names it
/// ([Misuse#CALLBACK_BLOCKED]). It must not make a synchronous framework call that needs its own role: the call is refused
/// ([Misuse#REENTRANT_WAIT] and its kin). An exception is counted and told, and is taken as the worst answer the method can
/// give.
public interface Controller {
    /// The property list, checked before any other call. The framework calls it once, on CONTROL, before [#init]; nothing can
    /// arrive meanwhile and there is no framework to call.
    ///
    /// A wrong key ends the launch with a sentence for each ([Misuse#PERSONALITY_INVALID]); nothing has to be taken down.
    default Personality personality() {
        return Personality.virtual("org.example." + getClass().getSimpleName(), "ExampleController");
    }

    /// LIFECYCLE, first. The object exists, no provider is known: create core data only, touch no hardware, call nothing
    /// in the framework, which is not there yet. Nothing can arrive meanwhile.
    ///
    /// False or an exception: the launch fails, nothing has to be taken down and [#stop] is not called.
    default boolean init() {
        return true;
    }

    /// LIFECYCLE, second: the real work starts here. The provider is known; keep `framework`, take completers and rings.
    /// On macOS this runs during matching, so it must be short. Nothing can arrive meanwhile. Must not create targets or wait.
    ///
    /// False or an exception: the launch fails and [#stop] is not called; give back here what was taken here.
    boolean start(Framework framework);

    /// LIFECYCLE. The hardware to pump; asked once, after [#start] has answered true and before [#initializeController]. From
    /// the answer on the agent's `doWork` is called, with DEDICATED threading on a thread of its own.
    ///
    /// An exception ends the launch; [#stop] is not called.
    HardwareAgent hardware();

    /// LIFECYCLE, third, exactly once: the first method of the SCSI family. When it returns the queues must have been set
    /// ([Framework#setDispatchQueue]) and the constraints reported ([Framework#reportConstraints]). No task and no
    /// interrupt of a task arrives yet; no target can be created yet, one that is asked for asynchronously waits for
    /// [#startController].
    ///
    /// False, an exception, a missing queue ([Misuse#QUEUE_MISSING]), a queue of another name ([Misuse#QUEUE_NOT_IN_CONTRACT])
    /// or missing constraints ([Misuse#CONSTRAINTS_INCOMPLETE]): the launch fails and [#stop] is called.
    boolean initializeController();

    /// LIFECYCLE, after [#initializeController]; nothing can arrive meanwhile. This id is refused as a target id.
    ///
    /// An exception: the launch fails and [#stop] is called; so for each report that follows.
    long reportInitiatorIdentifier();

    /// LIFECYCLE. Nothing can arrive meanwhile. Inclusive upper bound of target ids, and of the legacy scan. Too small: higher
    /// targets are refused ([Misuse#TARGET_ID_OUT_OF_RANGE]); on macOS they are created and never found (inferred).
    long reportHighestSupportedDeviceId();

    /// LIFECYCLE. Nothing can arrive meanwhile. How many tasks the controller can hold; the engine uses no more slots than
    /// this, so a ring of this size never overflows. With 1, one lost task stalls everything: report 8 or more.
    ///
    /// Below 1: the launch fails ([Misuse#TASK_COUNT_ZERO]) and [#stop] is called.
    int reportMaximumTaskCount();

    /// LIFECYCLE, once per task; nothing can arrive meanwhile. Allocate what the hardware needs for this slot now, never on
    /// the I/O path. The task is not in use: keep its slot, read nothing of it. Returns the controller's id for the task.
    ///
    /// An id that is 0 ([Misuse#TASK_ID_RESERVED]) or given before ([Misuse#TASK_ID_DUPLICATE]): the launch fails and [#stop]
    /// is called.
    default long mapTaskData(Task task) {
        return task.slot() + 1L;
    }

    /// LIFECYCLE, once per task, just after its [#mapTaskData]; nothing can arrive meanwhile. Null for the first task ends
    /// the launch, and so do a byte order that the host does not have ([Misuse#DMA_SEGMENT_TYPE_UNSUPPORTED]) and a longest
    /// transfer that the reported segments do not hold ([Misuse#SEGMENT_LIMITS_INCONSISTENT]); null for a later task: the pool
    /// stops growing there.
    default @Nullable DmaSpecification dmaSpecification(Task task) {
        return DmaSpecification.of(16L << 20);
    }

    /// LIFECYCLE, after the last task was mapped, before [#startController]; nothing can arrive meanwhile. True: tasks come
    /// through [#process] only; false: through [#processTask] only. Decided once. False is an answer, not a failure.
    default boolean mapBundledBuffers() {
        return true;
    }

    /// LIFECYCLE. Enable interrupts. INTERRUPT may be called before this returns; tasks arrive after it has returned.
    /// Must not create a target and wait: the call needs this very role and is refused ([Misuse#CREATE_FROM_DEFAULT]). Create
    /// targets asynchronously from here; the launch waits for them.
    ///
    /// False or an exception: the launch fails, [#stop] is called, the tasks are freed.
    boolean startController();

    /// LIFECYCLE, after [#startController], interrupts are on and may arrive meanwhile. True: the controller creates its
    /// targets; false: the framework tries each id from 0 to the highest, inclusive, before the launch ends.
    ///
    /// An exception: the launch fails and [#stop] is called.
    default boolean doesHbaPerformDeviceManagement() {
        return true;
    }

    /// INITIALIZE_TARGET, first of a creation. Prepare the state of the target: it must exist before this returns, because
    /// the probe's tasks follow. INTERRUPT, and where PROCESS is another role tasks of other targets, arrive meanwhile;
    /// whoever creates the target waits. Must not create a target and wait, nor take a lock that the creator holds
    /// ([Misuse#LOCK_HELD_ACROSS_CALL]).
    ///
    /// False or an exception: the target is not created ([TargetVerdict#INITIALIZE_FAILED]), its id is free again.
    default boolean initializeTarget(long targetId) {
        return true;
    }

    /// INITIALIZE_TARGET, after [#initializeTarget], before the probe. The same may arrive. An exception is a no. On macOS the
    /// default depends on the interconnect; here it is no.
    default boolean doesHbaSupportMultiPathing() {
        return false;
    }

    /// INITIALIZE_TARGET, after the probe, for each feature that the INQUIRY data advertises. The same may arrive, and tasks
    /// of this target. An exception is a no.
    default boolean doesHbaSupportParallelFeature(ParallelFeature feature) {
        return false;
    }

    /// INITIALIZE_TARGET, before each probe. Bounds the scan of logical units; a LUN number, inclusive. An exception is a 0:
    /// only LUN 0 is found.
    default long reportHighestLogicalUnitNumber() {
        return 0x3FFF;
    }

    /// INITIALIZE_TARGET, before the probe; one answer for the controller, the latest counts. True: sense data comes with the
    /// CHECK CONDITION; false, or an exception: the framework fetches it with REQUEST SENSE, one more round trip.
    default boolean doesHbaPerformAutoSense() {
        return true;
    }

    /// PROCESS, single path. Post the task and answer [ServiceResponse#REQUEST_IN_PROCESS]; anything else fails the task
    /// ([Misuse#SYNC_COMPLETION_UNSUPPORTED]): a refusal is a completion with an error response, before or after this
    /// returns. The completion may arrive on INTERRUPT before this returns, so the task must not be touched after posting it.
    /// The token is what to complete. [Framework#dataBuffer] works in here only. Must not wait: removal waits for this to
    /// return, and where PROCESS shares a role with TASK_MANAGEMENT an abort cannot overtake it.
    ///
    /// An exception is counted, and taken as a task that the controller holds: nobody but the controller, or its deadline,
    /// brings it back.
    ServiceResponse processTask(Task task, long token);

    /// PROCESS, bundled path: 1..32 tasks, never delayed to fill the bundle. A refused one is completed with an error
    /// response. Take each token before posting its task. The batch is valid until this returns. What [#processTask] says of
    /// completions, data buffers, waiting and exceptions holds here, an exception for every task that was not posted.
    void process(TaskBatch batch);

    /// INTERRUPT. Called after the line was raised; raised twice before it is served, it is called once. Complete at most a
    /// bundle and answer true when there is more. Submissions run at the same time, also of the slot that was just completed,
    /// so touch nothing of a task after completing it. Must not wait, and not create a target and wait
    /// ([Misuse#CREATE_FROM_COMPLETION_QUEUE]).
    ///
    /// An exception is counted, and the line is raised again, so that nothing that was left waits for the next interrupt.
    boolean onInterrupt();

    /// TASK_MANAGEMENT, after the tasks that were submitted before it have been handed over. The verdict is synchronous:
    /// FUNCTION_COMPLETE, FUNCTION_REJECTED or a delivery failure. Affected tasks are still completed through the completer,
    /// once; their completion may arrive on INTERRUPT before, during or after this call, so a task that is meant may be gone.
    /// To ask the hardware, wait with [Framework#awaitHardware], and with nothing else.
    ///
    /// An exception is counted and is a delivery failure.
    ///
    /// @param lun the eight LUN bytes, first byte most significant
    /// @param tag for ABORT_TASK
    ServiceResponse manageTask(TaskManagementFunction function, Nexus nexus, long targetId, long lun, long tag);

    /// LIFECYCLE. A nexus came or went; per-nexus state (unit attentions, reservations) starts afresh. Tasks of other nexuses
    /// and interrupts arrive meanwhile. State that the hardware agent owns is reset by a message to it, without waiting: the
    /// client waits. An exception is counted, the nexus comes or goes all the same.
    default void onNexusReset(Nexus nexus) {}

    /// POWER. Quiesce for `state`, then call [Framework#acknowledgePowerState] of `framework` last, now or later. Interrupts
    /// of tasks in flight arrive meanwhile; tasks do not arrive until the state is ON again. Must not wait for them here:
    /// return, and acknowledge from the role that sees the last one.
    ///
    /// Without the acknowledgement the transition fails at its deadline ([Misuse#POWER_ACK_TIMEOUT]); an exception is counted
    /// and acknowledges nothing.
    default void setPowerState(PowerState state, Framework framework) {
        framework.acknowledgePowerState(state);
    }

    /// LIFECYCLE, last; also when a launch fails after [#start] has succeeded. Return every token, then stop the hardware.
    /// Targets are gone already; INTERRUPT still runs. The auxiliary role may be blocked in a creation: do not wait for it, and
    /// destroy no target here. To wait for the hardware use [Framework#awaitHardware].
    ///
    /// Tokens that are not returned, or an exception: the memory of the tasks is kept, counted as quarantined, and told.
    void stop();
}
