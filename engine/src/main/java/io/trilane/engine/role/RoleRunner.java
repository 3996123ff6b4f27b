package io.trilane.engine.role;

import io.trilane.engine.queue.Doorbell;
import java.util.function.LongSupplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.IdleStrategy;

/// Gives bounded work a thread of its own. When idle it spins a little, yields a little, then sleeps until its doorbell
/// rings: every wait is bounded.
public final class RoleRunner {
    private static final int CLOSE_MILLIS = 5_000;

    private final BoundedIdle idle;
    private final AgentRunner runner;

    /// @param name      thread name
    /// @param work      one cycle
    /// @param nanoClock read once per cycle
    /// @param doorbell  rung by whoever gives it work
    /// @param maxSleepNs how long it sleeps at most, in nanoseconds: how late it may see that time has passed
    public RoleRunner(String name, RoleWork work, LongSupplier nanoClock, Doorbell doorbell, long maxSleepNs) {
        this.idle = new BoundedIdle(doorbell, maxSleepNs);
        this.runner = new AgentRunner(idle, RoleRunner::onError, null,
                new WorkAgent(name, work, nanoClock));
        Thread _ = AgentRunner.startOnThread(runner, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /// Stops the thread and waits for it, interrupting it once; false when it does not end.
    public boolean close() {
        boolean[] ended = {true};
        idle.stop();
        try {
            runner.close(CLOSE_MILLIS, thread -> {
                ended[0] = false;
                throw new IllegalStateException("thread=" + thread.getName() + " does not end");
            });
        } catch (IllegalStateException e) {
            System.getLogger("io.trilane.engine").log(System.Logger.Level.WARNING,
                    e.getMessage() + " within closeMillis=" + CLOSE_MILLIS + ", it is left behind");
        }
        return ended[0];
    }

    private static void onError(Throwable error) {
        System.getLogger("io.trilane.engine").log(System.Logger.Level.ERROR, "agent failed", error);
    }

    private record WorkAgent(String roleName, RoleWork work, LongSupplier nanoClock) implements Agent {
        @Override
        public int doWork() {
            return work.doWork(nanoClock.getAsLong());
        }
    }

    /// Between the announcement and the sleep the agent runs one more cycle, so that no ring is missed.
    private static final class BoundedIdle implements IdleStrategy {
        private static final int SPINS = 200;
        private static final int YIELDS = 20;

        private final Doorbell doorbell;
        private final long maxSleepNs;
        private volatile boolean stopping;
        private int idleCycles;

        BoundedIdle(Doorbell doorbell, long maxSleepNs) {
            this.doorbell = doorbell;
            this.maxSleepNs = maxSleepNs;
        }

        /// No more sleep: the thread is about to be stopped. Any thread.
        void stop() {
            stopping = true;
            doorbell.ring();
        }

        @Override
        public void idle(int workCount) {
            if (workCount > 0) {
                reset();
            } else {
                idle();
            }
        }

        /// Yielding is only a stage between spinning and sleeping; nothing relies on it.
        @Override
        @SuppressWarnings("ThreadPriorityCheck")
        public void idle() {
            idleCycles++;
            if (stopping || idleCycles < SPINS) {
                Thread.onSpinWait();
            } else if (idleCycles < SPINS + YIELDS) {
                Thread.yield();
            } else if (idleCycles == SPINS + YIELDS) {
                doorbell.prepareToSleep();
            } else {
                doorbell.sleep(maxSleepNs);
                idleCycles = SPINS + YIELDS - 1;
            }
        }

        @Override
        public void reset() {
            if (idleCycles >= SPINS + YIELDS) {
                doorbell.stayAwake();
            }
            idleCycles = 0;
        }
    }
}
