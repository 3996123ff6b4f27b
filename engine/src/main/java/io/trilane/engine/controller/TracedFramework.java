package io.trilane.engine.controller;

import io.trilane.engine.controller.CallTrace.Direction;
import io.trilane.engine.queue.InterruptLine;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.Role;
import io.trilane.engine.task.TaskPool;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A framework whose calls are written down, and with them the blocks that it runs for the controller later. As many
/// threads as the real one.
final class TracedFramework implements Framework {
    private final CallTrace trace;
    private final Framework framework;

    TracedFramework(CallTrace trace, Framework framework) {
        this.trace = trace;
        this.framework = framework;
    }

    boolean isAround(Framework other) {
        return framework.equals(other);
    }

    @Override
    public void setDispatchQueue(String name) {
        run("setDispatchQueue", () -> name, () -> framework.setDispatchQueue(name));
    }

    @Override
    public void reportConstraints(ControllerConstraints constraints) {
        run("reportConstraints", () -> Brief.constraints(constraints.toMap()),
                () -> framework.reportConstraints(constraints));
    }

    @Override
    public void reportConstraints(Map<ConstraintKey, Long> constraints) {
        run("reportConstraints", () -> Brief.constraints(constraints), () -> framework.reportConstraints(constraints));
    }

    @Override
    public QueueContract contract() {
        return call("contract", () -> "", framework::contract);
    }

    @Override
    public Completer completer(Role role) {
        return new TracedCompleter(trace, call("completer", role::name, () -> framework.completer(role)));
    }

    @Override
    public InterruptLine interruptLine() {
        return call("interruptLine", () -> "", framework::interruptLine);
    }

    @Override
    public <E> SerialQueue<E> hardwareQueue(String name, int capacity) {
        return call("hardwareQueue", () -> name + " capacity=" + capacity,
                () -> framework.hardwareQueue(name, capacity));
    }

    @Override
    public <E> SerialQueue<E> interruptQueue(String name, int capacity) {
        return call("interruptQueue", () -> name + " capacity=" + capacity,
                () -> framework.interruptQueue(name, capacity));
    }

    @Override
    public TaskPool tasks() {
        return call("tasks", () -> "", framework::tasks);
    }

    @Override
    public boolean runSlowly(SlowJob job) {
        return call("runSlowly", () -> "",
                () -> framework.runSlowly(() -> callback("runSlowly.job", "", job::run)));
    }

    @Override
    public boolean dispatch(Role role, Runnable block) {
        return call("dispatch", role::name,
                () -> framework.dispatch(role, () -> callback("dispatch.block", "", block)));
    }

    @Override
    public boolean dispatchSync(Role role, Runnable block) {
        return call("dispatchSync", role::name,
                () -> framework.dispatchSync(role, () -> callback("dispatchSync.block", "", block)));
    }

    @Override
    public TargetVerdict createTarget(long targetId, Map<TargetProperty, String> properties) {
        return call("createTarget", () -> target(targetId, properties),
                () -> framework.createTarget(targetId, properties));
    }

    @Override
    public void createTarget(long targetId, Map<TargetProperty, String> properties, Consumer<TargetVerdict> onDone) {
        run("createTarget", () -> target(targetId, properties) + " asynchronously",
                () -> framework.createTarget(targetId, properties, verdict -> callback("createTarget.onDone",
                        target(targetId) + " " + verdict, () -> onDone.accept(verdict))));
    }

    @Override
    public boolean destroyTarget(long targetId) {
        return call("destroyTarget", () -> target(targetId), () -> framework.destroyTarget(targetId));
    }

    @Override
    public void destroyTarget(long targetId, Consumer<Boolean> onDone) {
        run("destroyTarget", () -> target(targetId) + " asynchronously",
                () -> framework.destroyTarget(targetId, done -> callback("destroyTarget.onDone",
                        target(targetId) + " " + done, () -> onDone.accept(done))));
    }

    @Override
    public boolean isTargetPresent(long targetId) {
        return call("isTargetPresent", () -> target(targetId), () -> framework.isTargetPresent(targetId));
    }

    @Override
    public void setHbaProperties(Map<HbaProperty, String> properties) {
        run("setHbaProperties", () -> sorted(properties), () -> framework.setHbaProperties(properties));
    }

    @Override
    public void removeHbaProperties(Set<HbaProperty> properties) {
        run("removeHbaProperties", () -> sorted(properties), () -> framework.removeHbaProperties(properties));
    }

    @Override
    public boolean setTargetProperties(long targetId, Map<TargetProperty, String> properties) {
        return call("setTargetProperties", () -> target(targetId, properties),
                () -> framework.setTargetProperties(targetId, properties));
    }

    @Override
    public boolean removeTargetProperties(long targetId, Set<TargetProperty> properties) {
        return call("removeTargetProperties", () -> target(targetId) + " " + sorted(properties),
                () -> framework.removeTargetProperties(targetId, properties));
    }

    @Override
    public void mediaParametersHaveChanged() {
        run("mediaParametersHaveChanged", () -> "", framework::mediaParametersHaveChanged);
    }

    @Override
    public @Nullable MemorySegment dataBuffer(long token) {
        return this.<@Nullable MemorySegment>call("dataBuffer", () -> Brief.token(token),
                () -> framework.dataBuffer(token));
    }

    @Override
    public @Nullable MemorySegment dma(long address, long lengthBytes) {
        return this.<@Nullable MemorySegment>call("dma", () -> "%Xh lengthBytes=%d".formatted(address, lengthBytes),
                () -> framework.dma(address, lengthBytes));
    }

    @Override
    public GuardedLock newLock(String name) {
        return call("newLock", () -> name, () -> framework.newLock(name));
    }

    @Override
    public boolean awaitHardware(String what, BooleanSupplier answered) {
        return call("awaitHardware", () -> what, () -> framework.awaitHardware(what, answered));
    }

    @Override
    public void acknowledgePowerState(PowerState state) {
        run("acknowledgePowerState", state::name, () -> framework.acknowledgePowerState(state));
    }

    private <T extends @Nullable Object> T call(String call, Supplier<String> arguments, Supplier<T> body) {
        return trace.call(Direction.TO_FRAMEWORK, call, arguments, body);
    }

    private void run(String call, Supplier<String> arguments, Runnable body) {
        trace.run(Direction.TO_FRAMEWORK, call, arguments, body);
    }

    /// What the framework runs for the controller, in its own time.
    private void callback(String call, String arguments, Runnable body) {
        trace.run(Direction.TO_CONTROLLER, call, () -> arguments, body);
    }

    private static String target(long targetId) {
        return "target=" + targetId;
    }

    private static String target(long targetId, Map<TargetProperty, String> properties) {
        return target(targetId) + (properties.isEmpty() ? "" : " " + sorted(properties));
    }

    /// A set or map that the caller owns may be in any order; a trace is compared.
    private static String sorted(Map<? extends Enum<?>, ?> map) {
        return new TreeMap<>(map).toString();
    }

    private static String sorted(Set<? extends Enum<?>> set) {
        return new TreeSet<>(set).toString();
    }
}
