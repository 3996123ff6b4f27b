package io.trilane.engine.role;

import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.MisuseLog;
import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskPool;
import io.trilane.engine.task.TaskState;

/// Notices a pool that a controller has swallowed (`driverkit.md` 3.4, row 9): for 10 s every slot was with it, nothing
/// came back, and somebody was refused a task. Told once until something comes back. Runs on the control role.
@HotPath
public final class StarvationWatch implements RoleWork {
    /// How long nothing must come back.
    public static final long PATIENCE_NS = 10_000_000_000L;

    private static final long INTERVAL_NS = 500_000_000;
    private static final int NAMED_HOLDERS = 8;

    private final TaskPool pool;
    private final CountersFile counters;
    private final MisuseLog misuses;
    private long nextLookNs;
    private long sinceNs;
    private long returned;
    private long refusedBefore;
    private boolean told;

    public StarvationWatch(TaskPool pool, CountersFile counters, MisuseLog misuses, long nowNs) {
        this.pool = pool;
        this.counters = counters;
        this.misuses = misuses;
        begin(nowNs, 0);
        this.nextLookNs = nowNs + INTERVAL_NS;
    }

    @Override
    public int doWork(long nowNs) {
        if (nowNs - nextLookNs >= 0) {
            nextLookNs = nowNs + INTERVAL_NS;
            look(nowNs);
        }
        return 0;
    }

    private void look(long nowNs) {
        long now = counters.get(EngineCounter.COMPLETED) + counters.get(EngineCounter.LATE_COMPLETIONS);
        if (now != returned || !pool.isEmpty()) {
            begin(nowNs, now);
        } else if (!told && nowNs - sinceNs >= PATIENCE_NS
                && counters.get(EngineCounter.REFUSED_CLAIMS) > refusedBefore && isAllWithController()) {
            told = true;
            misuses.report(Misuse.POOL_STARVED, this::describe);
        }
    }

    private void begin(long nowNs, long returnedNow) {
        sinceNs = nowNs;
        returned = returnedNow;
        refusedBefore = counters.get(EngineCounter.REFUSED_CLAIMS);
        told = false;
    }

    /// A client that sits on tasks is not its controller's fault.
    private boolean isAllWithController() {
        for (int slot = 0; slot < pool.size(); slot++) {
            Task task = pool.task(slot);
            if (!task.isWithController() && task.state() != TaskState.RESEND) {
                return false;
            }
        }
        return pool.size() > 0;
    }

    private String describe() {
        StringBuilder text = new StringBuilder();
        text.append("tasks=").append(pool.size()).append(" completedFor=").append(PATIENCE_NS / 1_000_000_000)
                .append(" s: 0, holders=");
        int named = Math.min(pool.size(), NAMED_HOLDERS);
        for (int slot = 0; slot < named; slot++) {
            Task task = pool.task(slot);
            text.append(slot == 0 ? "[" : ", ").append("slot=").append(slot).append(" state=").append(task.state())
                    .append(" nexus=").append(task.nexusId()).append(" target=").append(task.targetId());
        }
        return text.append(named < pool.size() ? ", ...]" : "]").toString();
    }
}
