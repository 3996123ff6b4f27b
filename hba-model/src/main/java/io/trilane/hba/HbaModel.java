package io.trilane.hba;

import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.HardwareAgent;
import io.trilane.engine.queue.InterruptLine;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskStatus;
import io.trilane.hba.image.DiskImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The hardware: a ring of posted tasks, execution against logical units, a ring of completions, an interrupt. An agent of
/// its own; its driver is [HbaController].
@HotPath
public final class HbaModel implements HardwareAgent, CommandFinisher, SlowImageWork {
    private static final int EVENTS_PER_CYCLE = 32;

    private final HbaConfig config;
    private final @Nullable Target[] targets = new Target[HbaConfig.HIGHEST_TARGET_ID + 1];
    private final SerialQueue.Bundle<Task> finished = new SerialQueue.Bundle<>(TaskBatch.MAX_TASKS);
    private final Task[] cycle = new Task[TaskBatch.MAX_TASKS];
    private long foundTargetId;
    private long foundLun;
    private @Nullable LogicalUnit foundUnit;
    private final Consumer<HardwareEvent> onEvent = this::onEvent;
    private @Nullable Rings rings;
    private int uninterrupted;

    /// What connects hardware and driver once they are attached to an engine.
    private record Rings(Framework framework, SerialQueue<Task> posted, SerialQueue<HardwareEvent> events,
            SerialQueue<Task> completions, InterruptLine interruptLine) {}

    public HbaModel(HbaConfig config) {
        this.config = config;
        for (HbaConfig.Unit unit : config.units()) {
            LogicalUnit logicalUnit = new LogicalUnit(unit.config(), unit.image(), this, this, config.maxTasks());
            unit.image().setListener((token, result) -> post(new HardwareEvent.ImageDone(logicalUnit, token, result)));
            targetFor(unit.targetId()).add(unit.lun(), logicalUnit);
        }
    }

    public HbaConfig config() {
        return config;
    }

    /// Target ids that exist, ascending.
    public List<Integer> targetIds() {
        List<Integer> ids = new ArrayList<>();
        for (int id = 0; id < targets.length; id++) {
            if (targets[id] != null) {
                ids.add(id);
            }
        }
        return ids;
    }

    @Override
    public String name() {
        return "hba-model";
    }

    /// The driver connects the hardware to the framework; before the first task.
    void attach(Framework framework) {
        int ringSize = config.maxTasks();
        rings = new Rings(framework, framework.hardwareQueue("posted", ringSize),
                framework.hardwareQueue("hardware-events", 2 * (ringSize + config.units().size()) + Nexus.MAX_NEXUSES),
                framework.interruptQueue("completions", ringSize), framework.interruptLine());
    }

    /// The driver's doorbell register: posts tasks, returns how many the ring took.
    int post(SerialQueue.Bundle<Task> tasks) {
        return rings().posted.offer(tasks);
    }

    /// The driver tells the hardware something that is not a task.
    void post(HardwareEvent event) {
        if (!rings().events.offer(event)) {
            throw new IllegalStateException("queue=hardware-events is full, let the hardware agent run");
        }
    }

    /// The completion ring; consumed by the interrupt role.
    SerialQueue<Task> completions() {
        return rings().completions;
    }

    @Override
    public int doWork(long nowNs) {
        Rings attached = rings;
        if (attached == null) {
            return 0;
        }
        int done = attached.events.drain(onEvent, EVENTS_PER_CYCLE);
        done += executePosted(attached.posted);
        if (done != 0) {
            publish(attached);
        }
        return done;
    }

    @Override
    public void onFinished(Task task) {
        if (finished.isFull()) {
            publish(rings());
        }
        finished.add(task);
    }

    @Override
    public void submit(LogicalUnit unit, Task task, DiskImage.Operation operation, long offset, long length) {
        runSlowly(unit, task, operation, offset, length);
    }

    @Override
    public void submitInBackground(LogicalUnit unit, DiskImage.Operation operation, long offset, long length) {
        runSlowly(unit, null, operation, offset, length);
    }

    private void runSlowly(LogicalUnit unit, @Nullable Task task, DiskImage.Operation operation, long offset,
            long length) {
        Rings attached = rings();
        HardwareEvent.SlowImageJob job = new HardwareEvent.SlowImageJob(unit, task, operation, offset, length,
                attached.events);
        if (!attached.framework.runSlowly(job)) {
            throw new IllegalStateException("queue=slow-work is full, our bug: it holds a job per task");
        }
    }

    /// Takes a bundle off the ring, lets the images anticipate all of it, then executes one after another.
    private int executePosted(SerialQueue<Task> posted) {
        int count = posted.drainTo(cycle, TaskBatch.MAX_TASKS);
        if (count > 1) {
            anticipate(count);
        }
        for (int i = 0; i < count; i++) {
            execute(cycle[i]);
        }
        return count;
    }

    private void anticipate(int count) {
        LogicalUnit last = null;
        for (int i = 0; i < count; i++) {
            LogicalUnit unit = find(cycle[i]);
            if (unit != last && last != null) {
                last.anticipate();
            }
            if (unit != null) {
                unit.expect(cycle[i]);
            }
            last = unit;
        }
        if (last != null) {
            last.anticipate();
        }
    }

    private void execute(Task task) {
        LogicalUnit unit = find(task);
        if (unit != null) {
            unit.execute(task);
            return;
        }
        Target target = target(task.targetId());
        if (target != null) {
            target.execute(task);
        } else {
            task.setResponse(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE, TaskStatus.DEVICE_NOT_PRESENT, 0);
            onFinished(task);
        }
    }

    /// The unit that a task names, or null; remembers the last answer, because neighbours mostly name the same one.
    private @Nullable LogicalUnit find(Task task) {
        long targetId = task.targetId();
        long lun = task.lun();
        if (targetId != foundTargetId || lun != foundLun || foundUnit == null) {
            Target target = target(targetId);
            foundTargetId = targetId;
            foundLun = lun;
            foundUnit = target == null ? null : target.unitOf(lun);
        }
        return foundUnit;
    }

    private @Nullable Target target(long targetId) {
        return targetId >= 0 && targetId < targets.length ? targets[(int) targetId] : null;
    }

    private void onEvent(HardwareEvent event) {
        switch (event) {
            case HardwareEvent.NexusReset reset -> resetNexus(reset.nexusId());
            case HardwareEvent.ImageDone done -> {
                Task task = rings().framework.tasks().find(done.token());
                if (task != null && task.token() == done.token()) {
                    done.unit().onImageDone(task, done.result());
                }
            }
            case HardwareEvent.SlowImageJob job -> job.deliver();
        }
    }

    private void resetNexus(int nexusId) {
        for (Target target : targets) {
            if (target != null) {
                target.resetNexus(nexusId);
            }
        }
    }

    /// Moves finished tasks to the completion ring and interrupts, unless more is about to finish anyway.
    private void publish(Rings attached) {
        int count = finished.remaining();
        if (count != 0) {
            if (attached.completions.offer(finished) != count) {
                throw new IllegalStateException("queue=completions is full, our bug: it holds every task");
            }
            finished.clear();
            uninterrupted += count;
        }
        if (uninterrupted >= config.interruptCoalescing() || uninterrupted > 0 && attached.posted.isEmpty()) {
            uninterrupted = 0;
            attached.interruptLine.raise();
        }
    }

    private Target targetFor(int targetId) {
        Target target = targets[targetId];
        if (target == null) {
            target = new Target(targetId, this);
            targets[targetId] = target;
        }
        return target;
    }

    private Rings rings() {
        return Objects.requireNonNull(rings, "hardware is not attached to a framework");
    }
}
