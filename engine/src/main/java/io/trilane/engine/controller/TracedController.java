package io.trilane.engine.controller;

import io.trilane.engine.controller.CallTrace.Direction;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A controller whose calls are written down, and which sees a framework whose calls are written down. Each call is made
/// on the role that the real one belongs to.
final class TracedController implements Controller {
    private final CallTrace trace;
    private final Controller controller;
    private @Nullable TracedFramework tracedFramework;

    TracedController(CallTrace trace, Controller controller) {
        this.trace = trace;
        this.controller = controller;
    }

    @Override
    public Personality personality() {
        return call("personality", () -> "", controller::personality);
    }

    @Override
    public boolean init() {
        return call("init", () -> "", controller::init);
    }

    @Override
    public boolean start(Framework framework) {
        Framework traced = traced(framework);
        return call("start", () -> "framework", () -> controller.start(traced));
    }

    @Override
    public HardwareAgent hardware() {
        return new TracedHardware(trace, call("hardware", () -> "", controller::hardware));
    }

    @Override
    public boolean initializeController() {
        return call("initializeController", () -> "", controller::initializeController);
    }

    @Override
    public long reportInitiatorIdentifier() {
        return call("reportInitiatorIdentifier", () -> "", controller::reportInitiatorIdentifier);
    }

    @Override
    public long reportHighestSupportedDeviceId() {
        return call("reportHighestSupportedDeviceId", () -> "", controller::reportHighestSupportedDeviceId);
    }

    @Override
    public int reportMaximumTaskCount() {
        return call("reportMaximumTaskCount", () -> "", controller::reportMaximumTaskCount);
    }

    @Override
    public @Nullable DmaSpecification dmaSpecification(Task task) {
        return this.<@Nullable DmaSpecification>call("dmaSpecification", () -> "slot=" + task.slot(),
                () -> controller.dmaSpecification(task));
    }

    @Override
    public long mapTaskData(Task task) {
        return call("mapTaskData", () -> "slot=" + task.slot(), () -> controller.mapTaskData(task));
    }

    @Override
    public boolean mapBundledBuffers() {
        return call("mapBundledBuffers", () -> "", controller::mapBundledBuffers);
    }

    @Override
    public boolean startController() {
        return call("startController", () -> "", controller::startController);
    }

    @Override
    public boolean doesHbaPerformDeviceManagement() {
        return call("doesHbaPerformDeviceManagement", () -> "", controller::doesHbaPerformDeviceManagement);
    }

    @Override
    public boolean initializeTarget(long targetId) {
        return call("initializeTarget", () -> "target=" + targetId, () -> controller.initializeTarget(targetId));
    }

    @Override
    public boolean doesHbaSupportMultiPathing() {
        return call("doesHbaSupportMultiPathing", () -> "", controller::doesHbaSupportMultiPathing);
    }

    @Override
    public boolean doesHbaSupportParallelFeature(ParallelFeature feature) {
        return call("doesHbaSupportParallelFeature", feature::name,
                () -> controller.doesHbaSupportParallelFeature(feature));
    }

    @Override
    public long reportHighestLogicalUnitNumber() {
        return call("reportHighestLogicalUnitNumber", () -> "", controller::reportHighestLogicalUnitNumber);
    }

    @Override
    public boolean doesHbaPerformAutoSense() {
        return call("doesHbaPerformAutoSense", () -> "", controller::doesHbaPerformAutoSense);
    }

    @Override
    public ServiceResponse processTask(Task task, long token) {
        return call("processTask", () -> Brief.task(task, token), () -> controller.processTask(task, token));
    }

    @Override
    public void process(TaskBatch batch) {
        run("process", () -> Brief.tasks(batch), () -> controller.process(batch));
    }

    @Override
    public boolean onInterrupt() {
        return call("onInterrupt", () -> "", controller::onInterrupt);
    }

    @Override
    public ServiceResponse manageTask(TaskManagementFunction function, Nexus nexus, long targetId, long lun, long tag) {
        return call("manageTask",
                () -> "%s nexus=%d target=%d lun=%016Xh tag=%d".formatted(function, nexus.id(), targetId, lun, tag),
                () -> controller.manageTask(function, nexus, targetId, lun, tag));
    }

    @Override
    public void onNexusReset(Nexus nexus) {
        run("onNexusReset", () -> "nexus=" + nexus.id(), () -> controller.onNexusReset(nexus));
    }

    @Override
    public void setPowerState(PowerState state, Framework framework) {
        Framework traced = traced(framework);
        run("setPowerState", state::name, () -> controller.setPowerState(state, traced));
    }

    @Override
    public void stop() {
        run("stop", () -> "", controller::stop);
    }

    /// One decorator per framework, so that a controller may compare what it is handed.
    private Framework traced(Framework framework) {
        TracedFramework traced = tracedFramework;
        if (traced == null || !traced.isAround(framework)) {
            traced = new TracedFramework(trace, framework);
            tracedFramework = traced;
        }
        return traced;
    }

    private <T extends @Nullable Object> T call(String call, Supplier<String> arguments, Supplier<T> body) {
        return trace.call(Direction.TO_CONTROLLER, call, arguments, body);
    }

    private void run(String call, Supplier<String> arguments, Runnable body) {
        trace.run(Direction.TO_CONTROLLER, call, arguments, body);
    }
}
