package io.trilane.engine;

import io.trilane.engine.role.DeadlineScan;
import io.trilane.engine.role.ResendWork;
import io.trilane.engine.role.RoleWork;
import io.trilane.engine.role.SenseFetch;
import io.trilane.engine.role.StarvationWatch;
import io.trilane.engine.task.HotPath;

/// Everything that the control role looks after besides messages, one after another. As one work, because every cycle asks
/// each of them and mostly in vain: called directly they cost a field each, through the list of works a dispatch each.
///
/// The order matters once: task management stops resends and fetches while it waits.
@HotPath
record ControlWork(TaskManagement management, TargetWork targets, PowerControl power, ResendWork resends,
        SenseFetch senses, DeadlineScan deadlines, StarvationWatch starvation) implements RoleWork {
    @Override
    public int doWork(long nowNs) {
        return management.doWork(nowNs) + targets.doWork(nowNs) + power.doWork(nowNs) + resends.doWork(nowNs)
                + senses.doWork(nowNs) + deadlines.doWork(nowNs) + starvation.doWork(nowNs);
    }
}
