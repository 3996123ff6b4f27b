package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.task.Role;
import io.trilane.engine.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who may call what from which thread.
@Timeout(60)
class DriverThreadTest {
    private static final EngineConfig CONFIG =
            EngineConfig.defaults().withFramework(FrameworkConfig.defaults().withProbesTargets(false)).withMaxTasks(64)
                    .withCountersDirectory(java.util.Optional.empty());

    @Test
    void refusesASecondDriverWithARemedy() throws InterruptedException {
        try (Engine engine = Engine.launch(CONFIG, new FakeController())) {
            assertThat(failureOn("second", engine::doWork)).isInstanceOf(IllegalStateException.class)
                    .hasMessage("thread=second is not driver=" + Thread.currentThread().getName()
                            + ", call doWork from one thread, or releaseDriver on that one first");
            assertThat(engine.doWork()).isZero();
        }
    }

    @Test
    void refusesAnyDriverWithDedicatedThreading() {
        try (Engine engine = Engine.launch(CONFIG.withThreading(ThreadingMode.DEDICATED), new FakeController())) {
            assertThatThrownBy(engine::doWork).hasMessage("threading=DEDICATED needs no driver, do not call doWork");
        }
    }

    @Test
    void letsAnotherThreadDriveAfterRelease() throws InterruptedException {
        Engine engine = Engine.launch(CONFIG, new FakeController());
        engine.releaseDriver();
        Throwable failure = failureOn("successor", () -> {
            Client client = engine.openClient("initiator", "target");
            assertThat(client.submit(Objects.requireNonNull(client.claim(0)))).isTrue();
            while (client.poll(task -> assertThat(client.release(task.token())).isTrue(), 1) == 0) {
                engine.doWork();
            }
            client.close();
            engine.close();
        });
        assertThat(failure).isNull();
    }

    @Test
    void refusesAReleaseByAThreadThatDoesNotDrive() throws InterruptedException {
        try (Engine engine = Engine.launch(CONFIG, new FakeController())) {
            assertThat(failureOn("second", engine::releaseDriver)).isInstanceOf(IllegalStateException.class)
                    .hasMessage("thread=second is not driver=" + Thread.currentThread().getName()
                            + ", call releaseDriver on the driver");
            assertThat(failureOn("third", engine::doWork)).as("the driver still drives").isNotNull();
            assertThat(engine.doWork()).isZero();
        }
    }

    @Test
    void releasesNothingWhenNobodyDrives() throws InterruptedException {
        try (Engine engine = Engine.launch(CONFIG, new FakeController())) {
            engine.releaseDriver();
            assertThat(failureOn("second", engine::releaseDriver)).isNull();
            engine.releaseDriver();
            assertThat(engine.doWork()).isZero();
        }
        try (Engine engine = Engine.launch(CONFIG.withThreading(ThreadingMode.DEDICATED), new FakeController())) {
            engine.releaseDriver();
            assertThat(engine.suspend()).isTrue();
        }
    }

    @Test
    void refusesAReleaseInsideACycle() {
        FakeController controller = new FakeController();
        List<Throwable> failures = new ArrayList<>();
        try (Engine engine = Engine.launch(CONFIG, controller)) {
            assertThat(controller.framework().dispatch(Role.IO, () -> {
                try {
                    engine.releaseDriver();
                } catch (IllegalStateException e) {
                    failures.add(e);
                }
            })).isTrue();
            while (engine.doWork() > 0) {
                continue;
            }
            assertThat(failures).singleElement().satisfies(failure -> assertThat(failure)
                    .hasMessage("thread=" + Thread.currentThread().getName()
                            + " is inside doWork, call releaseDriver after it has returned"));
        }
    }

    @Test
    void oneThreadLaunchesAndAnotherDrivesAndAThirdFollows() throws InterruptedException {
        Engine engine = Engine.launch(CONFIG, new FakeController());
        engine.releaseDriver();
        for (String name : List.of("loop-1", "loop-2")) {
            assertThat(failureOn(name, () -> {
                try (Client client = engine.openClient("initiator", "target")) {
                    assertThat(client.submit(Objects.requireNonNull(client.claim(0)))).isTrue();
                }
                engine.releaseDriver();
            })).isNull();
        }
        engine.close();
        assertThat(engine.counters().get(EngineCounter.COMPLETED)).isEqualTo(2);
    }

    @Test
    void letsOtherThreadsSubmitWhileOneDrives() throws InterruptedException {
        int rounds = 2_000;
        AtomicInteger polled = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        try (Engine engine = Engine.launch(CONFIG, new FakeController())) {
            List<Thread> submitters = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                submitters.add(Thread.ofPlatform().uncaughtExceptionHandler((_, error) -> failure.set(error))
                        .start(() -> submitAndPoll(engine, rounds, polled)));
            }
            while (submitters.stream().anyMatch(Thread::isAlive)) {
                if (engine.doWork() == 0) {
                    Thread.onSpinWait();
                }
            }
        }
        assertThat(failure.get()).isNull();
        assertThat(polled).hasValue(2 * rounds);
    }

    @Test
    void waitsForAClaimOnAThreadThatDoesNotDrive() throws InterruptedException {
        try (Engine engine = Engine.launch(CONFIG, new FakeController())) {
            Client rich = engine.openClient("initiator", "target");
            Client poor = engine.openClient("initiator", "target");
            Task last = null;
            for (int i = 0; i < 64; i++) {
                last = Objects.requireNonNull(rich.claim(0));
            }
            AtomicReference<Task> claimed = new AtomicReference<>();
            Thread waiter = Thread.ofPlatform().start(() -> claimed.set(poor.claim(0, 30_000_000_000L)));
            while (engine.counters().get(EngineCounter.REFUSED_CLAIMS) == 0) {
                Thread.onSpinWait();
            }
            assertThat(rich.release(last.token())).isTrue();
            waiter.join();
            assertThat(claimed.get()).isSameAs(last);
        }
    }

    private static void submitAndPoll(Engine engine, int rounds, AtomicInteger polled) {
        try (Client client = engine.openClient("initiator", "target")) {
            int submitted = 0;
            while (submitted < rounds) {
                Task task = client.inFlight() < 16 ? client.claim(512) : null;
                if (task != null) {
                    assertThat(client.submit(task)).isTrue();
                    submitted++;
                }
                polled.addAndGet(client.poll(done -> assertThat(client.release(done.token())).isTrue(), 32));
            }
            client.close(_ -> polled.incrementAndGet());
        }
    }

    private static Throwable failureOn(String name, Runnable action) throws InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread.ofPlatform().name(name).uncaughtExceptionHandler((_, error) -> failure.set(error)).start(action).join();
        return failure.get();
    }
}
