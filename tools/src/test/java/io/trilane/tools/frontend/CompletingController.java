package io.trilane.tools.frontend;

import io.trilane.engine.controller.Controller;
import io.trilane.engine.controller.HardwareAgent;
import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.tools.lab.scenario.ForwardingController;

/// Lets the image finish its oldest operation once the hardware has seen a task-management function, and never before: an
/// abort then always meets a task in flight. Everything on the thread that drives the engine.
public final class CompletingController extends ForwardingController {
    private final Runnable completeOldest;
    private boolean isManaging;

    public CompletingController(Controller inner, Runnable completeOldest) {
        super(inner);
        this.completeOldest = completeOldest;
    }

    @Override
    public ServiceResponse manageTask(TaskManagementFunction function, Nexus nexus, long targetId, long lun, long tag) {
        isManaging = true;
        try {
            return super.manageTask(function, nexus, targetId, lun, tag);
        } finally {
            isManaging = false;
        }
    }

    @Override
    public HardwareAgent hardware() {
        HardwareAgent inner = super.hardware();
        return new HardwareAgent() {
            @Override
            public int doWork(long nowNs) {
                int done = inner.doWork(nowNs);
                if (isManaging) {
                    completeOldest.run();
                }
                return done;
            }

            @Override
            public String name() {
                return inner.name();
            }
        };
    }
}
