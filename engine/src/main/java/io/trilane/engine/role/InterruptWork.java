package io.trilane.engine.role;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.Controller;
import io.trilane.engine.controller.RoleActivity;
import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.queue.InterruptLine;
import io.trilane.engine.task.HotPath;

/// Serves the interrupt line. Runs on the role that the contract names for INTERRUPT.
@HotPath
public final class InterruptWork implements RoleWork {
    private final InterruptLine line;
    private final Controller controller;
    private final RoleActivity activity;
    private final CountersFile counters;

    public InterruptWork(InterruptLine line, Controller controller, RoleActivity activity, CountersFile counters) {
        this.line = line;
        this.controller = controller;
        this.activity = activity;
        this.counters = counters;
    }

    @Override
    public int doWork(long nowNs) {
        if (!line.lower()) {
            return 0;
        }
        counters.addAsOnlyWriter(EngineCounter.INTERRUPTS, 1);
        // A handler that throws has not said that it is done: the interrupt must not be lost.
        boolean more = true;
        activity.setCallback(Callback.INTERRUPT);
        try {
            more = controller.onInterrupt();
        } finally {
            activity.setCallback(null);
            if (more) {
                line.raise();
            }
        }
        return 1;
    }
}
