package io.trilane.engine;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.ControlMessage;
import io.trilane.engine.controller.Controller;
import io.trilane.engine.controller.Lifecycle;
import io.trilane.engine.controller.LifecycleState;
import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.queue.Doorbell;
import io.trilane.engine.queue.InterruptLine;
import io.trilane.engine.queue.Reply;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.role.CallGate;
import io.trilane.engine.role.DeadlineScan;
import io.trilane.engine.role.InterruptWork;
import io.trilane.engine.role.RoleClock;
import io.trilane.engine.role.RoleLoop;
import io.trilane.engine.role.RoleWork;
import io.trilane.engine.role.SlowWork;
import io.trilane.engine.role.SubmissionWork;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.Role;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskMemory;
import io.trilane.engine.task.TaskPool;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// The composition root: one controller, its three roles, its tasks. [#launch] brings the controller up, [#close] takes it
/// down in reverse order.
///
/// With [ThreadingMode#INVOKER] the first thread that calls [#doWork] is the driver; it pumps everything, other threads may
/// submit. With [ThreadingMode#DEDICATED] the roles run by themselves.
public final class Engine implements AutoCloseable {
    private final EngineConfig config;
    private final Controller controller;
    private final CountersFile counters;
    private final TaskMemory memory;
    private final TaskPool pool;
    private final Lifecycle lifecycle;
    private final SerialQueue<Task> submissions;
    private final RoleLoop[] loops = new RoleLoop[Role.values().length];
    private final Drive drive;
    private final CallGate gate;
    private final EngineFramework framework;
    private final BringUp bringUp;
    private final BitSet nexusIds = new BitSet();
    private final List<Client> clients = new ArrayList<>();

    private Engine(EngineConfig config, Controller controller) {
        this.config = config;
        this.controller = controller;
        this.counters = config.countersDirectory().map(d -> CountersFile.create(d, config.shard()))
                .orElseGet(CountersFile::inMemory);
        this.memory = new TaskMemory(config.maxTasks(), config.dataBudgetBytes());
        this.pool = new TaskPool(memory, config.shard());
        this.lifecycle = new Lifecycle(counters);
        Doorbell[] doorbells = new Doorbell[Drive.AGENTS];
        for (int i = 0; i < doorbells.length; i++) {
            doorbells[i] = newDoorbell();
        }
        TaskCompleter[] completers = new TaskCompleter[loops.length];
        for (int i = 0; i < completers.length; i++) {
            completers[i] = new TaskCompleter(pool, counters);
        }
        Role processRole = config.contract().role(Callback.PROCESS);
        Role interruptRole = config.contract().role(Callback.INTERRUPT);
        this.submissions = new SerialQueue<>("submissions", config.maxTasks(), doorbells[processRole.ordinal()]);
        SubmissionWork submission = new SubmissionWork(submissions, controller, completers[processRole.ordinal()],
                counters);
        InterruptLine line = new InterruptLine(doorbells[interruptRole.ordinal()]);
        Doorbell slowDoorbell = config.inlineSlowWork() ? Doorbell.silent() : Doorbell.sleeping();
        SlowWork slowWork = new SlowWork(2 * config.maxTasks() + 64, slowDoorbell, counters, config.inlineSlowWork());
        this.framework = new EngineFramework(controller, pool, completers, slowWork, new EngineFramework.Wiring(
                submission, line, doorbells[Drive.HARDWARE], doorbells[interruptRole.ordinal()],
                config.contract()));
        this.bringUp = new BringUp(controller, framework, lifecycle, pool, config.maxTasks());
        RoleClock clock = new RoleClock(config.nanoClock(), config.stallThresholdNs(), counters);
        for (Role role : Role.values()) {
            List<RoleWork> works = new ArrayList<>();
            if (role == processRole) {
                works.add(submission);
            }
            if (role == interruptRole) {
                works.add(new InterruptWork(line, controller, counters));
            }
            if (role == Role.CONTROL) {
                works.add(new DeadlineScan(pool, Engine::deliverToOwner, counters, config.nanoClock().getAsLong()));
            }
            SerialQueue<ControlMessage> messages = new SerialQueue<>(role + "-messages", 1024,
                    doorbells[role.ordinal()]);
            loops[role.ordinal()] = new RoleLoop(role, messages, this::onMessage, works, clock);
        }
        this.drive = new Drive(config, loops, doorbells, framework);
        this.gate = new CallGate(config.nanoClock(), drive.pump());
        drive.start(slowWork, slowDoorbell, config.inlineSlowWork());
    }

    /// Builds an engine around `controller` and brings it online. On failure everything is taken down again and the cause
    /// is in the exception.
    public static Engine launch(EngineConfig config, Controller controller) {
        Engine engine = new Engine(config, controller);
        Reply<String> reply = new Reply<>();
        engine.post(new ControlMessage.Launch(reply));
        boolean answered = engine.gate.await(reply::isDone, config.closeTimeoutNs());
        String failure = answered ? Objects.requireNonNull(reply.get()) : "launch did not finish in time";
        if (!failure.isEmpty()) {
            engine.dismantle(0);
            throw new IllegalStateException("controller=" + controller.getClass().getSimpleName() + " did not start: "
                    + failure);
        }
        return engine;
    }

    public EngineConfig config() {
        return config;
    }

    public LifecycleState state() {
        return lifecycle.state();
    }

    public CountersFile counters() {
        return counters;
    }

    /// Memory regions that tasks may refer to; register foreign memory here.
    public TaskMemory memory() {
        return memory;
    }

    /// INVOKER only: one cycle of every role and of the hardware, in a fixed order; returns the work done. The calling
    /// thread becomes the driver; any other is refused until [#releaseDriver].
    public int doWork() {
        return drive.doWork();
    }

    /// One cycle of one agent, see [Drive#doWork(int)].
    int doWork(int agent) {
        return drive.doWork(agent);
    }

    /// INVOKER only: the driver gives its place up, so that another thread may drive.
    public void releaseDriver() {
        drive.release();
        submissions.releaseConsumer();
    }

    /// Opens a client on a nexus of its own, with the configured quota.
    public Client openClient(String initiatorPort, String targetPort) {
        Nexus nexus;
        Client client;
        synchronized (clients) {
            nexus = new Nexus(nexusIds.nextClearBit(0), initiatorPort, targetPort);
            nexusIds.set(nexus.id());
            client = new Client(this, nexus, config.clientMaxTasks());
            clients.add(client);
            counters.set(EngineCounter.CLIENTS, clients.size());
        }
        resetNexus(nexus);
        return client;
    }

    /// Target ids that the controller has announced.
    public List<Long> targets() {
        return List.copyOf(framework.targets());
    }

    /// Stops: refuses new tasks, lets clients' tasks finish, stops the controller, then frees in reverse order. Memory that
    /// a controller may still write to is kept, counted as [EngineCounter#QUARANTINED] and told.
    @Override
    public void close() {
        if (state() == LifecycleState.GONE) {
            return;
        }
        for (Client client : openClients()) {
            client.takeOver();
            client.close();
        }
        Reply<Integer> reply = new Reply<>();
        post(new ControlMessage.Stop(reply));
        boolean answered = gate.await(reply::isDone, config.closeTimeoutNs());
        dismantle(answered ? Objects.requireNonNull(reply.get()) : pool.size());
    }

    ServiceResponse manageTask(TaskManagementFunction function, Nexus nexus, long targetId, long lun, long tag) {
        Reply<ServiceResponse> reply = new Reply<>();
        post(new ControlMessage.ManageTask(function, nexus, targetId, lun, tag, reply));
        boolean answered = gate.await(reply::isDone, config.closeTimeoutNs());
        return answered ? Objects.requireNonNull(reply.get()) : ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE;
    }

    void forget(Client client) {
        resetNexus(client.nexus());
        synchronized (clients) {
            clients.remove(client);
            nexusIds.clear(client.nexus().id());
            counters.set(EngineCounter.CLIENTS, clients.size());
        }
    }

    boolean acceptsTasks() {
        return lifecycle.state().acceptsTasks();
    }

    TaskPool pool() {
        return pool;
    }

    SerialQueue<Task> submissions() {
        return submissions;
    }

    CallGate gate() {
        return gate;
    }

    Doorbell newDoorbell() {
        return config.threading() == ThreadingMode.DEDICATED ? Doorbell.sleeping() : Doorbell.silent();
    }

    private List<Client> openClients() {
        synchronized (clients) {
            return List.copyOf(clients);
        }
    }

    private void resetNexus(Nexus nexus) {
        Reply<Boolean> reply = new Reply<>();
        post(new ControlMessage.ResetNexus(nexus, reply));
        if (!gate.await(reply::isDone, config.closeTimeoutNs())) {
            throw new IllegalStateException("nexus=" + nexus.id() + " got no answer within closeTimeoutNs="
                    + config.closeTimeoutNs() + ", let the driver thread call doWork, or use DEDICATED threading");
        }
    }

    private void post(ControlMessage message) {
        if (!loops[Role.CONTROL.ordinal()].messages().offer(message)) {
            throw new IllegalStateException("queue=CONTROL-messages is full, let the driver thread call doWork");
        }
    }

    private void onMessage(ControlMessage message) {
        switch (message) {
            case ControlMessage.Launch launch -> launch.reply().complete(bringUp.run());
            case ControlMessage.Stop stop -> stopController(stop.reply());
            case ControlMessage.ResetNexus reset -> resetNexus(reset);
            case ControlMessage.ManageTask manage -> manageTask(manage);
        }
    }

    // Whoever asked gets an answer also when the controller throws; the role counts and tells the exception.

    private void stopController(Reply<Integer> reply) {
        lifecycle.transition(LifecycleState.DRAINING, "close");
        int held = pool.size();
        try {
            controller.stop();
            held = heldTokens();
        } finally {
            lifecycle.transition(LifecycleState.STOPPED, "stop");
            reply.complete(held);
        }
    }

    private void resetNexus(ControlMessage.ResetNexus reset) {
        try {
            controller.onNexusReset(reset.nexus());
        } finally {
            reset.reply().complete(true);
        }
    }

    private void manageTask(ControlMessage.ManageTask manage) {
        ServiceResponse verdict = ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE;
        try {
            verdict = controller.manageTask(manage.function(), manage.nexus(), manage.targetId(), manage.lun(),
                    manage.tag());
        } finally {
            manage.reply().complete(verdict);
        }
    }

    private int heldTokens() {
        int held = 0;
        for (int slot = 0; slot < pool.size(); slot++) {
            held += pool.task(slot).isWithController() ? 1 : 0;
        }
        return held;
    }

    private void dismantle(int heldTokens) {
        drive.close();
        if (heldTokens == 0) {
            memory.close();
        } else {
            counters.set(EngineCounter.QUARANTINED, heldTokens);
            System.getLogger("io.trilane.engine").log(System.Logger.Level.WARNING, "heldTokens=" + heldTokens
                    + " > 0, task memory is kept because the controller may still write to it");
        }
        if (lifecycle.state().canBecome(LifecycleState.GONE)) {
            lifecycle.transition(LifecycleState.GONE, "closed");
        }
        counters.close();
    }

    private static void deliverToOwner(Task task) {
        Optional.ofNullable((Client) task.owner()).ifPresent(client -> client.deliver(task));
    }
}
