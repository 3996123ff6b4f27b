package io.trilane.engine.role;

import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Role;

/// How regularly a role gets its turn: the longest time between two cycles, and how many were over a threshold. Touched
/// by its role only.
@HotPath
final class DutyCycle {
    private final CountersFile counters;
    private final EngineCounter maxCounter;
    private final EngineCounter stallCounter;
    private final long stallThresholdNs;
    private long lastNs;
    private long maxNs;

    DutyCycle(Role role, CountersFile counters, long stallThresholdNs, long nowNs) {
        this.counters = counters;
        this.maxCounter = EngineCounter.valueOf(role + "_MAX_CYCLE_NS");
        this.stallCounter = EngineCounter.valueOf(role + "_STALLS");
        this.stallThresholdNs = stallThresholdNs;
        this.lastNs = nowNs;
    }

    void update(long nowNs) {
        long cycleNs = nowNs - lastNs;
        lastNs = nowNs;
        if (cycleNs > maxNs) {
            maxNs = cycleNs;
            counters.set(maxCounter, cycleNs);
        }
        if (cycleNs > stallThresholdNs) {
            counters.addAsOnlyWriter(stallCounter, 1);
        }
    }
}
