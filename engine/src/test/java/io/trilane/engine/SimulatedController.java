package io.trilane.engine;

import static io.trilane.engine.SimulationBooks.check;

import io.trilane.engine.SimulationBooks.Answer;
import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.Completer;
import io.trilane.engine.controller.Controller;
import io.trilane.engine.controller.ControllerConstraints;
import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.HardwareAgent;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.PowerState;
import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import java.util.Map;

/// Driver of a [Simulation]: hands tasks to [SimulatedHardware], completes them singly or in groups, sometimes before the
/// process call returns; answers its callbacks well or badly; and calls the framework from inside them
/// ([SimulatedDriver]).
final class SimulatedController implements Controller {
    private final SimulationBooks books;
    private final SimulatedHardware hardware;
    private final SimulatedDriver driver;
    private Framework framework;
    private Completer processCompleter;
    private Completer interruptCompleter;

    SimulatedController(SimulationBooks books, SimulatedHardware hardware, SimulatedDriver driver) {
        this.books = books;
        this.hardware = hardware;
        this.driver = driver;
    }

    @Override
    public boolean start(Framework given) {
        framework = given;
        hardware.attach(given);
        driver.attach(given);
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
        return SimulationBooks.INITIATOR;
    }

    @Override
    public long reportHighestSupportedDeviceId() {
        return SimulationBooks.HIGHEST_TARGET;
    }

    @Override
    public int reportMaximumTaskCount() {
        return books.plan.maxTaskCount();
    }

    @Override
    public boolean mapBundledBuffers() {
        return books.plan.bundled();
    }

    @Override
    public boolean doesHbaPerformAutoSense() {
        return books.plan.autoSense();
    }

    @Override
    public boolean startController() {
        for (int id = 0; id < 1 + books.random.nextInt(3); id++) {
            framework.createTarget(id, Map.of(), _ -> {});
        }
        return true;
    }

    @Override
    public boolean initializeTarget(long targetId) {
        check(!books.isStopped, "initializeTarget after stop");
        int target = (int) targetId;
        check(targetId != SimulationBooks.INITIATOR && targetId <= SimulationBooks.HIGHEST_TARGET, "illegal id");
        check(books.processing[target] == 0, "I6: created anew during its process call");
        int born = books.conceive(targetId);
        driver.whim(4);
        books.maybeThrow(20);
        boolean answer = !(books.engine != null && books.oneIn(20));
        if (answer) {
            books.born(targetId, born);
        }
        return answer;
    }

    @Override
    public ServiceResponse processTask(Task task, long token) {
        books.handOut(task, token);
        boolean isPosted = false;
        int target = (int) task.targetId();
        books.processing[target]++;
        try {
            driver.whim(60);
            maybeThrowInProcess();
            isPosted = true;
            if (books.oneInUnlessCorrect(60) && isOurs(task, token)) {
                return answerNow(task, token);
            }
            post(task, token);
            driver.whim(100);
            return ServiceResponse.REQUEST_IN_PROCESS;
        } finally {
            books.processing[target]--;
            if (!isPosted) {
                hardware.keep(token);
            }
        }
    }

    @Override
    public void process(TaskBatch batch) {
        int[] targets = new int[batch.count()];
        for (int i = 0; i < batch.count(); i++) {
            books.handOut(batch.task(i), batch.token(i));
            targets[i] = (int) batch.task(i).targetId();
            books.processing[targets[i]]++;
        }
        int posted = 0;
        try {
            driver.whim(60);
            for (; posted < batch.count(); posted++) {
                maybeThrowInProcess();
                post(batch.task(posted), batch.token(posted));
            }
            driver.whim(60);
        } finally {
            for (int i = 0; i < batch.count(); i++) {
                books.processing[targets[i]]--;
                if (i >= posted) {
                    hardware.keep(batch.token(i));
                }
            }
        }
    }

    @Override
    public boolean onInterrupt() {
        books.maybeThrow(100);
        long[] tokens = new long[TaskBatch.MAX_TASKS];
        int limit = 1 + books.random.nextInt(tokens.length);
        int count = 0;
        while (count < limit && hardware.hasFinished()) {
            tokens[count++] = hardware.poll();
        }
        if (books.random.nextBoolean()) {
            complete(tokens, count);
        } else {
            for (int i = 0; i < count; i++) {
                complete(interruptCompleter, tokens[i]);
            }
        }
        driver.whim(40);
        return hardware.hasFinished();
    }

    @Override
    public ServiceResponse manageTask(TaskManagementFunction function, Nexus nexus, long targetId, long lun, long tag) {
        check(!books.isStopped, "manageTask after stop");
        driver.whim(10);
        books.maybeThrow(20);
        if (books.oneIn(4)) {
            int until = hardware.cycles + books.random.nextInt(5);
            books.depth++;
            boolean _ = framework.awaitHardware("verdict of " + function, () -> hardware.cycles >= until);
            books.depth--;
        }
        int count = hardware.abort(task -> task.targetId() == targetId && switch (function) {
            case ABORT_TASK -> task.nexusId() == nexus.id() && task.tag() == tag;
            case ABORT_TASK_SET -> task.nexusId() == nexus.id();
            case LOGICAL_UNIT_RESET, TARGET_RESET, CLEAR_TASK_SET -> true;
            default -> false;
        });
        for (int i = 0; i < count; i++) {
            books.met(function == TaskManagementFunction.ABORT_TASK ? SimulatedEvent.ABORTED : SimulatedEvent.RESET);
        }
        return ServiceResponse.FUNCTION_COMPLETE;
    }

    @Override
    public void onNexusReset(Nexus nexus) {
        books.maybeThrow(100);
    }

    @Override
    public void setPowerState(PowerState state, Framework given) {
        check(!books.isStopped, "setPowerState after stop");
        driver.acknowledge(state, given);
        books.maybeThrow(100);
    }

    @Override
    public void stop() {
        check(!books.isStopped, "stopped twice");
        books.isStopped = true;
        for (int calls : books.processing) {
            check(calls == 0, "I6: stop during a process call");
        }
        check(books.engine.core().targetTable().all().isEmpty(),
                "targets " + books.engine.core().targetTable().all() + " are not gone when the controller is stopped");
    }

    @Override
    public HardwareAgent hardware() {
        return hardware;
    }

    private static boolean isOurs(Task task, long token) {
        return task.isCurrent(token) && task.nexusId() != Nexus.MAX_NEXUSES - 1 && !task.isFetchingSense();
    }

    private void maybeThrowInProcess() {
        if (hardware.canLose()) {
            books.maybeThrow(200);
        }
    }

    private void post(Task task, long token) {
        if (books.oneIn(8)) {
            books.met(SimulatedEvent.OVERTAKING);
            hardware.answer(task, token);
            complete(processCompleter, token);
        } else {
            hardware.post(task, token);
        }
    }

    /// Answers the process call with something else than IN PROCESS, well or not: the framework fails the task.
    private ServiceResponse answerNow(Task task, long token) {
        books.synchronousAnswers++;
        books.met(SimulatedEvent.SYNCHRONOUS_ANSWER);
        books.explain(Misuse.SYNC_COMPLETION_UNSUPPORTED);
        books.answers.put(task.userData(), Answer.SYNCHRONOUS);
        books.forget(token);
        return books.random.nextBoolean() ? ServiceResponse.TASK_COMPLETE
                : ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE;
    }

    private void complete(long[] tokens, int count) {
        for (int i = 0; i < count; i++) {
            books.giveBack(framework.tasks().find(tokens[i]), tokens[i]);
        }
        interruptCompleter.complete(tokens, count);
    }

    private void complete(Completer completer, long token) {
        books.giveBack(framework.tasks().find(token), token);
        completer.complete(token);
    }
}
