package io.trilane.hba;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskStatus;
import io.trilane.hba.command.Command;
import io.trilane.hba.command.CommandGate;
import io.trilane.hba.command.CommandResponse;
import io.trilane.hba.command.Outcome;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageResult;
import io.trilane.hba.page.PageWriter;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A disk: executes commands against an image, one at a time, in the order of arrival. Every task given to [#execute]
/// is finished exactly once, at once or after its image operation. Touched by the hardware agent only.
@HotPath
public final class LogicalUnit {
    private final LogicalUnitConfig config;
    private final CommandFinisher finisher;
    private final UnitServer server;
    private final Command command;
    private final CommandGate gate;
    private final Anticipation anticipation;
    private final OverlapOrder order;
    private final AbortedTasks aborted = new AbortedTasks();
    private final UnitCounters counters = new UnitCounters();
    /// Commands that waited for tasks to be aborted, which are now.
    private final Deque<Verdict> settled = new ArrayDeque<>();
    /// Waits for the background flush of a unit that is gone.
    private @Nullable Verdict leaving;

    /// Commands that are under way, and commands that wait for them. While it is 0, order costs this one compare.
    private int unfinished;

    /// @param maxTasks most tasks that can be with this unit at once
    public LogicalUnit(LogicalUnitConfig config, DiskImage image, SlowImageWork slowWork, CommandFinisher finisher,
            int maxTasks) {
        if (image.capacityBlocks() < 1) {
            throw new IllegalArgumentException("capacityBlocks=" + image.capacityBlocks() + " < 1, give image="
                    + image.name() + " at least one block");
        }
        this.config = config;
        this.finisher = finisher;
        this.server = new UnitServer(this, config, image, slowWork);
        this.command = new Command(server);
        this.gate = new CommandGate(server);
        this.order = new OverlapOrder(maxTasks);
        this.anticipation = new Anticipation(server);
    }

    /// Decodes, checks and executes; writes the response and finishes the task now, or later.
    public void execute(Task task) {
        command.load(task);
        if (unfinished != 0 && order.parkIfBlocked(command)) {
            unfinished++;
            return;
        }
        run(task);
    }

    /// Notes where `task`, which will be executed soon, starts in the image.
    void expect(Task task) {
        anticipation.expect(task);
    }

    /// Tells the image about the noted places.
    void anticipate() {
        anticipation.tellImage();
    }

    /// Delivers the result of a task's image operation that was PENDING, or of its slow work.
    public void onImageDone(Task task, long result) {
        if (server.takeInlineResult(task, result)) {
            return;
        }
        order.assertUnderWay(task);
        TaskStatus abortedWith = aborted.statusOf(task);
        if (abortedWith != null) {
            endAborted(task, abortedWith);
            return;
        }
        command.load(task);
        Outcome outcome;
        try {
            outcome = command.row().family().resume(command, result);
        } catch (RuntimeException e) {
            outcome = fail(e);
        }
        boolean isFlushing = server.takeFlushPending();
        if (outcome != Outcome.PENDING) {
            order.onDone(task);
            unfinished--;
            finish(task, outcome);
        } else if (isFlushing) {
            order.onFlushing(task);
        }
        runWaiting();
    }

    /// Delivers the result of a background operation.
    public void onBackgroundDone(long result) {
        server.backgroundFlush().onDone(result);
        if (leaving != null && !isFlushingInBackground()) {
            leaving.release();
            leaving = null;
        }
    }

    /// The nexus was lost, reset or newly made: its next command hears of it.
    public void resetNexus(Nexus nexus) {
        server.resetNexus(nexus);
    }

    /// The nexus was lost (SAM-5 6.3.4): its tasks have been aborted.
    void loseNexus(int nexusId) {
        server.loseNexus(nexusId);
    }

    /// A logical unit or target reset: all tasks have been aborted.
    void reset() {
        server.reset();
    }

    /// Takes back the tasks for which `which` holds: those that wait are finished at once and never start, those under
    /// way when their image operation is back; `verdict` is held until then.
    ///
    /// @param status as for [CommandResponse#writeAborted]
    void abort(Predicate<Task> which, TaskStatus status, Verdict verdict) {
        // All that wait first: one that is taken out must not let another start that is taken out as well.
        for (Task task = order.takeWaiting(which); task != null; task = order.takeWaiting(which)) {
            unfinished--;
            finishAborted(task, status);
        }
        order.forEachUnderWay(task -> {
            if (which.test(task)) {
                aborted.add(task, status, verdict);
            }
        });
        runWaiting();
    }

    /// The unit is gone: takes back every task; `verdict` is held until nothing touches the image any more.
    void leaveTarget(TaskStatus status, Verdict verdict) {
        abort(_ -> true, status, verdict);
        if (isFlushingInBackground()) {
            verdict.hold();
            leaving = verdict;
        }
    }

    /// The nexuses whose tasks are here and not aborted.
    NexusSet nexusesWithTasks() {
        NexusSet nexuses = new NexusSet();
        order.forEachWaiting(task -> nexuses.add(task.nexusId()));
        order.forEachUnderWay(task -> {
            if (aborted.statusOf(task) == null) {
                nexuses.add(task.nexusId());
            }
        });
        return nexuses;
    }

    /// Commands whose image operation is pending, and commands that wait for them.
    public int unfinishedCommands() {
        return unfinished;
    }

    /// True while a flush that nobody waits for is under way; the image must stay open.
    public boolean isFlushingInBackground() {
        return server.backgroundFlush().isUnderWay();
    }

    public DiskImage image() {
        return server.image();
    }

    public LogicalUnitConfig config() {
        return config;
    }

    public UnitCounters counters() {
        return counters;
    }

    UnitAttentions attentions() {
        return server.attentions();
    }

    void joinTarget(long[] luns, PageWriter writer, IntConsumer onLunsReported) {
        server.joinTarget(luns, writer, onLunsReported);
    }

    private Outcome fail(RuntimeException e) {
        System.getLogger("io.trilane.hba").log(System.Logger.Level.ERROR, "command " + command.row().name() + " failed",
                e);
        return command.abandon();
    }

    /// An exception in here is our bug: it costs the command, not the unit.
    private void run(Task task) {
        Outcome outcome;
        try {
            outcome = gate.check(command);
            if (outcome == Outcome.GOOD) {
                outcome = command.row().family().execute(command);
            }
        } catch (RuntimeException e) {
            outcome = fail(e);
        }
        if (outcome == Outcome.PENDING) {
            onPending(task);
        } else {
            finish(task, outcome);
        }
    }

    private void onPending(Task task) {
        order.onPending(command);
        unfinished++;
        if (server.takeFlushPending()) {
            order.onFlushing(task);
        }
        BitSet nexusIds = server.takeAbortRequest();
        if (nexusIds != null) {
            abortFor(task, nexusIds);
        }
    }

    /// PREEMPT AND ABORT: resumes the command when the tasks of these nexuses are gone. They hear of their tasks (SAM-5
    /// 5.6, TAS = 0) besides what they hear of the reservation.
    private void abortFor(Task task, BitSet nexusIds) {
        NexusSet withTasks = nexusesWithTasks();
        nexusIds.stream().filter(withTasks::contains)
                .forEach(id -> attentions().raise(id, Outcome.COMMANDS_CLEARED_BY_ANOTHER_INITIATOR));
        Verdict verdict = new Verdict(() -> onImageDone(task, ImageResult.DONE), settled::add);
        abort(other -> nexusIds.get(other.nexusId()), TaskStatus.NO_STATUS, verdict);
        verdict.release();
        answerSettled();
    }

    private void answerSettled() {
        for (Verdict verdict = settled.poll(); verdict != null; verdict = settled.poll()) {
            verdict.answer();
        }
    }

    private void finish(Task task, Outcome outcome) {
        if (outcome != Outcome.GOOD) {
            counters.count(outcome);
        }
        CommandResponse.write(command, outcome);
        finisher.onFinished(task);
    }

    private void endAborted(Task task, TaskStatus status) {
        order.onDone(task);
        unfinished--;
        finishAborted(task, status);
        aborted.onDone(task);
        answerSettled();
        runWaiting();
    }

    private void finishAborted(Task task, TaskStatus status) {
        CommandResponse.writeAborted(task, status);
        finisher.onFinished(task);
    }

    private void runWaiting() {
        for (Task next = order.takeRunnable(); next != null; next = order.takeRunnable()) {
            unfinished--;
            command.load(next);
            run(next);
        }
    }
}
