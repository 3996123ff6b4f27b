package io.trilane.engine.role;

import io.trilane.engine.controller.ControlMessage;
import io.trilane.engine.controller.RoleActivity;
import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Role;
import java.util.List;
import java.util.function.Consumer;

/// The loop of a role, the same for all three: messages, then the work that the contract gave to this role. It sees no
/// thread, no clock and no randomness that it was not handed.
@HotPath
public final class RoleLoop {
    private static final int MESSAGES_PER_CYCLE = 32;

    private final SerialQueue<ControlMessage> messages;
    private final Consumer<ControlMessage> messageHandler;
    private final RoleWork[] works;
    private final CountersFile counters;
    private final DutyCycle dutyCycle;
    private final RoleActivity activity;

    public RoleLoop(RoleActivity activity, SerialQueue<ControlMessage> messages,
            Consumer<ControlMessage> messageHandler, List<RoleWork> works, RoleClock clock) {
        this.activity = activity;
        this.messages = messages;
        this.messageHandler = messageHandler;
        this.works = works.toArray(new RoleWork[0]);
        this.counters = clock.counters();
        this.dutyCycle = new DutyCycle(activity.role(), counters, clock.stallThresholdNs(),
                clock.nanoClock().getAsLong());
    }

    public Role role() {
        return activity.role();
    }

    public SerialQueue<ControlMessage> messages() {
        return messages;
    }

    /// One bounded cycle; returns the work done. A role that waits inside a callback is busy and does nothing.
    public int doWork(long nowNs) {
        if (activity.isBusy()) {
            return 0;
        }
        activity.begin(Thread.currentThread(), nowNs);
        dutyCycle.update(nowNs);
        int done = 0;
        try {
            done = handleMessages();
            for (RoleWork work : works) {
                done += doWork(work, nowNs);
            }
        } finally {
            activity.end();
        }
        return done;
    }

    /// True while a cycle is under way.
    public boolean isBusy() {
        return activity.isBusy();
    }

    private int handleMessages() {
        try {
            return messages.drain(messageHandler, MESSAGES_PER_CYCLE);
        } catch (RuntimeException e) {
            onError(e);
            return 0;
        }
    }

    /// One work's exception does not cost the others their turn: a deadline comes also when every process call throws.
    private int doWork(RoleWork work, long nowNs) {
        try {
            return work.doWork(nowNs);
        } catch (RuntimeException e) {
            onError(e);
            return 0;
        }
    }

    /// A driver's exception must not end the role: it is counted and told, and the role goes on.
    private void onError(RuntimeException e) {
        counters.increment(EngineCounter.CONTROLLER_ERRORS);
        System.getLogger("io.trilane.engine").log(System.Logger.Level.ERROR, "role=" + role() + " handler failed", e);
    }
}
