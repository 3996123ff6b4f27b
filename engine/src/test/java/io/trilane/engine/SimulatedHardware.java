package io.trilane.engine;

import static io.trilane.engine.SimulationBooks.check;

import io.trilane.engine.SimulationBooks.Answer;
import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.HardwareAgent;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskExtension;
import io.trilane.engine.task.TaskStatus;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/// The hardware of a [Simulation]: answers in random order, at random times, well or not, some tokens twice and some tasks
/// only at the end.
///
/// It answers each task by inverting the stamp that the client left in its data and by writing the client's number into
/// the extension, so that a completion that reaches the wrong task shows.
final class SimulatedHardware implements HardwareAgent {
    private static final int REMEMBERED_TOKENS = 64;
    private static final int FAULT_ONE_IN = 200;
    private static final int SENSE_BYTES = 18;
    private static final byte[] SENSE = {0x70, 0, 3, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x11, 0, 0, 0, 0, 0};

    private final SimulationBooks books;
    private final ProbedTarget disk = new ProbedTarget();
    private final List<Long> outstanding = new ArrayList<>();
    /// Not answered before the end.
    private final List<Long> lost = new ArrayList<>();
    /// Answered, not seen by the interrupt role yet.
    private final Deque<Long> finished = new ArrayDeque<>();
    /// Completed tokens, to be completed once more.
    private final Deque<Long> old = new ArrayDeque<>();
    private Framework framework;
    private int stuckCycles;
    /// Cycles so far, for who waits for the hardware.
    int cycles;

    SimulatedHardware(SimulationBooks books) {
        this.books = books;
    }

    void attach(Framework given) {
        framework = given;
    }

    void post(Task task, long token) {
        boolean isTimed = task.isTimed() && !task.isFetchingSense();
        boolean isLost = books.plan.fault() == SimulatedFault.LOSES_A_TASK && books.oneIn(FAULT_ONE_IN);
        if (isLost) {
            return;
        }
        if (isTimed && canLose() && books.oneInUnlessCorrect(100)) {
            books.met(SimulatedEvent.LOST);
            keep(token);
        } else {
            outstanding.add(token);
        }
    }

    /// Not so many that nothing is left to work with.
    boolean canLose() {
        return lost.size() < Math.min(books.plan.maxTasks(), books.plan.maxTaskCount()) / 4;
    }

    /// A token that only the end brings back.
    void keep(long token) {
        lost.add(token);
        books.explain(Misuse.POOL_STARVED);
        books.explain(Misuse.PROBE_HELD);
    }

    /// The next answered token, or null.
    Long poll() {
        return finished.poll();
    }

    boolean hasFinished() {
        return !finished.isEmpty();
    }

    int inHardware() {
        return outstanding.size() + finished.size() + lost.size();
    }

    /// Ends what the predicate says as aborted; returns how many.
    int abort(Predicate<Task> affected) {
        int count = 0;
        for (Long token : List.copyOf(outstanding)) {
            Task task = framework.tasks().find(token);
            if (!affected.test(task) || task.isFetchingSense()) {
                continue;
            }
            outstanding.remove(token);
            count++;
            if (books.plan.fault() == SimulatedFault.FORGETS_AN_ABORTED_TASK) {
                continue;
            }
            note(task, Answer.ABORTED);
            task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.TASK_ABORTED, 0);
            finished.add(token);
            if (books.plan.fault() == SimulatedFault.COMPLETES_AN_ABORTED_TASK_TWICE) {
                finished.add(token);
            }
        }
        if (count != 0) {
            framework.interruptLine().raise();
        }
        return count;
    }

    /// Always busy, so that nobody who waits for it sleeps.
    @Override
    public int doWork(long nowNs) {
        cycles++;
        if (!books.isFinishing && isStuck()) {
            return 1;
        }
        if (books.isFinishing) {
            outstanding.addAll(lost);
            lost.clear();
        }
        int count = books.isFinishing ? outstanding.size() : Math.min(outstanding.size(), books.random.nextInt(12));
        for (int i = 0; i < count; i++) {
            long token = outstanding.remove(books.random.nextInt(outstanding.size()));
            answer(framework.tasks().find(token), token);
            finished.add(token);
        }
        if (!books.isFinishing && !old.isEmpty() && books.oneInUnlessCorrect(4)) {
            completeAgain(old.poll());
            count++;
        }
        if (count > 0) {
            framework.interruptLine().raise();
        }
        return 1;
    }

    @Override
    public String name() {
        return "simulated";
    }

    /// Answers a task that the controller holds, in any way that it may.
    void answer(Task task, long token) {
        if (task.nexusId() == Nexus.MAX_NEXUSES - 1) {
            answerProbe(task);
        } else if (task.isFetchingSense()) {
            answerRequestSense(task, token);
        } else {
            answerCommand(task, token);
        }
    }

    /// Now and then the hardware does nothing for a while: that is when deadlines pass and closing clients give up.
    private boolean isStuck() {
        stuckCycles = books.oneInUnlessCorrect(300) ? books.random.nextInt(1_000) : stuckCycles - 1;
        return stuckCycles > 0;
    }

    private void answerProbe(Task task) {
        ProbedController.Answer answer = disk.apply(ProbedController.Command.of(task));
        long length = Math.min(answer.data().length, task.transferCount());
        long _ = task.extents().scatter(MemorySegment.ofArray(answer.data()), 0, 0, length);
        task.setResponse(answer.response(), answer.status(), answer.bytesTransferred());
        task.setSenseLength(0);
    }

    private void answerRequestSense(Task task, long token) {
        check(task.cdbByte(0) == 0x03 && task.cdbLength() == 6, "no REQUEST SENSE");
        if (books.oneInUnlessCorrect(10)) {
            task.setResponse(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE, TaskStatus.DELIVERY_FAILURE, 0);
            return;
        }
        long _ = task.extents().scatter(MemorySegment.ofArray(SENSE), 0, 0, SENSE_BYTES);
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.GOOD, SENSE_BYTES);
        remember(token);
        if (!task.isZombie()) {
            books.senseFetched.add(task.userData());
        }
    }

    private void answerCommand(Task task, long token) {
        int kind = books.isFinishing ? 100 : books.random.nextInt(100);
        boolean isStillFull = task.resends() > 0 && !books.isFinishing && books.oneIn(3);
        if (kind < 4 || isStillFull) {
            note(task, Answer.FULL);
            books.met(SimulatedEvent.FULL);
            task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.TASK_SET_FULL, 0);
        } else if (kind < 7) {
            checkCondition(task);
        } else if (kind < 9) {
            note(task, Answer.DELIVERY);
            books.met(SimulatedEvent.DELIVERY_FAILURE);
            task.setResponse(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE, TaskStatus.PROTOCOL_TIMEOUT_OCCURRED,
                    0);
            remember(token);
        } else if (kind < 10 && !books.plan.isCorrect()) {
            books.badVersions++;
            books.met(SimulatedEvent.BAD_VERSION);
            books.explain(Misuse.RESPONSE_VERSION_BAD);
            note(task, Answer.BAD_VERSION);
            task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.GOOD, 0);
            task.setResponseVersion(2);
            remember(token);
        } else {
            good(task);
            remember(token);
        }
    }

    private void checkCondition(Task task) {
        note(task, Answer.CHECK);
        books.met(SimulatedEvent.CHECK_CONDITION);
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.CHECK_CONDITION, 0);
        if (books.plan.autoSense() && books.plan.fault() != SimulatedFault.WITHHOLDS_SENSE) {
            MemorySegment.copy(MemorySegment.ofArray(SENSE), 0, task.responses(), task.senseOffset(), SENSE_BYTES);
            task.setSenseLength(SENSE_BYTES);
        }
    }

    /// What an inverted stamp looks like; the response too, which the client reads only when it was in time.
    private void good(Task task) {
        if (task.extents().count() != 0) {
            long at = task.extents().offset(0);
            long stamp = task.extents().segment(0).get(ValueLayout.JAVA_LONG_UNALIGNED, at);
            check(stamp == task.userData(), "data of task " + task.userData() + " holds the stamp " + stamp);
            task.extents().segment(0).set(ValueLayout.JAVA_LONG_UNALIGNED, at, ~stamp);
        }
        note(task, Answer.GOOD);
        task.setExtensionLong(TaskExtension.RESIDUAL, ~task.userData());
        long more = books.plan.fault() == SimulatedFault.OVERSTATES_BYTES ? 1 : 0;
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.GOOD, task.transferCount() + more);
    }

    /// Noted only for a task whose client waits for it.
    private void note(Task task, Answer answer) {
        if (!task.isZombie()) {
            books.answers.put(task.userData(), answer);
        }
    }

    private void completeAgain(long token) {
        Task task = framework.tasks().find(token);
        boolean next = books.plan.fault() == SimulatedFault.COMPLETES_THE_NEXT_USER;
        long which = next ? task.token() : books.oneIn(10) ? books.random.nextLong() : token;
        books.planDuplicate(which);
        finished.add(which);
        if (books.plan.fault() == SimulatedFault.WRITES_AFTER_COMPLETION && task.extents().count() != 0) {
            task.extents().segment(0).set(ValueLayout.JAVA_LONG_UNALIGNED, task.extents().offset(0), -2);
        }
    }

    /// Not before it has really been completed: see [#completeAgain].
    private void remember(long token) {
        old.add(token);
        if (old.size() > REMEMBERED_TOKENS) {
            old.poll();
        }
    }
}
