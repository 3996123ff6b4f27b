package io.trilane.engine.controller;

import io.trilane.engine.queue.InterruptLine;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.Role;
import io.trilane.engine.task.TaskPool;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a controller may call in the framework. Handed over in [Controller#start]; valid until [Controller#stop] returns.
/// No call hangs: a synchronous one that could not return is refused and reported ([MisuseLog]), any other has a deadline.
public interface Framework {
    /// The name of the queue that stands for [Role#IO].
    String AUXILIARY_QUEUE = "AuxiliaryQueue";
    /// The name of the queue that stands for [Role#INTERRUPT].
    String INTERRUPT_QUEUE = "InterruptQueue";

    /// Declares a queue (`SetDispatchQueue`). CONTROL, inside [Controller#initializeController]; both names must be set before
    /// it returns, no other name exists (`driverkit.md` 3.1). A later call has no effect. What is wrong ends the launch
    /// ([Misuse#QUEUE_MISSING], [Misuse#QUEUE_NOT_IN_CONTRACT]).
    void setDispatchQueue(String name);

    /// CONTROL, inside [Controller#initializeController] (`driverkit.md` 1.4). Nothing, or less than the required keys: the
    /// launch ends ([Misuse#CONSTRAINTS_INCOMPLETE]).
    default void reportConstraints(ControllerConstraints constraints) {
        reportConstraints(constraints.toMap());
    }

    /// The same as a dictionary, as DriverKit has it; several calls add up.
    void reportConstraints(Map<ConstraintKey, Long> constraints);

    /// Which callback runs on which role. Any role.
    QueueContract contract();

    /// The completer for calls made on `role`; ask once and keep it. Any role.
    Completer completer(Role role);

    /// The wire on which the hardware interrupts, from any thread; its handler is [Controller#onInterrupt].
    InterruptLine interruptLine();

    /// A queue whose consumer is the hardware agent: offering to it wakes the agent. CONTROL, inside [Controller#start]. It
    /// refuses when it is full: size it for the task count, or answer a refusal with TASK SET FULL.
    ///
    /// @param <E> what crosses
    <E> SerialQueue<E> hardwareQueue(String name, int capacity);

    /// A queue whose consumer is the interrupt role; raise the [#interruptLine] after offering. CONTROL, inside
    /// [Controller#start]. Size it for the task count: a completion cannot be refused.
    ///
    /// @param <E> what crosses
    <E> SerialQueue<E> interruptQueue(String name, int capacity);

    /// The tasks, to find one by the slot in its token. Any role.
    TaskPool tasks();

    /// Runs a job on the one agent for slow work; false when its queue is full. Any role; returns at once.
    boolean runSlowly(SlowJob job);

    /// Runs `block` on a role in one of its next cycles. Any role, any thread; false when the role's queue is full. An
    /// exception of the block is counted.
    boolean dispatch(Role role, Runnable block);

    /// The same, and waits until it has run. Any thread, and any role that the chain does not need; `role` itself is refused
    /// ([Misuse#REENTRANT_WAIT]). Hold no lock that the block takes. False: refused because it could never run, the role's
    /// queue is full, or its deadline passed; in the last case the block may still run.
    boolean dispatchSync(Role role, Runnable block);

    /// Creates a target (`UserCreateTargetForID`) and returns when it is initialised and probed. Callbacks of
    /// INITIALIZE_TARGET, PROCESS and INTERRUPT happen meanwhile, so it is refused on every role that those need
    /// ([Misuse#CREATE_FROM_DEFAULT], [Misuse#CREATE_FROM_COMPLETION_QUEUE]): under DRIVERKIT it may be called on IO (the
    /// auxiliary queue; a policy may warn or refuse), under ENGINE on no role; always on a thread of the driver's own. Hold no
    /// lock that those callbacks take ([Misuse#LOCK_HELD_ACROSS_CALL]). Called before the controller accepts tasks, it waits for
    /// that, too. Its deadline answers ABANDONED.
    TargetVerdict createTarget(long targetId, Map<TargetProperty, String> properties);

    /// The same, returning at once; any role, from [Controller#start] on. The creation begins when the controller accepts
    /// tasks. `onDone` is called once, on the role of CREATE_TARGET.
    void createTarget(long targetId, Map<TargetProperty, String> properties, Consumer<TargetVerdict> onDone);

    /// Destroys a target: no new task reaches the controller, those that it holds are completed to their clients as
    /// DEVICE NOT PRESENT after its running submission calls have returned. Their tokens are still to be completed. Any role;
    /// refused inside a process call, for which it would wait, and for a role that waits for the caller. Not inside
    /// [Controller#stop]. False, without any other effect, when there is no such target, or the call was refused.
    boolean destroyTarget(long targetId);

    /// The same, returning at once; any role. `onDone` is called once, on the role of CREATE_TARGET.
    void destroyTarget(long targetId, Consumer<Boolean> onDone);

    /// True while the target exists for the framework: created, and not being destroyed. Any role; the answer may be old when
    /// it is read.
    boolean isTargetPresent(long targetId);

    /// Adds to what the HBA says of itself. Any role.
    void setHbaProperties(Map<HbaProperty, String> properties);

    /// Takes away what the HBA says of itself; what is not there is no error. Any role.
    void removeHbaProperties(Set<HbaProperty> properties);

    /// Adds to what is said of a target; false when there is no such target. Any role.
    boolean setTargetProperties(long targetId, Map<TargetProperty, String> properties);

    /// False when there is no such target. Any role.
    boolean removeTargetProperties(long targetId, Set<TargetProperty> properties);

    /// The capacity or block size of a unit has changed: every target is asked anew, after this call. Calls that come while a
    /// target is being asked end in one more round. Any role; returns at once.
    void mediaParametersHaveChanged();

    /// Memory of a task's first segment that the processor may touch (`UserGetDataBuffer`); slow. Only inside the process
    /// call of this token, else null ([Misuse#DATA_BUFFER_OUTSIDE_SUBMIT]). Valid until the token is completed.
    @Nullable
    MemorySegment dataBuffer(long token);

    /// Memory behind an address of the DMA space, for the hardware agent. On a role it is refused with null
    /// ([Misuse#IOVA_AS_HOST_ADDRESS]).
    @Nullable
    MemorySegment dma(long address, long lengthBytes);

    /// A lock that the re-entrancy guard knows. Any role. Taking it never hangs; what happens under other locks the guard cannot
    /// see.
    GuardedLock newLock(String name);

    /// Waits for an answer of the hardware, which waits for nobody, so that any role may call it; meant for task management and
    /// [Controller#stop]. Meanwhile the caller's role does nothing else, the other roles go on. False at the deadline.
    ///
    /// @param what for a report, for example "verdict of LOGICAL_UNIT_RESET"
    boolean awaitHardware(String what, BooleanSupplier answered);

    /// The last step of [Controller#setPowerState], once for each, on the framework that came with it: that one knows which
    /// transition is meant. On the framework of [Controller#start] it counts for the oldest transition to `state` that is not
    /// acknowledged. Any role; returns at once. For a state that is not being waited for, or after the deadline, it does
    /// nothing.
    void acknowledgePowerState(PowerState state);
}
