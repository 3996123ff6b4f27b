package io.trilane.engine;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.ControlMessage;
import io.trilane.engine.controller.LifecycleState;
import io.trilane.engine.queue.Reply;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.TaskPool;

/// What the roles do with a message. Whoever asked gets an answer also when the controller throws.
final class ControlHandler {
    private final EngineCore core;

    ControlHandler(EngineCore core) {
        this.core = core;
    }

    void handle(ControlMessage message) {
        switch (message) {
            case ControlMessage.Launch launch -> new BringUp(core).run(launch.reply());
            case ControlMessage.Stop stop -> stop(stop.reply());
            case ControlMessage.ResetNexus reset -> {
                if (!isStopped()) {
                    core.calls().run(Callback.LIFECYCLE, () -> core.controller().onNexusReset(reset.nexus()));
                }
                reset.reply().complete(true);
            }
            case ControlMessage.ManageTask manage -> {
                if (isStopped()) {
                    manage.reply().complete(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE);
                } else {
                    core.management().request(manage);
                }
            }
            case ControlMessage.Dispatch dispatch -> dispatch.block().run();
        }
    }

    /// Destroys every target, then stops the controller; answers how many tokens it has not returned.
    private void stop(Reply<Integer> reply) {
        if (core.lifecycle().state().ordinal() >= LifecycleState.DRAINING.ordinal()) {
            reply.complete(heldTokens());
            return;
        }
        core.lifecycle().transition(LifecycleState.DRAINING, "stop");
        core.targets().destroyAll(core.newFence(), () -> {
            boolean stopped = core.calls().ask(Callback.LIFECYCLE, () -> {
                core.controller().stop();
                return true;
            });
            core.lifecycle().transition(LifecycleState.STOPPED, "stop");
            reply.complete(stopped ? heldTokens() : core.pool().size());
        });
        // No target takes tasks now: what was held fails.
        core.power().openGate();
    }

    /// Then the controller is not called any more.
    private boolean isStopped() {
        return core.lifecycle().state().ordinal() >= LifecycleState.STOPPED.ordinal();
    }

    private int heldTokens() {
        TaskPool pool = core.pool();
        int held = 0;
        for (int slot = 0; slot < pool.size(); slot++) {
            held += pool.task(slot).isWithController() ? 1 : 0;
        }
        return held;
    }
}
