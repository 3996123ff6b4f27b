package io.trilane.engine;

import io.trilane.engine.queue.Reply;
import io.trilane.engine.task.Role;
import java.util.function.BooleanSupplier;

/// True once every submission call that runs now has returned: a message to the submitting role comes behind it.
final class SubmissionFence implements BooleanSupplier {
    private final RoleMessages messages;
    private final Role processRole;
    private final Reply<Boolean> passed = new Reply<>();
    private boolean posted;

    SubmissionFence(RoleMessages messages, Role processRole) {
        this.messages = messages;
        this.processRole = processRole;
    }

    @Override
    public boolean getAsBoolean() {
        posted = posted || messages.dispatch(processRole, () -> passed.complete(true));
        return passed.isDone();
    }
}
