package io.trilane.tools.lab.scenario;

import io.trilane.engine.controller.Controller;
import io.trilane.engine.controller.DmaSpecification;
import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.HardwareAgent;
import io.trilane.engine.controller.ParallelFeature;
import io.trilane.engine.controller.Personality;
import io.trilane.engine.controller.PowerState;
import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import org.jspecify.annotations.Nullable;

/// A driver around another one that passes every call on; a scenario overrides what it does differently.
public class ForwardingController implements Controller {
    private final Controller inner;

    public ForwardingController(Controller inner) {
        this.inner = inner;
    }

    @Override
    public Personality personality() {
        return inner.personality();
    }

    @Override
    public boolean init() {
        return inner.init();
    }

    @Override
    public boolean start(Framework framework) {
        return inner.start(framework);
    }

    @Override
    public HardwareAgent hardware() {
        return inner.hardware();
    }

    @Override
    public boolean initializeController() {
        return inner.initializeController();
    }

    @Override
    public long reportInitiatorIdentifier() {
        return inner.reportInitiatorIdentifier();
    }

    @Override
    public long reportHighestSupportedDeviceId() {
        return inner.reportHighestSupportedDeviceId();
    }

    @Override
    public int reportMaximumTaskCount() {
        return inner.reportMaximumTaskCount();
    }

    @Override
    public @Nullable DmaSpecification dmaSpecification(Task task) {
        return inner.dmaSpecification(task);
    }

    @Override
    public long mapTaskData(Task task) {
        return inner.mapTaskData(task);
    }

    @Override
    public boolean mapBundledBuffers() {
        return inner.mapBundledBuffers();
    }

    @Override
    public boolean startController() {
        return inner.startController();
    }

    @Override
    public boolean doesHbaPerformDeviceManagement() {
        return inner.doesHbaPerformDeviceManagement();
    }

    @Override
    public boolean initializeTarget(long targetId) {
        return inner.initializeTarget(targetId);
    }

    @Override
    public boolean doesHbaSupportMultiPathing() {
        return inner.doesHbaSupportMultiPathing();
    }

    @Override
    public boolean doesHbaSupportParallelFeature(ParallelFeature feature) {
        return inner.doesHbaSupportParallelFeature(feature);
    }

    @Override
    public long reportHighestLogicalUnitNumber() {
        return inner.reportHighestLogicalUnitNumber();
    }

    @Override
    public boolean doesHbaPerformAutoSense() {
        return inner.doesHbaPerformAutoSense();
    }

    @Override
    public ServiceResponse processTask(Task task, long token) {
        return inner.processTask(task, token);
    }

    @Override
    public void process(TaskBatch batch) {
        inner.process(batch);
    }

    @Override
    public boolean onInterrupt() {
        return inner.onInterrupt();
    }

    @Override
    public ServiceResponse manageTask(TaskManagementFunction function, Nexus nexus, long targetId, long lun, long tag) {
        return inner.manageTask(function, nexus, targetId, lun, tag);
    }

    @Override
    public void onNexusReset(Nexus nexus) {
        inner.onNexusReset(nexus);
    }

    @Override
    public void setPowerState(PowerState state, Framework framework) {
        inner.setPowerState(state, framework);
    }

    @Override
    public void stop() {
        inner.stop();
    }
}
