package io.trilane.engine;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.Completer;
import io.trilane.engine.controller.ControlMessage;
import io.trilane.engine.controller.Controller;
import io.trilane.engine.controller.Lifecycle;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.MisuseLog;
import io.trilane.engine.controller.ReentrancyGuard;
import io.trilane.engine.controller.RoleActivity;
import io.trilane.engine.controller.TargetTable;
import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.queue.Doorbell;
import io.trilane.engine.queue.InterruptLine;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.role.CallGate;
import io.trilane.engine.role.CallbackWatch;
import io.trilane.engine.role.DeadlineScan;
import io.trilane.engine.role.InterruptWork;
import io.trilane.engine.role.ResendWork;
import io.trilane.engine.role.Returns;
import io.trilane.engine.role.RoleClock;
import io.trilane.engine.role.RoleLoop;
import io.trilane.engine.role.RoleWork;
import io.trilane.engine.role.SenseFetch;
import io.trilane.engine.role.SlowWork;
import io.trilane.engine.role.StarvationWatch;
import io.trilane.engine.role.SubmissionWork;
import io.trilane.engine.role.TargetDrain;
import io.trilane.engine.role.TaskDisposition;
import io.trilane.engine.role.WaitingAbort;
import io.trilane.engine.task.Role;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskMemory;
import io.trilane.engine.task.TaskPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// The parts of one engine and how they are wired; made once, in the order of this constructor.
final class EngineCore {
    private final EngineConfig config;
    private final CountersFile counters;
    private final TaskMemory memory;
    private final TaskPool pool;
    private final Lifecycle lifecycle;
    private final MisuseLog misuses;
    private final Doorbell[] doorbells = new Doorbell[Drive.AGENTS];
    private final RoleMessages messages;
    private final RoleActivity[] activities = new RoleActivity[Role.values().length];
    private final ReentrancyGuard guard;
    private final Controller controller;
    private final TargetTable targetTable;
    private final TaskCompleter[] completers = new TaskCompleter[Role.values().length];
    private final SerialQueue<Task> submissions;
    private final SubmissionWork submission;
    private final SenseFetch senses;
    private final ResendWork resends;
    private final TargetDrain drain;
    private final InterruptLine interruptLine;
    private final SlowWork slowWork;
    private final ControllerCalls calls;
    private final TargetWork targets;
    private final PowerControl power;
    private final TaskManagement management;
    private final EngineFramework framework;
    private final Drive drive;
    private final CallGate gate;

    /// @param newProbeClient opens the framework's own client
    EngineCore(EngineConfig config, Controller driver, TargetWork.ClientFactory newProbeClient) {
        this.config = config;
        this.counters = config.countersDirectory().map(d -> CountersFile.create(d, config.shard()))
                .orElseGet(CountersFile::inMemory);
        this.memory = new TaskMemory(config.maxTasks(), config.dataBudgetBytes());
        this.pool = new TaskPool(memory, config.shard());
        this.lifecycle = new Lifecycle(counters);
        this.misuses = new MisuseLog(config.nanoClock(), counters);
        for (int i = 0; i < doorbells.length; i++) {
            doorbells[i] = newDoorbell();
        }
        this.messages = new RoleMessages(doorbells);
        for (Role role : Role.values()) {
            activities[role.ordinal()] = new RoleActivity(role);
        }
        this.guard = new ReentrancyGuard(config.contract(), activities, misuses,
                (condition, timeoutNs) -> gate().await(condition, timeoutNs), config.framework().callTimeoutNs());
        this.controller = config.framework().trace()
                .map(trace -> trace.around(driver, guard, config.nanoClock())).orElse(driver);
        this.targetTable = new TargetTable(counters);
        Role processRole = config.contract().role(Callback.PROCESS);
        this.submissions = new SerialQueue<>("submissions", config.maxTasks(), doorbell(processRole));
        pool.setTouchListener((slot, state, method) -> misuses.report(Misuse.SLOT_NOT_OWNED,
                () -> "slot=" + slot + " state=" + state + " is not the controller's, " + method + " was dropped"));
        SenseFetch.ControlParts control = new SenseFetch.ControlParts(counters, doorbell(Role.CONTROL));
        this.senses = new SenseFetch(memory, pool, submissions, EngineCore::deliverToOwner, control);
        this.resends = new ResendWork(pool, submissions, config.maxTasks(), control);
        TaskDisposition disposition = new TaskDisposition(targetTable, resends, senses, counters, misuses);
        for (int i = 0; i < completers.length; i++) {
            completers[i] = new TaskCompleter(pool, counters, disposition, misuses);
        }
        Returns returns = new Returns(EngineCore::deliverToOwner, senses, counters, misuses);
        this.drain = new TargetDrain(pool, returns);
        this.submission = new SubmissionWork(submissions, controller, targetTable, activities[processRole.ordinal()],
                returns);
        this.interruptLine = new InterruptLine(doorbell(config.contract().role(Callback.INTERRUPT)));
        Doorbell slowDoorbell = config.inlineSlowWork() ? Doorbell.silent() : Doorbell.sleeping();
        this.slowWork = new SlowWork(2 * config.maxTasks() + 64, slowDoorbell, counters, config.inlineSlowWork());
        this.calls = new ControllerCalls(activities[Role.CONTROL.ordinal()], counters);
        boolean probes = config.framework().probesTargets();
        this.targets = new TargetWork(new TargetWork.Ports(controller, calls, probes ? newProbeClient : null,
                drain::drainTarget, config.framework().readyTimeoutNs(), senses::setAutoSense, submission.gate(),
                this::newFence), targetTable, lifecycle,
                misuses);
        this.power = new PowerControl(controller, calls, lifecycle, submission.gate(),
                doorbell(processRole), this::newFence, misuses, config.framework());
        this.management = new TaskManagement(controller, calls, submission.gate(),
                new WaitingAbort(pool, returns));
        resends.setPaused(management::isPending);
        senses.setPaused(management::isPending);
        this.framework = new EngineFramework(this);
        this.drive = new Drive(config, newLoops(new ControlHandler(this)::handle), doorbells, this);
        this.gate = new CallGate(config.nanoClock(), drive.waitingPump());
        CallbackWatch watch = new CallbackWatch(activities, guard, misuses, config.framework().callTimeoutNs());
        drive.start(slowWork, watch, slowDoorbell, config.inlineSlowWork());
    }

    private RoleLoop[] newLoops(Consumer<ControlMessage> onMessage) {
        RoleClock clock = new RoleClock(config.nanoClock(), config.stallThresholdNs(), counters);
        RoleLoop[] loops = new RoleLoop[Role.values().length];
        for (Role role : Role.values()) {
            loops[role.ordinal()] = new RoleLoop(activities[role.ordinal()], messages.of(role), onMessage,
                    worksOf(role), clock);
        }
        return loops;
    }

    private List<RoleWork> worksOf(Role role) {
        List<RoleWork> works = new ArrayList<>();
        if (role == config.contract().role(Callback.PROCESS)) {
            works.add(submission);
        }
        if (role == config.contract().role(Callback.INTERRUPT)) {
            works.add(new InterruptWork(interruptLine, controller, activities[role.ordinal()], counters));
        }
        if (role == Role.CONTROL) {
            long nowNs = config.nanoClock().getAsLong();
            works.add(new ControlWork(management, targets, power, resends, senses,
                    new DeadlineScan(pool, EngineCore::deliverToOwner, counters, nowNs),
                    new StarvationWatch(pool, counters, misuses, nowNs)));
        }
        return works;
    }

    private static void deliverToOwner(Task task) {
        Optional.ofNullable((Client) task.owner()).ifPresent(client -> client.deliver(task));
    }

    Doorbell newDoorbell() {
        if (config.threading() == ThreadingMode.DEDICATED) {
            return Doorbell.sleeping();
        }
        return config.driverDoorbell().orElseGet(Doorbell::silent);
    }

    /// True once every submission call that runs now has returned. For the control role: when it is also the submitting role,
    /// none is running.
    BooleanSupplier newFence() {
        Role processRole = config.contract().role(Callback.PROCESS);
        return processRole == Role.CONTROL ? () -> true : new SubmissionFence(messages, processRole);
    }

    /// The driver thread changes: what it consumed is free for the next one.
    void releaseConsumers() {
        messages.releaseConsumers();
        submissions.releaseConsumer();
        resends.releaseConsumer();
        senses.releaseConsumer();
        framework.releaseConsumers();
        targets.releaseConsumer();
    }

    EngineConfig config() {
        return config;
    }

    CountersFile counters() {
        return counters;
    }

    TaskMemory memory() {
        return memory;
    }

    TaskPool pool() {
        return pool;
    }

    Lifecycle lifecycle() {
        return lifecycle;
    }

    MisuseLog misuses() {
        return misuses;
    }

    Doorbell doorbell(Role role) {
        return doorbells[role.ordinal()];
    }

    Doorbell hardwareDoorbell() {
        return doorbells[Drive.HARDWARE];
    }

    RoleMessages messages() {
        return messages;
    }

    ReentrancyGuard guard() {
        return guard;
    }

    /// The driver, traced when a trace is configured.
    Controller controller() {
        return controller;
    }

    TargetTable targetTable() {
        return targetTable;
    }

    Completer completer(Role role) {
        return completers[role.ordinal()];
    }

    SerialQueue<Task> submissions() {
        return submissions;
    }

    SubmissionWork submission() {
        return submission;
    }

    SenseFetch senses() {
        return senses;
    }

    ResendWork resends() {
        return resends;
    }

    TargetDrain drain() {
        return drain;
    }

    InterruptLine interruptLine() {
        return interruptLine;
    }

    SlowWork slowWork() {
        return slowWork;
    }

    ControllerCalls calls() {
        return calls;
    }

    TargetWork targets() {
        return targets;
    }

    PowerControl power() {
        return power;
    }

    TaskManagement management() {
        return management;
    }

    EngineFramework framework() {
        return framework;
    }

    Drive drive() {
        return drive;
    }

    CallGate gate() {
        return gate;
    }
}
