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
import java.util.EnumSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Suspends and resumes, and takes the controller through power transitions (`driverkit.md` 2.5). Control role.
final class PowerControl implements RoleWork {
    /// Instead of a transition's number: whoever acknowledges does not say which one is meant.
    static final long ANY_TRANSITION = 0;

    private final Controller controller;
    private final ControllerCalls calls;
    private final Lifecycle lifecycle;
    private final SubmissionGate submission;
    private final Doorbell processDoorbell;
    private final MisuseLog misuses;
    private final FrameworkConfig config;
    private final Supplier<BooleanSupplier> newFence;
    private @Nullable Transition transition;
    /// The controller was told of the transition.
    private boolean told;
    private long transitions = ANY_TRANSITION;
    /// States of transitions that expired: their acknowledgement may still come.
    private final Set<PowerState> owed = EnumSet.noneOf(PowerState.class);

    /// What goes on until it is answered.
    ///
    /// @param state     null for a suspension, which nobody has to acknowledge
    /// @param number    from 1
    /// @param returned  true once no submission call runs any more that began before
    /// @param framework whom the controller acknowledges to
    private record Transition(@Nullable PowerState state, long number, BooleanSupplier returned,
            @Nullable Framework framework, long deadlineNs, Reply<Boolean> reply) {}

    PowerControl(Controller controller, ControllerCalls calls, Lifecycle lifecycle, SubmissionGate submission,
            Doorbell processDoorbell, Supplier<BooleanSupplier> newFence, MisuseLog misuses, FrameworkConfig config) {
        this.controller = controller;
        this.calls = calls;
        this.lifecycle = lifecycle;
        this.submission = submission;
        this.processDoorbell = processDoorbell;
        this.newFence = newFence;
        this.misuses = misuses;
        this.config = config;
    }

    /// Suspends and answers true when the controller is not being called any more; false when the engine is not online.
    void suspend(long nowNs, Reply<Boolean> reply) {
        if (transition != null || !stopTasks(LifecycleState.SUSPENDED, "suspend")) {
            reply.complete(false);
            return;
        }
        begin(new Transition(null, ++transitions, newFence.get(), null, nowNs + config.powerTimeoutNs(), reply));
    }

    /// False when the engine is not suspended.
    boolean resume() {
        return transition == null && lifecycle.state() == LifecycleState.SUSPENDED && startTasks("resume");
    }

    /// Begins a transition; the reply is false when it cannot begin or is not acknowledged in time.
    ///
    /// @param frameworkOf makes whom the controller acknowledges to, of the transition's number
    void set(PowerState state, LongFunction<Framework> frameworkOf, long nowNs, Reply<Boolean> reply) {
        boolean isOn = state == PowerState.ON;
        LifecycleState reached = state == PowerState.OFF ? LifecycleState.OFF : LifecycleState.PAUSED;
        boolean canBegin = transition == null && (isOn
                ? lifecycle.state() == LifecycleState.OFF || lifecycle.state() == LifecycleState.PAUSED
                : stopTasks(reached, "power " + state));
        if (!canBegin) {
            reply.complete(false);
            return;
        }
        long number = ++transitions;
        begin(new Transition(state, number, isOn ? () -> true : newFence.get(), frameworkOf.apply(number),
                nowNs + config.powerTimeoutNs(), reply));
    }

    /// The controller has done what a transition asks for; nothing happens unless it is the current one.
    ///
    /// @param number of the transition, or [#ANY_TRANSITION]: then it counts for the oldest one to this state that is not
    ///               acknowledged
    void acknowledge(PowerState state, long number) {
        Transition current = transition;
        boolean isCurrent = current != null && number == current.number;
        boolean isLate = !isCurrent && owed.remove(state);
        if (current == null || isLate || !isCurrent && number != ANY_TRANSITION || current.state != state || !told) {
            return;
        }
        transition = null;
        current.reply.complete(state != PowerState.ON || startTasks("power ON"));
    }

    /// The engine stops: whatever was held back goes on, to fail.
    void openGate() {
        submission.setMode(SubmissionGate.Mode.RUN);
        processDoorbell.ring();
    }

    @Override
    public int doWork(long nowNs) {
        Transition current = transition;
        if (current == null) {
            return 0;
        }
        if (!told && current.returned.getAsBoolean()) {
            tell(current);
            return 1;
        }
        return nowNs - current.deadlineNs < 0 ? 0 : expire(current);
    }

    private void begin(Transition next) {
        transition = next;
        told = false;
    }

    private void tell(Transition current) {
        told = true;
        PowerState state = current.state;
        Framework framework = current.framework;
        if (state == null || framework == null) {
            transition = null;
            current.reply.complete(true);
        } else {
            calls.run(Callback.POWER, () -> controller.setPowerState(state, framework));
        }
    }

    private int expire(Transition current) {
        transition = null;
        PowerState state = current.state;
        if (told && state != null) {
            owed.add(state);
            misuses.report(Misuse.POWER_ACK_TIMEOUT, () -> "powerState=" + state
                    + " was not acknowledged within powerTimeoutNs=" + config.powerTimeoutNs());
        }
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
        openGate();
        lifecycle.transition(LifecycleState.ONLINE, why);
        return true;
    }
}
