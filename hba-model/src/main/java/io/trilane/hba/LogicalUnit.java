package io.trilane.hba;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.hba.command.Command;
import io.trilane.hba.command.CommandGate;
import io.trilane.hba.command.CommandResponse;
import io.trilane.hba.command.Outcome;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.page.PageWriter;

/// A disk: executes commands against an image, one at a time, in the order of arrival. Every task given to [#execute]
/// is finished exactly once, at once or after its image operation. Touched by the hardware agent only.
@HotPath
public final class LogicalUnit {
    private final LogicalUnitConfig config;
    private final CommandFinisher finisher;
    /// The shortest block there is: so much is there behind every address.
    private static final int SMALL_BYTES = 512;

    private final UnitServer server;
    private final Command command;
    private final CommandGate gate;
    private final OverlapOrder order;
    private final UnitCounters counters = new UnitCounters();

    /// Commands that are under way, and commands that wait for them. While it is 0, order costs this one compare.
    private int unfinished;
    private final long[] expectedOffsets = new long[TaskBatch.MAX_TASKS];
    private final boolean anticipates;
    private int expected;
    private long expectedBytes = Long.MAX_VALUE;

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
        this.anticipates = image.anticipates();
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
        if (anticipates) {
            long address = server.commands().addressOf(task);
            if (address >= 0 && address < server.capacityBlocks()) {
                expectedOffsets[expected++] = address << server.blockShift();
                expectedBytes = Math.min(expectedBytes, task.transferCount());
            }
        }
    }

    /// Tells the image about the noted places; one alone is not worth it. Of small transfers every cache line, of larger
    /// ones the first: the rest the processor fetches by itself.
    void anticipate() {
        if (expected > 1) {
            server.image().anticipate(expectedOffsets, expected, expectedBytes <= SMALL_BYTES ? SMALL_BYTES : 1);
        }
        expected = 0;
        expectedBytes = Long.MAX_VALUE;
    }

    /// Delivers the result of a task's image operation that was PENDING, or of its slow work.
    public void onImageDone(Task task, long result) {
        if (server.takeInlineResult(task, result)) {
            return;
        }
        order.assertUnderWay(task);
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
    }

    /// The nexus was lost, reset or newly made: its next command hears of it.
    public void resetNexus(int nexusId) {
        server.attentions().raise(nexusId, Outcome.POWER_ON_RESET);
    }

    /// Takes back a task that waits behind others and has not started; false when it has, or is not here. The task is
    /// not finished by this.
    public boolean withdraw(Task task) {
        if (!order.withdraw(task)) {
            return false;
        }
        unfinished--;
        runWaiting();
        return true;
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

    void joinTarget(long[] luns, PageWriter writer) {
        server.joinTarget(luns, writer);
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
    }

    private void finish(Task task, Outcome outcome) {
        if (outcome != Outcome.GOOD) {
            counters.count(outcome);
        }
        CommandResponse.write(command, outcome);
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
