package io.trilane.engine;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.Controller;
import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.Lifecycle;
import io.trilane.engine.controller.LifecycleState;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.MisuseLog;
import io.trilane.engine.controller.PowerState;
import io.trilane.engine.queue.Doorbell;
import io.trilane.engine.queue.Reply;
import io.trilane.engine.role.RoleWork;
import io.trilane.engine.role.SubmissionGate;
import org.jspecify.annotations.Nullable;

/// Suspends and resumes, and takes the controller through power transitions (`driverkit.md` 2.5). Control role.
final class PowerControl implements RoleWork {
    private final Controller controller;
    private final ControllerCalls calls;
    private final Lifecycle lifecycle;
    private final SubmissionGate submission;
    private final Doorbell processDoorbell;
    private final MisuseLog misuses;
    private final FrameworkConfig config;
    private @Nullable Transition transition;

    private record Transition(PowerState state, long deadlineNs, Reply<Boolean> reply) {}

    PowerControl(Controller controller, ControllerCalls calls, Lifecycle lifecycle, SubmissionGate submission,
            Doorbell processDoorbell, MisuseLog misuses, FrameworkConfig config) {
        this.controller = controller;
        this.calls = calls;
        this.lifecycle = lifecycle;
        this.submission = submission;
        this.processDoorbell = processDoorbell;
        this.misuses = misuses;
        this.config = config;
    }

    /// False when the engine is not online.
    boolean suspend() {
        return stopTasks(LifecycleState.SUSPENDED, "suspend");
    }

    /// False when the engine is not suspended.
    boolean resume() {
        return lifecycle.state() == LifecycleState.SUSPENDED && startTasks("resume");
    }

    /// Begins a transition; the reply is false when it cannot begin or is not acknowledged in time.
    void set(PowerState state, Framework framework, long nowNs, Reply<Boolean> reply) {
        boolean isOn = state == PowerState.ON;
        LifecycleState reached = state == PowerState.OFF ? LifecycleState.OFF : LifecycleState.PAUSED;
        boolean canBegin = transition == null && (isOn
                ? lifecycle.state() == LifecycleState.OFF || lifecycle.state() == LifecycleState.PAUSED
                : stopTasks(reached, "power " + state));
        if (!canBegin) {
            reply.complete(false);
            return;
        }
        transition = new Transition(state, nowNs + config.powerTimeoutNs(), reply);
        calls.run(Callback.POWER, () -> controller.setPowerState(state, framework));
    }

    /// The controller has done what the transition asks for.
    void acknowledge(PowerState state) {
        Transition current = transition;
        if (current == null || current.state != state) {
            return;
        }
        transition = null;
        current.reply.complete(state != PowerState.ON || startTasks("power ON"));
    }

    @Override
    public int doWork(long nowNs) {
        Transition current = transition;
        if (current == null || nowNs - current.deadlineNs < 0) {
            return 0;
        }
        transition = null;
        misuses.report(Misuse.POWER_ACK_TIMEOUT, () -> "powerState=" + current.state + " was not acknowledged within"
                + " powerTimeoutNs=" + config.powerTimeoutNs());
        current.reply.complete(false);
        return 1;
    }

    private boolean stopTasks(LifecycleState next, String why) {
        if (!lifecycle.state().canBecome(next)) {
            return false;
        }
        submission.setMode(config.suspendPolicy() == SuspendPolicy.HOLD ? SubmissionGate.Mode.HOLD
                : SubmissionGate.Mode.FAIL_FAST);
        lifecycle.transition(next, why);
        return true;
    }

    private boolean startTasks(String why) {
        if (!lifecycle.state().canBecome(LifecycleState.ONLINE)) {
            return false;
        }
        submission.setMode(SubmissionGate.Mode.RUN);
        processDoorbell.ring();
        lifecycle.transition(LifecycleState.ONLINE, why);
        return true;
    }
}
