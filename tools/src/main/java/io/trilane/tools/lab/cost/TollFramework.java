package io.trilane.tools.lab.cost;

import io.trilane.engine.controller.Completer;
import io.trilane.engine.controller.ConstraintKey;
import io.trilane.engine.controller.ControllerConstraints;
import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.GuardedLock;
import io.trilane.engine.controller.HbaProperty;
import io.trilane.engine.controller.PowerState;
import io.trilane.engine.controller.QueueContract;
import io.trilane.engine.controller.SlowJob;
import io.trilane.engine.controller.TargetProperty;
import io.trilane.engine.controller.TargetVerdict;
import io.trilane.engine.queue.InterruptLine;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.Role;
import io.trilane.engine.task.TaskPool;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The framework as a controller sees it whose completions cross at a price. Passes everything else on. Belongs to the
/// [CrossingCost] that made it.
final class TollFramework implements Framework {
    private final Framework real;
    private final CrossingToll toll;
    private final int bundle;

    /// @param bundle most completions per call, 0: each by itself and by value
    TollFramework(Framework real, CrossingToll toll, int bundle) {
        this.real = real;
        this.toll = toll;
        this.bundle = bundle;
    }

    @Override
    public void setDispatchQueue(String name) {
        real.setDispatchQueue(name);
    }

    @Override
    public void reportConstraints(ControllerConstraints constraints) {
        real.reportConstraints(constraints);
    }

    @Override
    public void reportConstraints(Map<ConstraintKey, Long> constraints) {
        real.reportConstraints(constraints);
    }

    @Override
    public QueueContract contract() {
        return real.contract();
    }

    @Override
    public Completer completer(Role role) {
        return new TollCompleter(real.completer(role), toll, bundle);
    }

    @Override
    public InterruptLine interruptLine() {
        return real.interruptLine();
    }

    @Override
    public <E> SerialQueue<E> hardwareQueue(String name, int capacity) {
        return real.hardwareQueue(name, capacity);
    }

    @Override
    public <E> SerialQueue<E> interruptQueue(String name, int capacity) {
        return real.interruptQueue(name, capacity);
    }

    @Override
    public TaskPool tasks() {
        return real.tasks();
    }

    @Override
    public boolean runSlowly(SlowJob job) {
        return real.runSlowly(job);
    }

    @Override
    public boolean dispatch(Role role, Runnable block) {
        return real.dispatch(role, block);
    }

    @Override
    public boolean dispatchSync(Role role, Runnable block) {
        return real.dispatchSync(role, block);
    }

    @Override
    public TargetVerdict createTarget(long targetId, Map<TargetProperty, String> properties) {
        return real.createTarget(targetId, properties);
    }

    @Override
    public void createTarget(long targetId, Map<TargetProperty, String> properties, Consumer<TargetVerdict> onDone) {
        real.createTarget(targetId, properties, onDone);
    }

    @Override
    public boolean destroyTarget(long targetId) {
        return real.destroyTarget(targetId);
    }

    @Override
    public void destroyTarget(long targetId, Consumer<Boolean> onDone) {
        real.destroyTarget(targetId, onDone);
    }

    @Override
    public boolean isTargetPresent(long targetId) {
        return real.isTargetPresent(targetId);
    }

    @Override
    public void setHbaProperties(Map<HbaProperty, String> properties) {
        real.setHbaProperties(properties);
    }

    @Override
    public void removeHbaProperties(Set<HbaProperty> properties) {
        real.removeHbaProperties(properties);
    }

    @Override
    public boolean setTargetProperties(long targetId, Map<TargetProperty, String> properties) {
        return real.setTargetProperties(targetId, properties);
    }

    @Override
    public boolean removeTargetProperties(long targetId, Set<TargetProperty> properties) {
        return real.removeTargetProperties(targetId, properties);
    }

    @Override
    public void mediaParametersHaveChanged() {
        real.mediaParametersHaveChanged();
    }

    @Override
    public @Nullable MemorySegment dataBuffer(long token) {
        return real.dataBuffer(token);
    }

    @Override
    public @Nullable MemorySegment dma(long address, long lengthBytes) {
        return real.dma(address, lengthBytes);
    }

    @Override
    public GuardedLock newLock(String name) {
        return real.newLock(name);
    }

    @Override
    public boolean awaitHardware(String what, BooleanSupplier answered) {
        return real.awaitHardware(what, answered);
    }

    @Override
    public void acknowledgePowerState(PowerState state) {
        real.acknowledgePowerState(state);
    }
}
