package io.trilane.engine;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.ControlMessage;
import io.trilane.engine.controller.Controller;
import io.trilane.engine.controller.HbaProperty;
import io.trilane.engine.controller.LifecycleState;
import io.trilane.engine.controller.MisuseLog;
import io.trilane.engine.controller.PowerState;
import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.queue.Doorbell;
import io.trilane.engine.queue.Reply;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.role.CallGate;
import io.trilane.engine.role.SubmissionGate;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.Role;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskMemory;
import io.trilane.engine.task.TaskPool;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One controller, its three roles, its tasks, its targets. [#launch] brings the controller up, [#close] takes it down in
/// reverse order.
///
/// With [ThreadingMode#INVOKER] the first thread that calls [#doWork] is the driver; it pumps everything, other threads may
/// submit. With [ThreadingMode#DEDICATED] the roles run by themselves.
public final class Engine implements AutoCloseable {
    /// The framework's own nexus, for probes.
    private static final int PROBE_NEXUS = Nexus.MAX_NEXUSES - 1;
    private static final int PROBE_TASKS = 32;

    private final EngineCore core;
    private final BitSet nexusIds = new BitSet();
    private final List<Client> clients = new ArrayList<>();

    private Engine(EngineConfig config, Controller controller) {
        this.core = new EngineCore(config, controller, this::openProbeClient);
        nexusIds.set(PROBE_NEXUS);
    }

    /// Builds an engine around `controller` and brings it online. On failure everything is taken down again and the cause
    /// is in the exception. Targets that the controller began to create are given the close timeout to appear.
    public static Engine launch(EngineConfig config, Controller controller) {
        Engine engine = new Engine(config, controller);
        Reply<String> reply = new Reply<>();
        engine.core.messages().post(new ControlMessage.Launch(reply));
        boolean answered = engine.await(reply::isDone, config.framework().callTimeoutNs());
        String failure = answered ? Objects.requireNonNull(reply.get()) : engine.whyLate();
        if (!failure.isEmpty()) {
            engine.dismantle(answered ? 0 : engine.stop());
            throw new IllegalStateException("controller=" + controller.getClass().getSimpleName() + " did not start: "
                    + failure + engine.misuseReports());
        }
        boolean _ = engine.await(engine.core.targets()::isSettled, config.closeTimeoutNs());
        return engine;
    }

    public EngineConfig config() {
        return core.config();
    }

    public LifecycleState state() {
        return core.lifecycle().state();
    }

    public CountersFile counters() {
        return core.counters();
    }

    /// Memory regions that tasks may refer to; register foreign memory here.
    public TaskMemory memory() {
        return core.memory();
    }

    /// INVOKER only: one cycle of every role and of the hardware, in a fixed order; returns the work done. The calling
    /// thread becomes the driver; any other is refused until [#releaseDriver].
    public int doWork() {
        return core.drive().doWork();
    }

    /// One cycle of one agent, see [Drive#doWork(int)].
    int doWork(int agent) {
        return core.drive().doWork(agent);
    }

    /// INVOKER only: the driver gives its place up, so that another thread may drive. Any other thread, and a role inside its
    /// cycle, is refused; nothing happens when nobody drives.
    public void releaseDriver() {
        core.drive().release();
    }

    /// Opens a client on a nexus of its own, with the configured quota.
    public Client openClient(String initiatorPort, String targetPort) {
        return openClient(initiatorPort, targetPort, newDoorbell());
    }

    /// The same for a client whose thread sleeps until `doorbell` rings.
    public Client openClient(String initiatorPort, String targetPort, Doorbell doorbell) {
        requireNoRole();
        Client client;
        synchronized (clients) {
            Nexus nexus = new Nexus(nexusIds.nextClearBit(0), initiatorPort, targetPort);
            nexusIds.set(nexus.id());
            client = new Client(this, nexus, core.config().clientMaxTasks(), doorbell);
            clients.add(client);
            counters().set(EngineCounter.CLIENTS, clients.size());
        }
        try {
            resetNexus(client.nexus());
        } catch (IllegalStateException e) {
            // The answer may still come: it concerns nobody, and whoever gets this nexus resets it behind that one.
            unregister(client);
            throw e;
        }
        return client;
    }

    /// Ids of the targets that are present, ascending.
    public List<Long> targets() {
        return core.targetTable().present();
    }

    /// What the framework knows of a target that is present.
    public Optional<TargetInfo> targetInfo(long targetId) {
        return core.targets().directory().target(targetId);
    }

    /// `listener` hears of targets that come, go or change from now on; there is one. Any thread.
    public void setTargetListener(TargetListener listener) {
        core.targets().directory().setListener(listener);
    }

    /// What the controller says of itself.
    public Map<HbaProperty, String> hbaProperties() {
        return core.targets().directory().hba();
    }

    /// The misuses of the controller contract that were met; empty with a correct controller.
    public MisuseLog misuses() {
        return core.misuses();
    }

    /// Suspends: tasks no longer reach the controller, those that it has go on. What becomes of tasks submitted from here
    /// on says [FrameworkConfig#suspendPolicy]. False when the engine is not online. Any thread but a role's.
    public boolean suspend() {
        return onControl(reply -> core.power().suspend(core.config().nanoClock().getAsLong(), reply),
                2 * core.config().framework().powerTimeoutNs());
    }

    /// Ends [#suspend]; false when the engine is not suspended. Any thread but a role's.
    public boolean resume() {
        return onControl(reply -> reply.complete(core.power().resume()), core.config().closeTimeoutNs());
    }

    /// Changes the power state; false when the controller did not acknowledge in time, or the state does not follow.
    /// Unless it is ON, tasks are treated as while suspended. Any thread but a role's.
    public boolean setPowerState(PowerState state) {
        return onControl(reply -> core.power().set(state, core.framework()::forPowerTransition,
                core.config().nanoClock().getAsLong(), reply), 2 * core.config().framework().powerTimeoutNs());
    }

    /// The hardware is gone: every task that the controller holds is completed as DEVICE NOT PRESENT once its submission
    /// call has returned, every target is destroyed, the controller is stopped. Clients stay open, to take their tasks;
    /// [#close] follows. Any thread but a role's.
    public void remove() {
        int _ = stop();
    }

    /// Stops: refuses new tasks, lets clients' tasks finish, destroys the targets, stops the controller, then frees in
    /// reverse order. Memory that a controller may still write to is kept, counted as [EngineCounter#QUARANTINED] and told.
    @Override
    public void close() {
        if (state() == LifecycleState.GONE) {
            return;
        }
        for (Client client : openClients()) {
            client.takeOver();
            closeQuietly(client);
        }
        dismantle(stop());
    }

    ServiceResponse manageTask(TaskManagementFunction function, Nexus nexus, long targetId, long lun, long tag) {
        requireNoRole();
        Reply<ServiceResponse> reply = new Reply<>();
        core.messages().post(new ControlMessage.ManageTask(function, nexus, targetId, lun, tag, reply));
        boolean answered = await(reply::isDone, core.config().closeTimeoutNs());
        return answered ? Objects.requireNonNull(reply.get()) : ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE;
    }

    void forget(Client client) {
        try {
            resetNexus(client.nexus());
        } finally {
            unregister(client);
        }
    }

    private void unregister(Client client) {
        synchronized (clients) {
            clients.remove(client);
            nexusIds.clear(client.nexus().id());
            counters().set(EngineCounter.CLIENTS, clients.size());
        }
    }

    boolean acceptsTasks() {
        return state().acceptsTasks();
    }

    /// The role in whose cycle the caller is, or null.
    @Nullable
    Role currentRole() {
        return core.guard().currentRole();
    }

    /// For the message of a launch that did not answer: how far it came, and what it is in.
    private String whyLate() {
        Callback callback = core.guard().callbackOf(Role.CONTROL);
        return "no answer within callTimeoutNs=" + core.config().framework().callTimeoutNs() + ", lifecycle=" + state()
                + " role=CONTROL " + (callback == null ? "is in no callback" : "is in callback=" + callback)
                + ", every step of the launch must return";
    }

    /// For the message of a launch that failed: nobody can ask [#misuses] then.
    private String misuseReports() {
        StringBuilder text = new StringBuilder();
        misuses().reports().forEach(report -> text.append('\n').append(report.describe()));
        return text.toString();
    }

    EngineCore core() {
        return core;
    }

    SubmissionGate submissionGate() {
        return core.submission().gate();
    }

    TaskPool pool() {
        return core.pool();
    }

    SerialQueue<Task> submissions() {
        return core.submissions();
    }

    CallGate gate() {
        return core.gate();
    }

    Doorbell newDoorbell() {
        return core.newDoorbell();
    }

    /// A role would wait for itself, or for one that waits for it. Before anything is posted.
    private void requireNoRole() {
        Role here = core.guard().currentRole();
        if (here != null) {
            throw new IllegalStateException("role=" + here + " must not wait for CONTROL, call from another thread");
        }
    }

    private boolean await(BooleanSupplier condition, long timeoutNs) {
        requireNoRole();
        return core.gate().await(condition, timeoutNs);
    }

    /// On the control role, before the first probe.
    private Client openProbeClient() {
        Nexus nexus = new Nexus(PROBE_NEXUS, "framework", "probe");
        core.calls().run(Callback.LIFECYCLE,
                () -> core.controller().onNexusReset(nexus));
        return new Client(this, nexus, Math.min(PROBE_TASKS, core.config().maxTasks()), newDoorbell());
    }

    private List<Client> openClients() {
        synchronized (clients) {
            return List.copyOf(clients);
        }
    }

    private void resetNexus(Nexus nexus) {
        Reply<Boolean> reply = new Reply<>();
        core.messages().post(new ControlMessage.ResetNexus(nexus, reply));
        if (!await(reply::isDone, core.config().closeTimeoutNs())) {
            throw new IllegalStateException("nexus=" + nexus.id() + " got no answer within closeTimeoutNs="
                    + core.config().closeTimeoutNs()
                    + ", let the driver thread call doWork, or use DEDICATED threading");
        }
    }

    /// What the control role is asked for, with its reply.
    private interface ControlBlock {
        void run(Reply<Boolean> reply);
    }

    private boolean onControl(ControlBlock block, long timeoutNs) {
        requireNoRole();
        Reply<Boolean> reply = new Reply<>();
        core.messages().onControl(() -> block.run(reply));
        return await(reply::isDone, timeoutNs) && Boolean.TRUE.equals(reply.get());
    }

    /// Takes the controller down; how many tokens it has not returned.
    private int stop() {
        Reply<Integer> reply = new Reply<>();
        core.messages().post(new ControlMessage.Stop(reply));
        boolean answered = await(reply::isDone, core.config().closeTimeoutNs());
        boolean _ = await(core.targets()::isSettled, core.config().closeTimeoutNs());
        return answered ? Objects.requireNonNull(reply.get()) : memory().maxTasks();
    }

    /// A role that hangs must not keep the rest from being closed.
    private static void closeQuietly(Client client) {
        try {
            client.close();
        } catch (IllegalStateException e) {
            System.getLogger("io.trilane.engine").log(System.Logger.Level.WARNING, "client was not closed: "
                    + e.getMessage());
        }
    }

    private void dismantle(int tokens) {
        // A role that hangs in a callback may write to any slot, also before the first token is given out.
        int heldTokens = core.drive().close() ? tokens : memory().maxTasks();
        if (heldTokens == 0) {
            memory().close();
        } else {
            counters().set(EngineCounter.QUARANTINED, heldTokens);
            System.getLogger("io.trilane.engine").log(System.Logger.Level.WARNING, "heldTokens=" + heldTokens
                    + " > 0, task memory is kept because the controller may still write to it");
        }
        if (core.lifecycle().state().canBecome(LifecycleState.GONE)) {
            core.lifecycle().transition(LifecycleState.GONE, "closed");
        }
        counters().close();
    }
}
