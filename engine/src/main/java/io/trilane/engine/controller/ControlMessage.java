package io.trilane.engine.controller;

import io.trilane.engine.queue.Reply;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.ServiceResponse;

/// What other roles and client threads ask of the control role.
public sealed interface ControlMessage {
    /// Bring the controller up; answers the empty string, or why not.
    record Launch(Reply<String> reply) implements ControlMessage {}

    /// Stop the controller; answers how many tokens it has not returned.
    record Stop(Reply<Integer> reply) implements ControlMessage {}

    /// A client opened or closed a nexus.
    record ResetNexus(Nexus nexus, Reply<Boolean> reply) implements ControlMessage {}

    /// A task-management function; answers the verdict.
    record ManageTask(TaskManagementFunction function, Nexus nexus, long targetId, long lun, long tag,
            Reply<ServiceResponse> reply) implements ControlMessage {}

    /// A block to run on this role.
    record Dispatch(Runnable block) implements ControlMessage {}
}
