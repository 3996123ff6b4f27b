package io.trilane.engine.role;

import io.trilane.engine.controller.ControlMessage;
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

    private final Role role;
    private final SerialQueue<ControlMessage> messages;
    private final Consumer<ControlMessage> messageHandler;
    private final RoleWork[] works;
    private final CountersFile counters;
    private final DutyCycle dutyCycle;
    private boolean busy;

    public RoleLoop(Role role, SerialQueue<ControlMessage> messages, Consumer<ControlMessage> messageHandler,
            List<RoleWork> works, RoleClock clock) {
        this.role = role;
        this.messages = messages;
        this.messageHandler = messageHandler;
        this.works = works.toArray(new RoleWork[0]);
        this.counters = clock.counters();
        this.dutyCycle = new DutyCycle(role, counters, clock.stallThresholdNs(), clock.nanoClock().getAsLong());
    }

    public Role role() {
        return role;
    }

    public SerialQueue<ControlMessage> messages() {
        return messages;
    }

    /// One bounded cycle; returns the work done. A role that waits inside a callback is busy and does nothing.
    public int doWork(long nowNs) {
        if (busy) {
            return 0;
        }
        busy = true;
        dutyCycle.update(nowNs);
        int done = 0;
        try {
            done = messages.drain(messageHandler, MESSAGES_PER_CYCLE);
            for (RoleWork work : works) {
                done += work.doWork(nowNs);
            }
        } catch (RuntimeException e) {
            onError(e);
        } finally {
            busy = false;
        }
        return done;
    }

    /// True while a cycle is under way.
    public boolean isBusy() {
        return busy;
    }

    /// A driver's exception must not end the role: it is counted and told, and the role goes on.
    private void onError(RuntimeException e) {
        counters.increment(EngineCounter.CONTROLLER_ERRORS);
        System.getLogger("io.trilane.engine").log(System.Logger.Level.ERROR, "role=" + role + " handler failed", e);
    }
}
