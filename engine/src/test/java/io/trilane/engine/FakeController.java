package io.trilane.engine;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.Completer;
import io.trilane.engine.controller.ConstraintKey;
import io.trilane.engine.controller.Controller;
import io.trilane.engine.controller.ControllerConstraints;
import io.trilane.engine.controller.DmaSpecification;
import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.HardwareAgent;
import io.trilane.engine.controller.Personality;
import io.trilane.engine.controller.PowerState;
import io.trilane.engine.controller.TargetVerdict;
import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.queue.SerialQueue;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import java.util.function.LongConsumer;
import java.util.function.ObjLongConsumer;

/// A driver and its hardware that do as a test says: complete at once, later, in any order, twice, never, before the
/// process call has returned; refuse, answer wrongly, throw. Set the script before launch. Calls of the lifecycle are
/// recorded; those per task are only counted, so that the fake allocates nothing per task.
///
/// The default is right and quick: the hardware completes each posted task with GOOD in its next cycle. It works with
/// any threading, except [#held] and what completes by hand: those belong to the thread that drives an INVOKER engine.
final class FakeController implements Controller {
    /// What to do with a task that arrives.
    enum Posting {
        /// Post it; the hardware completes it in its next cycle.
        COMPLETE_LATER,
        /// Post it; the test completes it with [#finish], or never.
        HOLD,
        /// Complete it before the process call returns.
        COMPLETE_BEFORE_RETURN,
        /// Answer TASK_COMPLETE synchronously, which the contract forbids (bundled: complete with TASK SET FULL).
        ANSWER_SYNCHRONOUSLY,
        /// Throw before the first task is posted.
        THROW,
        /// Complete with TASK SET FULL before the process call returns.
        REFUSE_FULL
    }

    private static final int MAX_TASKS = 65536;

    // The script.
    volatile Posting posting = Posting.COMPLETE_LATER;
    String failingStep = "";
    String throwingStep = "";
    boolean reportsConstraints = true;
    Map<ConstraintKey, Long> constraints = ControllerConstraints.of(4, 1 << 24).toMap();
    List<String> queues = List.of(Framework.AUXILIARY_QUEUE, Framework.INTERRUPT_QUEUE);
    /// Created asynchronously by startController when the controller manages devices.
    List<Long> targets = List.of(0L);
    Map<Long, TargetVerdict> verdicts = new TreeMap<>();
    boolean bundled = true;
    boolean managesDevices = true;
    boolean throwsInInterrupt;
    /// Called inside the process call for each task, before anything else.
    ObjLongConsumer<Task> onProcess = (_, _) -> {};
    boolean returnsHeldTokensAtStop;
    Personality personality = Personality.virtual("org.example.fake", "FakeController");
    IntFunction<DmaSpecification> dma = _ -> DmaSpecification.of(1 << 24);
    Runnable onManage = () -> {};
    Runnable onStart = () -> {};
    Runnable onHardware = () -> {};
    LongConsumer onInitialize = _ -> {};
    boolean acknowledgesPower = true;
    Consumer<PowerState> onPower = _ -> {};
    Consumer<Framework> onPowerFramework = _ -> {};
    int maximumTaskCount = 1024;
    long highestTargetId = 3;
    IntToLongFunction taskIds = slot -> slot + 1L;
    ServiceResponse managementVerdict = ServiceResponse.FUNCTION_COMPLETE;

    /// Lifecycle calls in order, with their argument.
    final List<String> calls = new ArrayList<>();
    /// Tokens that the hardware was given and has not completed, oldest first (HOLD only).
    final List<Long> held = new ArrayList<>();
    int processCalls;
    int processedTasks;
    int largestBatch;

    private final long[] tokens = new long[MAX_TASKS];
    private final SerialQueue.Bundle<Task> bundle = new SerialQueue.Bundle<>(TaskBatch.MAX_TASKS);
    private final long[] finishing = new long[TaskBatch.MAX_TASKS];
    private Framework framework;
    private SerialQueue<Task> posted;
    private SerialQueue<Task> finished;
    private Completer processCompleter;
    private Completer interruptCompleter;

    /// The completer of the interrupt role: any token may be tried on it.
    Completer completer() {
        return interruptCompleter;
    }

    Framework framework() {
        return framework;
    }

    /// The hardware completes a held token with GOOD and interrupts; it reaches the client in the next cycle.
    void finish(long token) {
        held.remove(token);
        Task task = Objects.requireNonNull(framework.tasks().find(token));
        respond(task);
        assert finished.offer(task);
        framework.interruptLine().raise();
    }

    @Override
    public Personality personality() {
        return personality;
    }

    @Override
    public DmaSpecification dmaSpecification(Task task) {
        return dma.apply(task.slot());
    }

    @Override
    public boolean init() {
        return step("init");
    }

    @Override
    public boolean start(Framework given) {
        framework = given;
        posted = given.hardwareQueue("posted", MAX_TASKS);
        finished = given.interruptQueue("finished", MAX_TASKS);
        processCompleter = given.completer(given.contract().role(Callback.PROCESS));
        interruptCompleter = given.completer(given.contract().role(Callback.INTERRUPT));
        onStart.run();
        return step("start");
    }

    @Override
    public boolean initializeController() {
        if (reportsConstraints) {
            framework.reportConstraints(constraints);
        }
        queues.forEach(framework::setDispatchQueue);
        return step("initializeController");
    }

    @Override
    public long reportInitiatorIdentifier() {
        step("reportInitiatorIdentifier");
        return 2;
    }

    @Override
    public long reportHighestSupportedDeviceId() {
        step("reportHighestSupportedDeviceId");
        return highestTargetId;
    }

    @Override
    public int reportMaximumTaskCount() {
        step("reportMaximumTaskCount");
        return maximumTaskCount;
    }

    @Override
    public long mapTaskData(Task task) {
        step("mapTaskData(" + task.slot() + ")");
        return taskIds.applyAsLong(task.slot());
    }

    @Override
    public boolean mapBundledBuffers() {
        step("mapBundledBuffers");
        return bundled;
    }

    @Override
    public boolean startController() {
        boolean good = step("startController");
        if (managesDevices) {
            targets.forEach(id -> framework.createTarget(id, Map.of(), verdict -> verdicts.put(id, verdict)));
        }
        return good;
    }

    @Override
    public boolean doesHbaPerformDeviceManagement() {
        step("doesHbaPerformDeviceManagement");
        return managesDevices;
    }

    @Override
    public boolean initializeTarget(long targetId) {
        onInitialize.accept(targetId);
        return step("initializeTarget(" + targetId + ")");
    }

    @Override
    public ServiceResponse processTask(Task task, long token) {
        processCalls++;
        largestBatch = 1;
        tokens[task.slot()] = token;
        onProcess.accept(task, token);
        return switch (posting) {
            case REFUSE_FULL -> {
                processedTasks++;
                refuse(task, token);
                yield ServiceResponse.REQUEST_IN_PROCESS;
            }
            case THROW -> throw new IllegalStateException("processTask fails on purpose");
            case ANSWER_SYNCHRONOUSLY -> ServiceResponse.TASK_COMPLETE;
            case COMPLETE_BEFORE_RETURN -> {
                processedTasks++;
                respond(task);
                processCompleter.complete(token);
                yield ServiceResponse.REQUEST_IN_PROCESS;
            }
            case HOLD, COMPLETE_LATER -> {
                processedTasks++;
                assert posted.offer(task);
                yield ServiceResponse.REQUEST_IN_PROCESS;
            }
        };
    }

    @Override
    public void process(TaskBatch batch) {
        processCalls++;
        largestBatch = Math.max(largestBatch, batch.count());
        Posting mode = posting;
        if (mode == Posting.THROW) {
            throw new IllegalStateException("process fails on purpose");
        }
        bundle.clear();
        for (int i = 0; i < batch.count(); i++) {
            Task task = batch.task(i);
            tokens[task.slot()] = batch.token(i);
            processedTasks++;
            onProcess.accept(task, batch.token(i));
            if (mode == Posting.COMPLETE_BEFORE_RETURN) {
                respond(task);
                processCompleter.complete(batch.token(i));
            } else if (mode == Posting.ANSWER_SYNCHRONOUSLY || mode == Posting.REFUSE_FULL) {
                refuse(task, batch.token(i));
            } else {
                bundle.add(task);
            }
        }
        int sent = posted.offer(bundle);
        assert sent >= 0 && bundle.remaining() == 0;
    }

    @Override
    public boolean onInterrupt() {
        if (throwsInInterrupt) {
            throwsInInterrupt = false;
            throw new IllegalStateException("onInterrupt fails on purpose");
        }
        int count = 0;
        Task task;
        while (count < finishing.length && (task = finished.poll()) != null) {
            finishing[count++] = tokens[task.slot()];
        }
        interruptCompleter.complete(finishing, count);
        return count == finishing.length;
    }

    @Override
    public ServiceResponse manageTask(TaskManagementFunction function, Nexus nexus, long targetId, long lun, long tag) {
        step("manageTask(" + function + " nexus=" + nexus.id() + " target=" + targetId + " lun=" + lun + " tag=" + tag
                + ")");
        onManage.run();
        return managementVerdict;
    }

    @Override
    public void onNexusReset(Nexus nexus) {
        step("onNexusReset(" + nexus.id() + ")");
    }

    @Override
    public void setPowerState(PowerState state, Framework given) {
        step("setPowerState(" + state + ")");
        onPowerFramework.accept(given);
        onPower.accept(state);
        if (acknowledgesPower) {
            given.acknowledgePowerState(state);
        }
    }

    @Override
    public void stop() {
        if (returnsHeldTokensAtStop) {
            held.forEach(interruptCompleter::complete);
            held.clear();
        }
        step("stop");
    }

    @Override
    public HardwareAgent hardware() {
        return new FakeHardware();
    }

    private boolean step(String name) {
        calls.add(name);
        if (name.equals(throwingStep)) {
            throw new IllegalArgumentException(name + " fails on purpose");
        }
        return !name.equals(failingStep);
    }

    private void refuse(Task task, long token) {
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.TASK_SET_FULL, 0);
        processCompleter.complete(token);
    }

    /// The controller completes a held token with this status, at once.
    void finish(long token, ServiceResponse response, TaskStatus status, long bytes) {
        held.remove(token);
        Objects.requireNonNull(framework.tasks().find(token)).setResponse(response, status, bytes);
        interruptCompleter.complete(token);
    }

    private static void respond(Task task) {
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.GOOD, task.transferCount());
    }

    private final class FakeHardware implements HardwareAgent {
        @Override
        public int doWork(long nowNs) {
            onHardware.run();
            int done = 0;
            Task task;
            while (done < TaskBatch.MAX_TASKS && (task = posted.poll()) != null) {
                done++;
                if (posting == Posting.HOLD) {
                    held.add(tokens[task.slot()]);
                } else {
                    respond(task);
                    boolean _ = finished.offer(task);
                }
            }
            if (done > 0) {
                framework.interruptLine().raise();
            }
            return done;
        }

        @Override
        public String name() {
            return "fake-hardware";
        }
    }
}
