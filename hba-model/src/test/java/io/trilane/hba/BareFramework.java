package io.trilane.hba;

import io.trilane.engine.controller.Completer;
import io.trilane.engine.controller.ControllerConstraints;
import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.QueueContract;
import io.trilane.engine.controller.SlowJob;
import io.trilane.engine.queue.Doorbell;
import io.trilane.engine.queue.InterruptLine;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.Role;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskMemory;
import io.trilane.engine.task.TaskPool;
import io.trilane.engine.task.TransferDirection;
import java.util.Objects;

/// Just enough of a framework for hardware without roles: queues, the interrupt line, tasks.
final class BareFramework implements Framework, AutoCloseable {
    private final TaskMemory memory;
    private final TaskPool pool;
    private final InterruptLine line = new InterruptLine(Doorbell.silent());

    BareFramework(int maxTasks) {
        memory = new TaskMemory(maxTasks, 1 << 20);
        pool = new TaskPool(memory, 0);
        pool.open(maxTasks);
    }

    /// A bundle of TEST UNIT READY for unit 0 of target 0.
    SerialQueue.Bundle<Task> testUnitReady(int count) {
        SerialQueue.Bundle<Task> bundle = new SerialQueue.Bundle<>(count);
        for (int i = 0; i < count; i++) {
            Task task = Objects.requireNonNull(pool.claim(this, 0, 0));
            task.setTargetId(0);
            task.setLun(0);
            task.setCdb(new byte[6]);
            task.setTransfer(TransferDirection.NONE, 0);
            bundle.add(task);
        }
        return bundle;
    }

    @Override
    public void reportConstraints(ControllerConstraints constraints) {
        throw new IllegalStateException("the hardware does not report constraints");
    }

    @Override
    public QueueContract contract() {
        return QueueContract.ENGINE;
    }

    @Override
    public Completer completer(Role role) {
        throw new IllegalStateException("the hardware does not complete tasks");
    }

    @Override
    public InterruptLine interruptLine() {
        return line;
    }

    @Override
    public <E> SerialQueue<E> hardwareQueue(String name, int capacity) {
        return new SerialQueue<>(name, capacity, Doorbell.silent());
    }

    @Override
    public <E> SerialQueue<E> interruptQueue(String name, int capacity) {
        return new SerialQueue<>(name, capacity, Doorbell.silent());
    }

    @Override
    public TaskPool tasks() {
        return pool;
    }

    @Override
    public boolean runSlowly(SlowJob job) {
        job.run();
        return true;
    }

    @Override
    public boolean createTarget(long targetId) {
        throw new IllegalStateException("the hardware does not create targets");
    }

    @Override
    public void close() {
        memory.close();
    }
}
