package io.trilane.engine.controller;

import io.trilane.engine.queue.InterruptLine;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.Role;
import io.trilane.engine.task.TaskPool;

/// What a controller may call in the framework. Handed over in [Controller#start]; valid until [Controller#stop] returns.
public interface Framework {
    /// Must be called before [Controller#initializeController] returns (`driverkit.md` 1.4).
    void reportConstraints(ControllerConstraints constraints);

    /// Which callback runs on which role.
    QueueContract contract();

    /// The completer for calls made on `role`.
    Completer completer(Role role);

    /// The wire on which the hardware interrupts; its handler is [Controller#onInterrupt].
    InterruptLine interruptLine();

    /// A queue whose consumer is the hardware agent: offering to it wakes the agent.
    ///
    /// @param <E> what crosses
    <E> SerialQueue<E> hardwareQueue(String name, int capacity);

    /// A queue whose consumer is the interrupt role; raise the [#interruptLine] after offering.
    ///
    /// @param <E> what crosses
    <E> SerialQueue<E> interruptQueue(String name, int capacity);

    /// The tasks, to find one by the slot in its token.
    TaskPool tasks();

    /// Runs a job on the one agent for slow work; false when its queue is full.
    boolean runSlowly(SlowJob job);

    /// Announces a target (`UserCreateTargetForID`). Returns when the target is initialised; false when it exists, is out
    /// of range, or its initialisation failed. In this release callable from [Controller#startController] only.
    boolean createTarget(long targetId);
}
