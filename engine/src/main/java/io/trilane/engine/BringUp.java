package io.trilane.engine;

import io.trilane.engine.controller.Controller;
import io.trilane.engine.controller.Lifecycle;
import io.trilane.engine.controller.LifecycleState;
import io.trilane.engine.task.TaskPool;
import java.util.HashSet;
import java.util.Set;

/// The steps from NEW to ONLINE in the order of `driverkit.md` 2.1. Runs on the control role, once.
final class BringUp {
    private final Controller controller;
    private final EngineFramework framework;
    private final Lifecycle lifecycle;
    private final TaskPool pool;
    private final int maxTasks;

    BringUp(Controller controller, EngineFramework framework, Lifecycle lifecycle, TaskPool pool, int maxTasks) {
        this.controller = controller;
        this.framework = framework;
        this.lifecycle = lifecycle;
        this.pool = pool;
        this.maxTasks = maxTasks;
    }

    /// Brings the controller up; the empty string, or the step that failed and why.
    String run() {
        String failure;
        try {
            failure = steps();
        } catch (RuntimeException e) {
            failure = "exception " + e;
        }
        if (!failure.isEmpty() && lifecycle.state() != LifecycleState.NEW) {
            failure += unwind(failure);
        }
        return failure;
    }

    private String steps() {
        if (!controller.init()) {
            return "init answered false";
        }
        lifecycle.transition(LifecycleState.ALLOCATED, "init");
        if (!controller.start(framework)) {
            return "start answered false";
        }
        framework.attachHardware(controller.hardware());
        lifecycle.transition(LifecycleState.STARTED, "start");
        if (!controller.initializeController()) {
            return "initializeController answered false";
        }
        if (!framework.hasConstraints()) {
            return "constraints were not reported, call reportConstraints inside initializeController";
        }
        lifecycle.transition(LifecycleState.CONFIGURED, "initializeController");
        String failure = provision();
        return failure.isEmpty() ? goOnline() : failure;
    }

    private String provision() {
        framework.setTargetRange(controller.reportInitiatorIdentifier(), controller.reportHighestSupportedDeviceId());
        int reported = controller.reportMaximumTaskCount();
        if (reported < 1) {
            return "maximumTaskCount=" + reported + " < 1, report how many tasks the controller can hold";
        }
        pool.open(Math.min(reported, maxTasks));
        Set<Long> ids = new HashSet<>();
        for (int slot = 0; slot < pool.size(); slot++) {
            long id = controller.mapTaskData(pool.task(slot));
            if (id == 0 || !ids.add(id)) {
                return "uniqueTaskId=" + id + " of slot=" + slot
                        + " is 0 or a duplicate, give each task an id of its own";
            }
            pool.task(slot).setControllerTaskId(id);
        }
        framework.setBundled(controller.mapBundledBuffers());
        lifecycle.transition(LifecycleState.PROVISIONED, "tasks mapped");
        return "";
    }

    private String goOnline() {
        if (!controller.startController()) {
            return "startController answered false";
        }
        lifecycle.transition(LifecycleState.ACCEPTING, "startController");
        if (!controller.doesHbaPerformDeviceManagement()) {
            framework.createAllTargets();
        }
        lifecycle.transition(LifecycleState.ONLINE, "registered");
        return "";
    }

    /// Empty, or that stopping failed too.
    private String unwind(String failure) {
        if (lifecycle.state() == LifecycleState.ACCEPTING) {
            lifecycle.transition(LifecycleState.DRAINING, failure);
        }
        String also = lifecycle.state() == LifecycleState.ALLOCATED ? "" : stop();
        lifecycle.transition(LifecycleState.STOPPED, failure);
        return also;
    }

    private String stop() {
        try {
            controller.stop();
            return "";
        } catch (RuntimeException e) {
            return ", and stop failed with exception " + e;
        }
    }
}
