package io.trilane.engine;

import io.trilane.engine.ProbedController.Answer;
import io.trilane.engine.ProbedController.Command;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.MisuseLog;
import io.trilane.engine.task.TaskBatch;
import java.util.List;
import java.util.function.Function;

/// An INVOKER engine around a [ProbedController], and a probe of its target 1 with a clock of its own.
final class ProbeFixture implements AutoCloseable {
    static final long TARGET = 1;
    static final long READY_TIMEOUT_NS = 45_000_000_000L;
    static final int TASKS = 8;
    private static final int IDLE_MILLIS = 10;

    final ManualClock clock = new ManualClock();
    final ProbedController controller;
    final Engine engine;
    final Client client;
    final MisuseLog misuses;
    final TargetProbe probe;

    ProbeFixture(Function<Command, Answer> device) {
        this(device, 0x3FFF);
    }

    ProbeFixture(Function<Command, Answer> device, long highestLogicalUnitNumber) {
        controller = new ProbedController(device);
        engine = Engine.launch(EngineConfig.defaults().withMaxTasks(TASKS).withDataBudgetBytes(4 << 20)
                .withSimulatedTime(clock).withCloseTimeoutNs(1_000_000)
                .withFramework(FrameworkConfig.defaults().withProbesTargets(false)), controller);
        client = engine.openClient("framework", "target");
        misuses = new MisuseLog(clock, engine.counters());
        probe = new TargetProbe(client, TARGET, highestLogicalUnitNumber, READY_TIMEOUT_NS, misuses);
    }

    /// One cycle as the control role makes it; returns the work done.
    int step() {
        int done = engine.doWork();
        done += client.poll(probe::onCompletion, 32);
        return done + probe.doWork(clock.getAsLong());
    }

    /// Steps until nothing is left to do at this moment.
    void settle() {
        int steps = 0;
        while (step() > 0) {
            if (++steps > 100_000) {
                throw new AssertionError("work without end");
            }
        }
    }

    /// Lets time pass whenever there is nothing to do, until the probe is done; returns how long it took.
    long run() {
        long startNs = clock.getAsLong();
        int steps = 0;
        while (!probe.isDone()) {
            if (step() == 0) {
                clock.advanceMillis(IDLE_MILLIS);
            }
            if (++steps > 2_000_000) {
                throw new AssertionError("probe without end");
            }
        }
        return (clock.getAsLong() - startNs) / 1_000_000;
    }

    /// How many tasks can be claimed; they are released again.
    int freeTasks() {
        TaskBatch batch = new TaskBatch();
        int free = client.claim(batch, TASKS, 0);
        for (int i = 0; i < free; i++) {
            boolean _ = client.release(batch.task(i).token());
        }
        return free;
    }

    /// The commands that the device got, as `operationCode@lun`, both hexadecimal.
    List<String> sequence() {
        return controller.commands.stream()
                .map(c -> String.format("%02X@%X", c.operationCode(), c.lun() >>> 48)).toList();
    }

    long count(int operationCode) {
        return controller.commands.stream().filter(c -> c.operationCode() == operationCode).count();
    }

    long misuses(Misuse misuse) {
        return misuses.count(misuse);
    }

    @Override
    public void close() {
        engine.close();
    }
}
