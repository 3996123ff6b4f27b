package io.trilane.engine;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.ConstraintKey;
import io.trilane.engine.controller.Controller;
import io.trilane.engine.controller.ControllerConstraints;
import io.trilane.engine.controller.DmaSpecification;
import io.trilane.engine.controller.LifecycleState;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.RoleActivity;
import io.trilane.engine.queue.Reply;
import io.trilane.engine.task.Role;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskPool;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The steps from NEW to ONLINE in the order of `driverkit.md` 2.1. Runs on the control role, once.
final class BringUp {
    private final EngineCore core;
    private final Controller controller;
    private final EngineFramework framework;
    private final TaskPool pool;
    private boolean managesDevices;
    private long longestTransfer = Long.MAX_VALUE;

    BringUp(EngineCore core) {
        this.core = core;
        this.controller = core.controller();
        this.framework = core.framework();
        this.pool = core.pool();
    }

    /// Brings the controller up and answers the empty string, or the step that failed and why. With the legacy scan the
    /// answer comes after the last id was tried.
    void run(Reply<String> reply) {
        String failure;
        RoleActivity activity = core.guard().activity(Role.CONTROL);
        try {
            activity.setCallback(Callback.LIFECYCLE);
            failure = steps();
        } catch (RuntimeException | Error e) {
            failure = "exception " + e;
        } finally {
            activity.setCallback(null);
        }
        if (failure.isEmpty()) {
            goOnline(reply);
        } else {
            reply.complete(core.lifecycle().state() == LifecycleState.NEW ? failure : failure + unwind(failure));
        }
    }

    private String steps() {
        List<String> findings = controller.personality().findings();
        if (!findings.isEmpty()) {
            return refuse(Misuse.PERSONALITY_INVALID, String.join("; ", findings));
        }
        if (!controller.init()) {
            return "init answered false";
        }
        moveTo(LifecycleState.ALLOCATED, "init");
        if (!controller.start(framework)) {
            return "start answered false";
        }
        framework.attachHardware(controller.hardware());
        moveTo(LifecycleState.STARTED, "start");
        if (!controller.initializeController()) {
            return "initializeController answered false";
        }
        String failure = configure();
        if (!failure.isEmpty()) {
            return failure;
        }
        moveTo(LifecycleState.CONFIGURED, "initializeController");
        failure = provision();
        if (!failure.isEmpty()) {
            return failure;
        }
        moveTo(LifecycleState.PROVISIONED, "tasks mapped");
        return controller.startController() ? accept() : "startController answered false";
    }

    private String configure() {
        List<String> wrong = framework.checkQueues();
        if (!wrong.isEmpty()) {
            return String.join("; ", wrong);
        }
        List<ConstraintKey> missing = framework.missingConstraints();
        if (missing.size() == ConstraintKey.requiredCount()) {
            return refuse(Misuse.CONSTRAINTS_INCOMPLETE,
                    "constraints were not reported, call reportConstraints inside initializeController");
        }
        return missing.isEmpty() ? "" : refuse(Misuse.CONSTRAINTS_INCOMPLETE,
                "constraints miss keys=" + missing + ", report all required keys");
    }

    private String provision() {
        long initiator = controller.reportInitiatorIdentifier();
        core.targetTable().setRange(initiator, controller.reportHighestSupportedDeviceId());
        int reported = controller.reportMaximumTaskCount();
        if (reported < 1) {
            return refuse(Misuse.TASK_COUNT_ZERO,
                    "maximumTaskCount=" + reported + " < 1, report how many tasks the controller can hold");
        }
        return mapTasks(Math.min(reported, core.config().maxTasks()));
    }

    private String mapTasks(int wanted) {
        Set<Long> ids = new HashSet<>();
        int count = 0;
        for (; count < wanted; count++) {
            Task task = pool.task(count);
            String failure = map(task, ids);
            DmaSpecification dma = failure.isEmpty() ? controller.dmaSpecification(task) : null;
            if (failure.isEmpty() && dma == null && count > 0) {
                break;
            }
            if (failure.isEmpty()) {
                failure = dma == null ? "dmaSpecification of the first task was not given, report one" : check(dma);
            }
            if (!failure.isEmpty()) {
                return failure;
            }
        }
        pool.setMaxTransferBytes(longestTransfer);
        pool.open(count);
        core.submission().setBundled(controller.mapBundledBuffers());
        return "";
    }

    private String map(Task task, Set<Long> ids) {
        long id = controller.mapTaskData(task);
        if (id == 0 || !ids.add(id)) {
            return refuse(id == 0 ? Misuse.TASK_ID_RESERVED : Misuse.TASK_ID_DUPLICATE, "uniqueTaskId=" + id
                    + " of slot=" + task.slot() + " is 0 or a duplicate, give each task an id of its own");
        }
        task.setControllerTaskId(id);
        return "";
    }

    private String check(DmaSpecification dma) {
        ControllerConstraints limits = framework.constraints();
        if (!dma.segmentType().isSupported()) {
            return refuse(Misuse.DMA_SEGMENT_TYPE_UNSUPPORTED,
                    "segmentType=" + dma.segmentType() + " is not of this host, report HOST_64 or LITTLE_64");
        }
        core.submission().setSegmentLimits(limits.maxSegmentsRead(), limits.maxSegmentsWrite());
        longestTransfer = Math.min(longestTransfer, dma.maxTransferBytes());
        String failure = checkSegments("read", limits.maxSegmentsRead(), limits.maxSegmentBytesRead(), dma);
        failure = failure.isEmpty()
                ? checkSegments("write", limits.maxSegmentsWrite(), limits.maxSegmentBytesWrite(), dma) : failure;
        return failure;
    }

    private String checkSegments(String direction, int segments, long bytes, DmaSpecification dma) {
        boolean enough = segments >= 2 && bytes >= (dma.maxTransferBytes() + segments - 1) / segments;
        return enough ? "" : refuse(Misuse.SEGMENT_LIMITS_INCONSISTENT, "direction=" + direction + " maxSegments="
                + segments + " x maxSegmentBytes=" + bytes + " is below 2 segments or below maxTransferBytes="
                + dma.maxTransferBytes() + ", report at least 2 segments that hold the longest transfer");
    }

    private String accept() {
        moveTo(LifecycleState.ACCEPTING, "startController");
        managesDevices = controller.doesHbaPerformDeviceManagement();
        return "";
    }

    private void goOnline(Reply<String> reply) {
        Runnable online = () -> {
            if (core.lifecycle().state() == LifecycleState.ACCEPTING) {
                moveTo(LifecycleState.ONLINE, "registered");
            }
            reply.complete("");
        };
        if (managesDevices) {
            online.run();
        } else {
            core.targets().scan(online);
        }
    }

    /// Empty, or that stopping failed too.
    private String unwind(String failure) {
        if (core.lifecycle().state() == LifecycleState.ACCEPTING) {
            moveTo(LifecycleState.DRAINING, failure);
        }
        String also = core.lifecycle().state() == LifecycleState.ALLOCATED ? "" : stop();
        moveTo(LifecycleState.STOPPED, failure);
        return also;
    }

    private String stop() {
        try {
            controller.stop();
            return "";
        } catch (RuntimeException | Error e) {
            return ", and stop failed with exception " + e;
        }
    }

    private void moveTo(LifecycleState next, String why) {
        core.lifecycle().transition(next, why);
    }

    private String refuse(Misuse misuse, String detail) {
        core.misuses().report(misuse, () -> detail);
        return misuse + ": " + detail;
    }
}
