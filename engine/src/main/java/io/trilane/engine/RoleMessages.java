package io.trilane.engine;

import io.trilane.engine.controller.ControlMessage;
import io.trilane.engine.queue.Doorbell;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.Role;
import java.util.ArrayList;
import java.util.List;

/// The message queue of each role. Any thread may post.
final class RoleMessages {
    private static final int CAPACITY = 1024;

    private final List<SerialQueue<ControlMessage>> queues = new ArrayList<>();

    /// @param doorbells of the roles, by ordinal
    RoleMessages(Doorbell[] doorbells) {
        for (Role role : Role.values()) {
            queues.add(new SerialQueue<>(role + "-messages", CAPACITY, doorbells[role.ordinal()]));
        }
    }

    SerialQueue<ControlMessage> of(Role role) {
        return queues.get(role.ordinal());
    }

    /// Runs a block on a role in one of its next cycles; false when its queue is full.
    boolean dispatch(Role role, Runnable block) {
        return of(role).offer(new ControlMessage.Dispatch(block));
    }

    /// To the control role, or fails.
    void post(ControlMessage message) {
        if (!of(Role.CONTROL).offer(message)) {
            throw new IllegalStateException("queue=CONTROL-messages is full, let the driver thread call doWork");
        }
    }

    /// Runs a block on the control role, or fails.
    void onControl(Runnable block) {
        post(new ControlMessage.Dispatch(block));
    }

    void releaseConsumers() {
        queues.forEach(SerialQueue::releaseConsumer);
    }
}
