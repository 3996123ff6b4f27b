package io.trilane.engine;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.HardwareActivity;
import io.trilane.engine.controller.HardwareAgent;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.queue.Doorbell;
import io.trilane.engine.role.CallGate;
import io.trilane.engine.role.RoleLoop;
import io.trilane.engine.role.RoleRunner;
import io.trilane.engine.role.RoleWork;
import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Turns the roles' cranks: pumped by one driver thread, or on threads of their own. Order of a pumped cycle: control,
/// I/O, hardware, interrupt, so that a task submitted before the cycle is completed after it.
@HotPath
final class Drive implements CallGate.Pump {
    /// Index of the hardware agent among the agents; the roles come first, by ordinal.
    static final int HARDWARE = Role.values().length;
    static final int AGENTS = HARDWARE + 1;

    /// A role looks at deadlines.
    private static final long ROLE_SLEEP_NS = 10_000_000L;
    /// Slow work comes with a ring, and nothing of it depends on time.
    private static final long RUNG_SLEEP_NS = 1_000_000_000L;
    /// The limits that it watches are seconds.
    private static final long WATCH_SLEEP_NS = 100_000_000L;

    private final RoleLoop control;
    private final RoleLoop io;
    private final RoleLoop interrupt;
    private final EngineCore core;
    private final HardwareActivity hardwareActivity;
    private final LongSupplier nanoClock;
    private final boolean dedicated;
    private final int shard;
    /// The I/O role creates targets and runs blocks, but processes no tasks.
    private final boolean isIoAuxiliary;
    private final Doorbell[] doorbells;
    private final List<RoleRunner> runners = new ArrayList<>();
    private volatile @Nullable Thread driver;
    /// A simulation's: which agent the next cycle is for.
    private @Nullable IntSupplier nextAgent;

    Drive(EngineConfig config, RoleLoop[] loops, Doorbell[] doorbells, EngineCore core) {
        this.control = loops[Role.CONTROL.ordinal()];
        this.io = loops[Role.IO.ordinal()];
        this.interrupt = loops[Role.INTERRUPT.ordinal()];
        this.core = core;
        this.hardwareActivity = core.guard().hardware();
        this.nanoClock = config.nanoClock();
        this.dedicated = config.threading() == ThreadingMode.DEDICATED;
        this.shard = config.shard();
        this.isIoAuxiliary = config.contract().role(Callback.PROCESS) != Role.IO;
        this.doorbells = doorbells;
    }

    /// Starts the threads that this mode needs.
    void start(RoleWork slowWork, RoleWork watch, Doorbell slowDoorbell, boolean inlineSlowWork) {
        if (!inlineSlowWork) {
            run("slow-work", slowWork, slowDoorbell, RUNG_SLEEP_NS);
            run("callback-watch", watch, Doorbell.sleeping(), WATCH_SLEEP_NS);
        }
        if (dedicated) {
            for (RoleLoop loop : List.of(control, io, interrupt)) {
                run(loop.role().name().toLowerCase(Locale.ROOT), loop::doWork, doorbells[loop.role().ordinal()],
                        ROLE_SLEEP_NS);
            }
            run("hardware", this::pumpHardware, doorbells[HARDWARE], ROLE_SLEEP_NS);
        }
    }

    /// What a waiting call may pump; null when the roles run by themselves.
    CallGate.@Nullable Pump waitingPump() {
        return dedicated ? null : this;
    }

    /// One cycle on behalf of a call that waits; 0 when another thread has become the driver.
    @Override
    public int pump() {
        return driver == Thread.currentThread() || tryBind(Thread.currentThread()) ? cycle() : 0;
    }

    /// One cycle on behalf of the driver thread.
    int doWork() {
        Thread current = Thread.currentThread();
        if (driver != current) {
            bind(current);
        }
        return cycle();
    }

    /// For a simulation, which chooses the order also where a call waits: a cycle is one agent's from here on.
    void setOrder(IntSupplier agents) {
        nextAgent = agents;
    }

    private int cycle() {
        if (nextAgent != null) {
            return doWork(nextAgent.getAsInt());
        }
        long nowNs = nanoClock.getAsLong();
        return control.doWork(nowNs) + doWork(io, nowNs) + pumpHardware(nowNs) + interrupt.doWork(nowNs);
    }

    /// One cycle of one agent (a role's ordinal, or [#HARDWARE]): for a simulation, which chooses the order itself.
    int doWork(int agent) {
        Thread current = Thread.currentThread();
        if (driver != current) {
            bind(current);
        }
        long nowNs = nanoClock.getAsLong();
        return agent == HARDWARE ? pumpHardware(nowNs) : doWork(role(Role.values()[agent]), nowNs);
    }

    /// NOTE: the auxiliary role has its turn after the wait of the control role for its hardware, not above it on this
    /// thread's stack: what it calls may need the control role, which cannot go on before it has returned. On threads of their
    /// own it would only wait a little.
    private int doWork(RoleLoop role, long nowNs) {
        boolean comesLater = role == io && isIoAuxiliary && control.isBusy()
                && core.guard().isWaitingForHardware(Role.CONTROL);
        return comesLater ? 0 : role.doWork(nowNs);
    }

    private RoleLoop role(Role role) {
        return switch (role) {
            case CONTROL -> control;
            case INTERRUPT -> interrupt;
            case IO -> io;
        };
    }

    @Override
    public boolean isDriver() {
        return driver == null || driver == Thread.currentThread();
    }

    /// The driver gives its place up; nothing happens when nobody drives. What it consumed is free before the next can drive.
    synchronized void release() {
        Thread bound = driver;
        if (bound == null) {
            return;
        }
        Thread current = Thread.currentThread();
        if (bound != current) {
            throw new IllegalStateException("thread=" + current.getName() + " is not driver=" + bound.getName()
                    + ", call releaseDriver on the driver");
        }
        if (isInCycle()) {
            throw new IllegalStateException("thread=" + current.getName()
                    + " is inside doWork, call releaseDriver after it has returned");
        }
        core.releaseConsumers();
        driver = null;
    }

    private boolean isInCycle() {
        return control.isBusy() || io.isBusy() || interrupt.isBusy() || hardwareActivity.isBusy();
    }

    /// Stops the threads; false when one hangs in a callback and goes on without us.
    boolean close() {
        boolean stopped = true;
        for (int i = runners.size() - 1; i >= 0; i--) {
            stopped &= runners.get(i).close();
        }
        return stopped;
    }

    private int pumpHardware(long nowNs) {
        HardwareAgent hardware = core.framework().hardware();
        if (hardware == null || hardwareActivity.isBusy()) {
            return 0;
        }
        hardwareActivity.begin(Thread.currentThread());
        try {
            return hardware.doWork(nowNs);
        } catch (RuntimeException e) {
            core.counters().increment(EngineCounter.CONTROLLER_ERRORS);
            System.getLogger("io.trilane.engine").log(System.Logger.Level.ERROR, "hardware agent failed", e);
            return 0;
        } finally {
            hardwareActivity.end();
        }
    }

    private void bind(Thread current) {
        if (dedicated) {
            throw new IllegalStateException("threading=DEDICATED needs no driver, do not call doWork");
        }
        if (!tryBind(current)) {
            Thread other = driver;
            throw new IllegalStateException("thread=" + current.getName() + " is not driver="
                    + (other == null ? "none" : other.getName())
                    + ", call doWork from one thread, or releaseDriver on that one first");
        }
    }

    private synchronized boolean tryBind(Thread current) {
        if (driver == null) {
            driver = current;
        }
        return driver == current;
    }

    private void run(String name, RoleWork work, Doorbell doorbell, long maxSleepNs) {
        runners.add(new RoleRunner("trilane-" + shard + "-" + name, nowNs -> survive(name, work, nowNs), nanoClock,
                doorbell, maxSleepNs));
    }

    /// An error that leaves a driver must not take the role's thread with it.
    private int survive(String name, RoleWork work, long nowNs) {
        try {
            return work.doWork(nowNs);
        } catch (Error e) {
            core.counters().increment(EngineCounter.CONTROLLER_ERRORS);
            System.getLogger("io.trilane.engine").log(System.Logger.Level.ERROR, "agent=" + name + " failed", e);
            return 0;
        }
    }
}
