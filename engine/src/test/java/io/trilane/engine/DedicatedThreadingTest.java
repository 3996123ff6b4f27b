package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.FakeController.Posting;
import io.trilane.engine.controller.QueueContract;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each role on a thread of its own. Every wait is bounded by the task's arrival or by the test's time limit.
@Timeout(120)
class DedicatedThreadingTest {
    private static final int TASKS_PER_CLIENT = 20_000;
    private static final long WAIT_NS = 10_000_000_000L;
    private static final EngineConfig CONFIG = EngineConfig.defaults()
            .withFramework(FrameworkConfig.defaults().withProbesTargets(false)).withMaxTasks(64).withClientMaxTasks(32)
            .withThreading(ThreadingMode.DEDICATED).withShard(9).withCountersDirectory(Optional.empty());

    @ParameterizedTest
    @EnumSource(QueueContract.class)
    void completesEachTaskOfTwoClientsExactlyOnce(QueueContract contract) throws InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        try (Engine engine = Engine.launch(CONFIG.withContract(contract), new FakeController())) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                threads.add(Thread.ofPlatform().uncaughtExceptionHandler((_, error) -> failure.set(error))
                        .start(() -> runClient(engine)));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failure.get()).isNull();
            assertThat(engine.counters().get(EngineCounter.COMPLETED)).isEqualTo(2L * TASKS_PER_CLIENT);
            assertThat(engine.counters().get(EngineCounter.STALE_COMPLETIONS)).isZero();
            assertThat(engine.counters().get(EngineCounter.CONTROLLER_ERRORS)).isZero();
            assertThat(engine.pool().countInState(TaskState.FREE)).isEqualTo(64);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Posting.class, names = {"COMPLETE_BEFORE_RETURN", "COMPLETE_LATER"})
    void acceptsCompletionsThatOvertakeTheSubmit(Posting posting) {
        FakeController controller = new FakeController();
        controller.posting = posting;
        controller.bundled = false;
        try (Engine engine = Engine.launch(CONFIG, controller)) {
            Client client = engine.openClient("initiator", "target");
            for (int i = 0; i < 1_000; i++) {
                Task task = Objects.requireNonNull(client.claim(0, WAIT_NS));
                task.setUserData(i);
                assertThat(client.submit(task)).isTrue();
                List<Task> done = new ArrayList<>();
                while (client.poll(done::add, 1) == 0) {
                    client.awaitCompletion(WAIT_NS);
                }
                assertThat(done).containsExactly(task);
                assertThat(task.userData()).isEqualTo(i);
                assertThat(client.release(task.token())).isTrue();
            }
        }
    }

    @Test
    void namesItsThreadsAndEndsThemAtClose() throws InterruptedException {
        Engine engine = Engine.launch(CONFIG, new FakeController());
        List<Thread> threads = trilaneThreads();
        assertThat(threads.stream().map(Thread::getName).collect(Collectors.toSet())).isEqualTo(
                Set.of("trilane-9-control", "trilane-9-io", "trilane-9-interrupt", "trilane-9-hardware",
                        "trilane-9-slow-work", "trilane-9-callback-watch"));
        engine.close();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(trilaneThreads()).isEmpty();
    }

    private static List<Thread> trilaneThreads() {
        return Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().startsWith("trilane-9-")).toList();
    }

    private static void runClient(Engine engine) {
        try (Client client = engine.openClient("initiator", "target")) {
            boolean[] seen = new boolean[TASKS_PER_CLIENT];
            int next = 0;
            int done = 0;
            while (done < TASKS_PER_CLIENT) {
                while (next < TASKS_PER_CLIENT && submit(client, next)) {
                    next++;
                }
                int polled = client.poll(task -> receive(client, task, seen), 32);
                done += polled;
                if (polled == 0) {
                    client.awaitCompletion(WAIT_NS);
                }
            }
        }
    }

    private static boolean submit(Client client, int number) {
        Task task = client.claim(0);
        if (task == null) {
            return false;
        }
        task.setUserData(number);
        return client.submit(task);
    }

    private static void receive(Client client, Task task, boolean[] seen) {
        int number = (int) task.userData();
        if (seen[number] || !task.isGood()) {
            throw new AssertionError("task " + number + " came twice or failed: " + task.status());
        }
        seen[number] = true;
        if (!client.release(task.token())) {
            throw new AssertionError("task " + number + " was not ours to release");
        }
    }
}
