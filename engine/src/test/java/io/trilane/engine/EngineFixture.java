package io.trilane.engine;

import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TransferDirection;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// An INVOKER engine around a [FakeController], driven by the test's own thread with a [ManualClock].
final class EngineFixture implements AutoCloseable {
    static final int TASKS = 64;

    final ManualClock clock = new ManualClock();
    final FakeController controller = new FakeController();
    final Engine engine;

    EngineFixture() {
        this(config -> config, _ -> {});
    }

    /// @param change what differs from 64 tasks, 4 MiB, a millisecond to close
    /// @param script what the controller does differently, from its launch on
    EngineFixture(java.util.function.UnaryOperator<EngineConfig> change,
            java.util.function.Consumer<FakeController> script) {
        script.accept(controller);
        engine = Engine.launch(change.apply(config(clock)), controller);
    }

    static EngineConfig config(ManualClock clock) {
        return EngineConfig.defaults().withMaxTasks(TASKS).withDataBudgetBytes(4 << 20).withSimulatedTime(clock)
                .withCloseTimeoutNs(1_000_000)
                .withFramework(FrameworkConfig.defaults().withProbesTargets(false));
    }

    Client open() {
        return engine.openClient("initiator", "target");
    }

    /// Claims, fills and submits one task without data; returns it.
    Task submit(Client client) {
        Task task = claim(client);
        if (!client.submit(task)) {
            throw new AssertionError("refused");
        }
        return task;
    }

    Task claim(Client client) {
        Task task = Objects.requireNonNull(client.claim(4096));
        task.setTransfer(TransferDirection.FROM_TARGET, 4096);
        return task;
    }

    /// Pumps until nothing is left to do.
    void pump() {
        int cycles = 0;
        while (engine.doWork() > 0) {
            if (++cycles > 100_000) {
                throw new AssertionError("work without end");
            }
        }
    }

    /// Lets time pass and the control role see it.
    void elapse(long millis) {
        clock.advanceMillis(millis);
        pump();
    }

    /// Everything that waits for the client; not released.
    static List<Task> poll(Client client) {
        List<Task> tasks = new ArrayList<>();
        while (client.poll(tasks::add, 32) > 0) {
            continue;
        }
        return tasks;
    }

    long count(EngineCounter counter) {
        return engine.counters().get(counter);
    }

    @Override
    public void close() {
        engine.close();
    }
}
