package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.controller.LifecycleState;
import io.trilane.engine.controller.PowerState;
import io.trilane.engine.controller.QueueContract;
import io.trilane.engine.controller.TargetVerdict;
import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskState;
import io.trilane.engine.task.TaskStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What must not happen around the end of things: an abort, a target, the power, the controller.
@Timeout(60)
class StopTest {
    private static final EngineConfig DEDICATED = EngineConfig.defaults().withMaxTasks(64)
            .withThreading(ThreadingMode.DEDICATED).withCountersDirectory(Optional.empty())
            .withContract(QueueContract.ENGINE)
            .withFramework(FrameworkConfig.defaults().withProbesTargets(false));

    @Test
    void tasksOfADestroyedTargetNeverReachItsSuccessor() {
        try (EngineFixture fixture = new EngineFixture()) {
            Client client = fixture.open();
            List<Task> old = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                old.add(fixture.submit(client));
            }
            List<Object> answers = new ArrayList<>();
            fixture.controller.framework().destroyTarget(0, answers::add);
            fixture.controller.framework().createTarget(0, Map.of(), answers::add);
            int[] seen = {-1};
            fixture.controller.onProcess = (_, _) -> seen[0] = Math.max(seen[0], answers.size());
            fixture.pump();
            assertThat(answers).containsExactly(true, TargetVerdict.CREATED);
            assertThat(seen[0]).as("no task of the old target after the answer").isLessThanOrEqualTo(0);
            assertThat(EngineFixture.poll(client)).containsExactlyInAnyOrderElementsOf(old);
        }
    }

    @Test
    void anAbortedTaskThatWasHeldIsNotExecutedAfterItsAbort() {
        try (EngineFixture fixture = new EngineFixture(
                config -> config.withFramework(config.framework().withSuspendPolicy(SuspendPolicy.HOLD)), _ -> {})) {
            Client client = fixture.open();
            assertThat(fixture.engine.suspend()).isTrue();
            Task task = fixture.submit(client);
            assertThat(client.manageTask(TaskManagementFunction.ABORT_TASK_SET, 0, task.lun(), 0))
                    .isEqualTo(ServiceResponse.FUNCTION_COMPLETE);
            assertThat(fixture.engine.resume()).isTrue();
            fixture.pump();
            assertThat(EngineFixture.poll(client)).containsExactly(task);
            assertThat(task.status()).isEqualTo(TaskStatus.NO_STATUS);
            assertThat(fixture.controller.processedTasks).isZero();
        }
    }

    @Test
    void aTaskThatIsRefusedAfterItsAbortIsNotSentAgain() {
        try (EngineFixture fixture = new EngineFixture(config -> config,
                c -> c.posting = FakeController.Posting.HOLD)) {
            Client client = fixture.open();
            Task task = fixture.submit(client);
            fixture.pump();
            assertThat(client.manageTask(TaskManagementFunction.ABORT_TASK_SET, 0, task.lun(), 0))
                    .isEqualTo(ServiceResponse.FUNCTION_COMPLETE);
            fixture.controller.finish(task.token(), ServiceResponse.TASK_COMPLETE, TaskStatus.TASK_SET_FULL, 0);
            fixture.elapse(20_000);
            assertThat(EngineFixture.poll(client)).containsExactly(task);
            assertThat(task.status()).isEqualTo(TaskStatus.NO_STATUS);
            assertThat(fixture.count(EngineCounter.RESENDS)).isZero();
        }
    }

    @Test
    void aTaskWhoseAbortWasRejectedIsSentAgain() {
        try (EngineFixture fixture = new EngineFixture(config -> config, c -> {
            c.posting = FakeController.Posting.HOLD;
            c.managementVerdict = ServiceResponse.FUNCTION_REJECTED;
        })) {
            Client client = fixture.open();
            Task task = fixture.submit(client);
            fixture.pump();
            assertThat(client.manageTask(TaskManagementFunction.ABORT_TASK_SET, 0, task.lun(), 0))
                    .isEqualTo(ServiceResponse.FUNCTION_REJECTED);
            fixture.controller.finish(task.token(), ServiceResponse.TASK_COMPLETE, TaskStatus.TASK_SET_FULL, 0);
            fixture.pump();
            assertThat(task.state()).isEqualTo(TaskState.RESEND);
        }
    }

    @Test
    void powerGoesOnlyWhenNoProcessCallRuns() throws InterruptedException {
        FakeController controller = new FakeController();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        boolean[] running = {false};
        boolean[] overlapped = {false};
        controller.onProcess = (_, _) -> {
            running[0] = true;
            inside.countDown();
            awaitQuietly(leave);
            running[0] = false;
        };
        controller.onPower = _ -> overlapped[0] |= running[0];
        try (Engine engine = Engine.launch(DEDICATED, controller); Client client = engine.openClient("i", "t")) {
            Task task = client.claim(0);
            task.setTargetId(0);
            assertThat(client.submit(task)).isTrue();
            inside.await();
            boolean[] answer = {false};
            Thread operator = new Thread(() -> answer[0] = engine.setPowerState(PowerState.OFF));
            operator.start();
            operator.join(200);
            assertThat(operator.isAlive()).as("it waits for the call").isTrue();
            leave.countDown();
            operator.join();
            assertThat(answer[0]).isTrue();
            assertThat(overlapped[0]).isFalse();
        }
    }

    @Test
    void aRoleSurvivesAnErrorOfItsDriver() {
        FakeController controller = new FakeController();
        boolean[] fails = {true};
        controller.onProcess = (_, _) -> {
            if (fails[0]) {
                fails[0] = false;
                throw new AssertionError("process fails on purpose");
            }
        };
        controller.onManage = () -> {
            throw new StackOverflowError("manageTask fails on purpose");
        };
        try (Engine engine = Engine.launch(DEDICATED.withCloseTimeoutNs(200_000_000), controller);
                Client client = engine.openClient("i", "t")) {
            for (int i = 0; i < 2; i++) {
                Task task = client.claim(0);
                task.setTargetId(0);
                task.setTimeoutMillis(1 + 50 * (1 - i));
                assertThat(client.submit(task)).isTrue();
                while (client.inFlight() > 0) {
                    client.awaitCompletion(1_000_000);
                    client.poll(done -> client.release(done.token()), 4);
                }
            }
            assertThat(client.manageTask(TaskManagementFunction.TARGET_RESET, 0, 0, 0))
                    .isEqualTo(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE);
            assertThat(engine.counters().get(EngineCounter.CONTROLLER_ERRORS)).isEqualTo(2);
            assertThat(engine.suspend()).as("the control role lives").isTrue();
        }
    }

    @Test
    void closesAlsoWhenADriverNeverReturns() {
        FakeController controller = new FakeController();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        controller.onProcess = (_, _) -> {
            inside.countDown();
            awaitQuietly(never);
        };
        Engine engine = Engine.launch(DEDICATED.withCloseTimeoutNs(100_000_000), controller);
        Client client = engine.openClient("i", "t");
        Task task = client.claim(0);
        task.setTargetId(0);
        assertThat(client.submit(task)).isTrue();
        awaitQuietly(inside);
        engine.close();
        assertThat(engine.memory().commands().scope().isAlive()).as("memory that may be written is kept").isTrue();
        never.countDown();
    }

    @Test
    void callsTheControllerNoMoreOnceItIsStopped() {
        try (EngineFixture fixture = new EngineFixture()) {
            Client client = fixture.open();
            fixture.engine.remove();
            int calls = fixture.controller.calls.size();
            assertThat(fixture.controller.calls).last().isEqualTo("stop");
            assertThat(client.manageTask(TaskManagementFunction.TARGET_RESET, 0, 0, 0))
                    .isEqualTo(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE);
            fixture.open().close();
            assertThat(fixture.controller.calls).hasSize(calls);
            assertThat(fixture.engine.state()).isEqualTo(LifecycleState.STOPPED);
        }
    }

    @Test
    void destroyingInsideACreationIsAnsweredOnce() {
        try (EngineFixture fixture = new EngineFixture()) {
            List<Object> answers = new ArrayList<>();
            fixture.controller.onInitialize = id -> {
                if (id == 1) {
                    answers.add(fixture.controller.framework().destroyTarget(0));
                    answers.add(fixture.controller.framework().destroyTarget(1));
                }
            };
            fixture.controller.framework().createTarget(1, Map.of(), answers::add);
            fixture.pump();
            assertThat(answers).containsExactly(true, true, TargetVerdict.ABANDONED);
            assertThat(fixture.engine.targets()).isEmpty();
            assertThat(fixture.engine.core().targetTable().accepts(1)).isFalse();
            assertThat(fixture.engine.core().targets().isSettled()).isTrue();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        boolean waiting = true;
        while (waiting) {
            try {
                latch.await();
                waiting = false;
            } catch (InterruptedException e) {
                // A driver that does not listen.
            }
        }
    }
}
