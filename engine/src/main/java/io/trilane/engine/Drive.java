package io.trilane.engine;

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
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Turns the roles' cranks: pumped by one driver thread, or on threads of their own. Order of a pumped cycle: control,
/// I/O, hardware, interrupt, so that a task submitted before the cycle is completed after it.
@HotPath
final class Drive implements CallGate.Pump {
    /// Index of the hardware agent among the agents; the roles come first, by ordinal.
    static final int HARDWARE = Role.values().length;
    static final int AGENTS = HARDWARE + 1;

    private final RoleLoop control;
    private final RoleLoop io;
    private final RoleLoop interrupt;
    private final EngineCore core;
    private final HardwareActivity hardwareActivity;
    private final LongSupplier nanoClock;
    private final boolean dedicated;
    private final int shard;
    private final Doorbell[] doorbells;
    private final List<RoleRunner> runners = new ArrayList<>();
    private @Nullable Thread driver;

    Drive(EngineConfig config, RoleLoop[] loops, Doorbell[] doorbells, EngineCore core) {
        this.control = loops[Role.CONTROL.ordinal()];
        this.io = loops[Role.IO.ordinal()];
        this.interrupt = loops[Role.INTERRUPT.ordinal()];
        this.core = core;
        this.hardwareActivity = core.guard().hardware();
        this.nanoClock = config.nanoClock();
        this.dedicated = config.threading() == ThreadingMode.DEDICATED;
        this.shard = config.shard();
        this.doorbells = doorbells;
    }

    /// Starts the threads that this mode needs.
    void start(RoleWork slowWork, Doorbell slowDoorbell, boolean inlineSlowWork) {
        if (!inlineSlowWork) {
            run("slow-work", slowWork, slowDoorbell);
        }
        if (dedicated) {
            for (RoleLoop loop : List.of(control, io, interrupt)) {
                run(loop.role().name().toLowerCase(Locale.ROOT), loop::doWork, doorbells[loop.role().ordinal()]);
            }
            run("hardware", this::pumpHardware, doorbells[HARDWARE]);
        }
    }

    /// What a waiting call may pump; null when the roles run by themselves.
    CallGate.@Nullable Pump pump() {
        return dedicated ? null : this;
    }

    /// One cycle on behalf of the driver thread.
    @Override
    public int doWork() {
        Thread current = Thread.currentThread();
        if (driver != current) {
            bind(current);
        }
        long nowNs = nanoClock.getAsLong();
        return control.doWork(nowNs) + io.doWork(nowNs) + pumpHardware(nowNs) + interrupt.doWork(nowNs);
    }

    /// One cycle of one agent (a role's ordinal, or [#HARDWARE]): for a simulation, which chooses the order itself.
    int doWork(int agent) {
        Thread current = Thread.currentThread();
        if (driver != current) {
            bind(current);
        }
        long nowNs = nanoClock.getAsLong();
        return agent == HARDWARE ? pumpHardware(nowNs) : role(Role.values()[agent]).doWork(nowNs);
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

    void release() {
        driver = null;
        core.releaseConsumers();
    }

    void close() {
        for (int i = runners.size() - 1; i >= 0; i--) {
            runners.get(i).close();
        }
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
        if (driver != null) {
            throw new IllegalStateException("thread=" + current.getName() + " is not driver=" + driver.getName()
                    + ", call doWork from one thread, or releaseDriver on that one first");
        }
        driver = current;
    }

    private void run(String name, RoleWork work, Doorbell doorbell) {
        runners.add(new RoleRunner("trilane-" + shard + "-" + name, work, nanoClock, doorbell));
    }
}
