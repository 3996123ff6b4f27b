package io.trilane.tools.lab.cost;

import io.trilane.engine.controller.Controller;
import io.trilane.engine.controller.DmaSpecification;
import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.HardwareAgent;
import io.trilane.engine.controller.ParallelFeature;
import io.trilane.engine.controller.Personality;
import io.trilane.engine.controller.PowerState;
import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A controller behind a boundary between processes: every call of the data path, submissions inwards and completions
/// outwards, costs what the price says. Everything else is passed on at no price. Belongs to one engine.
@HotPath
final class CrossingCost implements Controller {
    /// Instead of a bundle size: the single path.
    static final int SINGLE = 0;

    private final Controller real;
    private final CrossingToll toll;
    private final int bundle;
    private final TaskBatch part = new TaskBatch();

    /// @param bundle most tasks per call, 1..32; [#SINGLE] for the single path
    CrossingCost(Controller real, CrossingPrice price, int bundle, LongSupplier nanoClock) {
        if (bundle < SINGLE || bundle > TaskBatch.MAX_TASKS) {
            throw new IllegalArgumentException("bundle=" + bundle + " not in 0.." + TaskBatch.MAX_TASKS
                    + ", choose a value in that range");
        }
        this.real = real;
        this.bundle = bundle;
        this.toll = new CrossingToll(price, nanoClock);
    }

    @Override
    public boolean mapBundledBuffers() {
        boolean possible = real.mapBundledBuffers();
        if (bundle != SINGLE && !possible) {
            throw new IllegalStateException(
                    "bundle=" + bundle + " and the controller refuses bundles, use the single path");
        }
        return bundle != SINGLE;
    }

    @Override
    public ServiceResponse processTask(Task task, long token) {
        toll.enter(CrossingToll.Queue.PROCESS);
        toll.call(CrossingToll.COMMAND_BYTES);
        return real.processTask(task, token);
    }

    @Override
    public void process(TaskBatch batch) {
        toll.enter(CrossingToll.Queue.PROCESS);
        if (batch.count() <= bundle) {
            toll.call(batch.count() * CrossingToll.INDEX_BYTES);
            real.process(batch);
            return;
        }
        for (int from = 0; from < batch.count(); from += bundle) {
            part.clear();
            for (int i = from; i < Math.min(from + bundle, batch.count()); i++) {
                part.add(batch.task(i));
            }
            toll.call(part.count() * CrossingToll.INDEX_BYTES);
            real.process(part);
        }
    }

    @Override
    public boolean onInterrupt() {
        toll.enter(CrossingToll.Queue.INTERRUPT);
        return real.onInterrupt();
    }

    @Override
    public boolean start(Framework framework) {
        return real.start(new TollFramework(framework, toll, bundle));
    }

    @Override
    public Personality personality() {
        return real.personality();
    }

    @Override
    public boolean init() {
        return real.init();
    }

    @Override
    public HardwareAgent hardware() {
        return real.hardware();
    }

    @Override
    public boolean initializeController() {
        return real.initializeController();
    }

    @Override
    public long reportInitiatorIdentifier() {
        return real.reportInitiatorIdentifier();
    }

    @Override
    public long reportHighestSupportedDeviceId() {
        return real.reportHighestSupportedDeviceId();
    }

    @Override
    public int reportMaximumTaskCount() {
        return real.reportMaximumTaskCount();
    }

    @Override
    public @Nullable DmaSpecification dmaSpecification(Task task) {
        return real.dmaSpecification(task);
    }

    @Override
    public long mapTaskData(Task task) {
        return real.mapTaskData(task);
    }

    @Override
    public boolean startController() {
        return real.startController();
    }

    @Override
    public boolean doesHbaPerformDeviceManagement() {
        return real.doesHbaPerformDeviceManagement();
    }

    @Override
    public boolean initializeTarget(long targetId) {
        return real.initializeTarget(targetId);
    }

    @Override
    public boolean doesHbaSupportMultiPathing() {
        return real.doesHbaSupportMultiPathing();
    }

    @Override
    public boolean doesHbaSupportParallelFeature(ParallelFeature feature) {
        return real.doesHbaSupportParallelFeature(feature);
    }

    @Override
    public long reportHighestLogicalUnitNumber() {
        return real.reportHighestLogicalUnitNumber();
    }

    @Override
    public boolean doesHbaPerformAutoSense() {
        return real.doesHbaPerformAutoSense();
    }

    @Override
    public ServiceResponse manageTask(TaskManagementFunction function, Nexus nexus, long targetId, long lun, long tag) {
        return real.manageTask(function, nexus, targetId, lun, tag);
    }

    @Override
    public void onNexusReset(Nexus nexus) {
        real.onNexusReset(nexus);
    }

    @Override
    public void setPowerState(PowerState state, Framework framework) {
        real.setPowerState(state, framework);
    }

    @Override
    public void stop() {
        real.stop();
    }
}
