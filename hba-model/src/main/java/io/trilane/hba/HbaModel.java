package io.trilane.hba;

import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.HardwareAgent;
import io.trilane.engine.controller.TargetVerdict;
import io.trilane.engine.queue.Reply;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskStatus;
import io.trilane.engine.task.TaskToken;
import io.trilane.hba.command.CommandResponse;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The hardware: a ring of posted tasks, execution against logical units, a ring of completions, an interrupt. An agent of
/// its own; its driver is [HbaController].
@HotPath
public final class HbaModel implements HardwareAgent {
    private static final int EVENTS_PER_CYCLE = 32;
    /// Room for task management and hot plug.
    private static final int SPARE_EVENTS = 1024;

    private final HbaConfig config;
    private final CompletionRing completionRing;
    private final SlowImages slowImages = new SlowImages();
    private final Targets targets;
    private final TaskManagement taskManagement;
    private final HotPlug hotPlug;
    private final Task[] cycle = new Task[TaskBatch.MAX_TASKS];
    private final Consumer<HardwareEvent> onEvent = this::onEvent;
    private @Nullable Rings rings;

    /// What connects hardware and driver once they are attached to an engine.
    private record Rings(Framework framework, SerialQueue<Task> posted, SerialQueue<HardwareEvent> events,
            SerialQueue<HotPlug.Notice> notices) {}

    public HbaModel(HbaConfig config) {
        this.config = config;
        this.completionRing = new CompletionRing(config.interruptCoalescing());
        this.targets = new Targets(completionRing);
        this.taskManagement = new TaskManagement(targets);
        this.hotPlug = new HotPlug(targets, taskManagement);
        for (HbaConfig.Unit unit : config.units()) {
            hotPlug.take(unit, () -> targets.add(unit.targetId(), unit.lun(), build(unit)));
        }
    }

    public HbaConfig config() {
        return config;
    }

    /// Target ids that the configuration gives, ascending.
    public List<Integer> targetIds() {
        return config.units().stream().map(HbaConfig.Unit::targetId).distinct().sorted().toList();
    }

    /// Plugs a logical unit in while the hardware runs; any thread. When its target is new the driver is interrupted and
    /// creates it. Plugs and pulls of one target happen in the order of these calls, none needs to wait for the one before.
    /// Fails when the address is taken, or no driver is attached.
    ///
    /// @return how the creation of its target ended; EXISTS when the unit joined a target that was there
    public Reply<TargetVerdict> plug(HbaConfig.Unit unit) {
        Reply<TargetVerdict> reply = new Reply<>();
        hotPlug.take(unit, () -> post(new HardwareEvent.Plug(unit, build(unit), reply)));
        return reply;
    }

    /// Pulls a target out while the hardware runs; any thread. Tasks that it has are answered DEVICE NOT PRESENT, those
    /// with a pending image operation when that is back. The driver is interrupted and destroys the target.
    public Removal unplug(int targetId) {
        Removal removal = new Removal(new Reply<>(), new Reply<>());
        hotPlug.giveBack(targetId, () -> post(new HardwareEvent.Unplug(targetId, removal)));
        return removal;
    }

    @Override
    public String name() {
        return "hba-model";
    }

    /// The driver connects the hardware to the framework; before the first task.
    void attach(Framework framework) {
        int ringSize = config.maxTasks();
        int events = 2 * (ringSize + config.units().size()) + Nexus.MAX_NEXUSES + SPARE_EVENTS;
        SerialQueue<Task> posted = framework.hardwareQueue("posted", ringSize);
        completionRing.attach(framework.interruptQueue("completions", ringSize), posted, framework.interruptLine());
        rings = new Rings(framework, posted, framework.hardwareQueue("hardware-events", events),
                framework.interruptQueue("notices", events));
        slowImages.attach(framework, rings.events);
    }

    /// The driver's doorbell register: posts tasks, returns how many the ring took.
    int post(SerialQueue.Bundle<Task> tasks) {
        return rings().posted.offer(tasks);
    }

    /// The driver tells the hardware something that is not a task.
    void post(HardwareEvent event) {
        if (!offer(event)) {
            throw new IllegalStateException("queue=hardware-events is full, let the hardware agent run");
        }
    }

    /// The same; false when the hardware is so far behind that it takes no more.
    boolean offer(HardwareEvent event) {
        return rings().events.offer(event);
    }

    /// Targets that came or went; consumed by the interrupt role.
    SerialQueue<HotPlug.Notice> notices() {
        return rings().notices;
    }

    /// The completion ring; consumed by the interrupt role.
    SerialQueue<Task> completions() {
        return completionRing.ring();
    }

    @Override
    public int doWork(long nowNs) {
        Rings attached = rings;
        if (attached == null) {
            return 0;
        }
        int done = targets.advance(nowNs);
        done += attached.events.drain(onEvent, EVENTS_PER_CYCLE);
        done += executePosted(attached.posted, TaskBatch.MAX_TASKS);
        if (done != 0) {
            completionRing.publish();
        }
        if (taskManagement.hasSettled()) {
            taskManagement.answer();
        }
        return done;
    }

    /// Takes a bundle off the ring, lets the images anticipate all of it, then executes one after another.
    private int executePosted(SerialQueue<Task> posted, int limit) {
        int count = posted.drainTo(cycle, limit);
        if (count > 1 && targets.anticipates()) {
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
            LogicalUnit unit = targets.unitOf(cycle[i]);
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
        LogicalUnit unit = targets.unitOf(task);
        if (unit != null) {
            unit.execute(task);
            return;
        }
        Target target = targets.find(task.targetId());
        if (target != null) {
            target.execute(task);
        } else {
            CommandResponse.writeAborted(task, TaskStatus.DEVICE_NOT_PRESENT);
            completionRing.onFinished(task);
        }
    }

    private void onEvent(HardwareEvent event) {
        switch (event) {
            case HardwareEvent.NexusReset reset -> targets.resetNexus(reset.nexus());
            case HardwareEvent.ManageTask request -> {
                executeAllPosted();
                taskManagement.perform(request);
            }
            case HardwareEvent.Plug plug -> tell(hotPlug.plug(plug));
            case HardwareEvent.Unplug unplug -> tell(hotPlug.unplug(unplug));
            case HardwareEvent.ImageDone done -> onImageDone(done);
            case HardwareEvent.SlowImageJob job -> job.deliver();
        }
    }

    private void onImageDone(HardwareEvent.ImageDone done) {
        if (done.token() == TaskToken.NONE) {
            done.unit().onBackgroundDone(done.result());
            return;
        }
        Task task = rings().framework.tasks().find(done.token());
        if (task != null && task.token() == done.token()) {
            done.unit().onImageDone(task, done.result());
        }
    }

    /// Everything that is in the ring now: what was posted before a task-management function must be found by it.
    private void executeAllPosted() {
        SerialQueue<Task> posted = rings().posted;
        int left = posted.size();
        int count = 1;
        while (left > 0 && count > 0) {
            count = executePosted(posted, Math.min(left, TaskBatch.MAX_TASKS));
            left -= count;
        }
    }

    private void tell(HotPlug.@Nullable Notice notice) {
        if (notice == null) {
            return;
        }
        if (!rings().notices.offer(notice)) {
            throw new IllegalStateException("queue=notices is full, let the interrupt role run");
        }
        rings().framework.interruptLine().raise();
    }

    private LogicalUnit build(HbaConfig.Unit unit) {
        LogicalUnit logicalUnit =
                new LogicalUnit(unit.config(), unit.image(), slowImages, completionRing, config.maxTasks());
        unit.image().setListener((token, result) -> post(new HardwareEvent.ImageDone(logicalUnit, token, result)));
        return logicalUnit;
    }

    private Rings rings() {
        return Objects.requireNonNull(rings, "hardware is not attached to a framework");
    }
}
