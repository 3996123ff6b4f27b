package io.trilane.engine;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.Completer;
import io.trilane.engine.controller.Controller;
import io.trilane.engine.controller.ControllerConstraints;
import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.HardwareAgent;
import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskExtension;
import io.trilane.engine.task.TaskStatus;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Driver and hardware of a [Simulation]: completes in random order, at random times, before the process call returns,
/// after the deadline, and sometimes a token a second time. Single-threaded.
///
/// It answers each task by inverting the stamp that the client left in its data and by writing the client's number into
/// the extension, so that a completion that reaches the wrong task shows.
final class SimulatedController implements Controller {
    /// A rule that this hardware breaks, to prove that the simulation would notice.
    enum Fault {
        NONE,
        /// Completes a token a second time, but reads the token from the slot: it completes the slot's next user.
        COMPLETES_THE_NEXT_USER,
        /// Never completes one task in many.
        LOSES_A_TASK,
        /// Writes into a task's data after it completed the task.
        WRITES_AFTER_COMPLETION
    }

    private static final int FAULT_ONE_IN = 500;
    private static final int REMEMBERED_TOKENS = 64;

    private final Random random;
    private final Fault fault;
    private final boolean bundled;
    private final int maximumTaskCount;
    /// With the hardware: not completed yet.
    private final List<Long> outstanding = new ArrayList<>();
    /// Completed by the hardware, not seen by the interrupt role yet.
    private final Deque<Long> finished = new ArrayDeque<>();
    /// Completed tokens, to be completed once more.
    private final Deque<Long> old = new ArrayDeque<>();
    private Framework framework;
    private Completer processCompleter;
    private Completer interruptCompleter;

    private int stuckCycles;

    /// True: completes what it has as soon as it can, nothing twice.
    boolean draining;
    int processed;
    int mostOutstanding;
    int completionCalls;
    int extraCompletions;
    int overtakings;

    SimulatedController(Random random, Fault fault, boolean bundled, int maximumTaskCount) {
        this.random = random;
        this.fault = fault;
        this.bundled = bundled;
        this.maximumTaskCount = maximumTaskCount;
    }

    int outstanding() {
        return outstanding.size() + finished.size();
    }

    @Override
    public boolean start(Framework given) {
        framework = given;
        processCompleter = given.completer(given.contract().role(Callback.PROCESS));
        interruptCompleter = given.completer(given.contract().role(Callback.INTERRUPT));
        return true;
    }

    @Override
    public boolean initializeController() {
        framework.setDispatchQueue(Framework.AUXILIARY_QUEUE);
        framework.setDispatchQueue(Framework.INTERRUPT_QUEUE);
        framework.reportConstraints(ControllerConstraints.of(4, 1 << 24));
        return true;
    }

    @Override
    public long reportInitiatorIdentifier() {
        return 7;
    }

    @Override
    public long reportHighestSupportedDeviceId() {
        return 0;
    }

    @Override
    public int reportMaximumTaskCount() {
        return maximumTaskCount;
    }

    @Override
    public boolean mapBundledBuffers() {
        return bundled;
    }

    @Override
    public boolean startController() {
        framework.createTarget(0, Map.of(), _ -> {});
        return true;
    }

    @Override
    public ServiceResponse processTask(Task task, long token) {
        if (random.nextInt(50) == 0) {
            processed++;
            completionCalls++;
            answer(task);
            return ServiceResponse.TASK_COMPLETE;
        }
        post(task, token);
        return ServiceResponse.REQUEST_IN_PROCESS;
    }

    @Override
    public void process(TaskBatch batch) {
        for (int i = 0; i < batch.count(); i++) {
            post(batch.task(i), batch.token(i));
        }
    }

    @Override
    public boolean onInterrupt() {
        long[] tokens = new long[TaskBatch.MAX_TASKS];
        int count = 0;
        while (count < tokens.length && !finished.isEmpty()) {
            tokens[count++] = finished.poll();
        }
        completionCalls += count;
        interruptCompleter.complete(tokens, count);
        return !finished.isEmpty();
    }

    @Override
    public ServiceResponse manageTask(TaskManagementFunction function, Nexus nexus, long targetId, long lun, long tag) {
        return ServiceResponse.FUNCTION_COMPLETE;
    }

    @Override
    public void stop() {
        draining = true;
    }

    @Override
    public HardwareAgent hardware() {
        return new HardwareAgent() {
            @Override
            public int doWork(long nowNs) {
                return work();
            }

            @Override
            public String name() {
                return "simulated";
            }
        };
    }

    private void post(Task task, long token) {
        processed++;
        if (task.token() != token || task.extensionInt(TaskExtension.NEXUS_ID) != task.nexusId()) {
            throw new AssertionError("token of another I/O was handed over");
        }
        if (fault == Fault.LOSES_A_TASK && random.nextInt(FAULT_ONE_IN) == 0) {
            return;
        }
        if (random.nextInt(8) == 0) {
            overtakings++;
            completionCalls++;
            answer(task);
            processCompleter.complete(token);
            remember(token);
        } else {
            outstanding.add(token);
            mostOutstanding = Math.max(mostOutstanding, outstanding.size());
        }
    }

    /// Some of the outstanding tasks, in any order; now and then an old token again.
    private int work() {
        if (!draining && isStuck()) {
            return 0;
        }
        int done = 0;
        int count = draining ? outstanding.size() : Math.min(outstanding.size(), random.nextInt(12));
        for (; done < count; done++) {
            finish(outstanding.remove(random.nextInt(outstanding.size())));
        }
        if (!draining && !old.isEmpty() && random.nextInt(4) == 0) {
            completeAgain(old.poll());
            done++;
        }
        if (done > 0) {
            framework.interruptLine().raise();
        }
        return done;
    }

    /// Now and then the hardware does nothing for a while: that is when deadlines pass and closing clients give up.
    private boolean isStuck() {
        stuckCycles = random.nextInt(300) == 0 ? random.nextInt(200) : stuckCycles - 1;
        return stuckCycles > 0;
    }

    private void finish(long token) {
        answer(framework.tasks().find(token));
        finished.add(token);
        remember(token);
    }

    private void completeAgain(long token) {
        Task task = framework.tasks().find(token);
        if (fault == Fault.COMPLETES_THE_NEXT_USER) {
            finished.add(task.token());
        } else {
            finished.add(random.nextInt(10) == 0 ? random.nextLong() : token);
        }
        extraCompletions++;
        if (fault == Fault.WRITES_AFTER_COMPLETION && task.extents().count() != 0) {
            task.extents().segment(0).set(ValueLayout.JAVA_LONG_UNALIGNED, task.extents().offset(0), -2);
        }
    }

    private void remember(long token) {
        old.add(token);
        if (old.size() > REMEMBERED_TOKENS) {
            old.poll();
        }
    }

    /// What an inverted stamp looks like; the response too, which the client reads only when it was in time.
    private static void answer(Task task) {
        if (task.extents().count() != 0) {
            long at = task.extents().offset(0);
            long stamp = task.extents().segment(0).get(ValueLayout.JAVA_LONG_UNALIGNED, at);
            if (stamp != task.userData()) {
                throw new AssertionError("data of task " + task.userData() + " holds the stamp " + stamp);
            }
            task.extents().segment(0).set(ValueLayout.JAVA_LONG_UNALIGNED, at, ~stamp);
        }
        task.setExtensionLong(TaskExtension.RESIDUAL, ~task.userData());
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.GOOD, task.transferCount());
    }
}
