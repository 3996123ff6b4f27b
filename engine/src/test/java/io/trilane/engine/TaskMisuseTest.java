package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.FakeController.Posting;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.MisuseLog;
import io.trilane.engine.controller.MisuseReport;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.role.StarvationWatch;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskState;
import io.trilane.engine.task.TaskStatus;
import io.trilane.engine.task.TaskToken;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Each misuse of a task is told under its conditions, and only then.
class TaskMisuseTest {
    private static final long PATIENCE_MILLIS = StarvationWatch.PATIENCE_NS / 1_000_000;

    private final EngineFixture fixture =
            new EngineFixture(config -> config.withMaxTasks(10), c -> c.posting = Posting.HOLD);
    private final FakeController controller = fixture.controller;
    private final Client client = fixture.open();
    private final MisuseLog misuses = fixture.engine.misuses();

    @AfterEach
    void closeEngine() {
        fixture.close();
    }

    @Test
    void tellsNothingOfAControllerThatDoesEverythingRight() {
        Task task = submit();
        controller.finish(task.token());
        fixture.elapse(PATIENCE_MILLIS + 1000);
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(misuses.reports()).isEmpty();
        assertThat(fixture.count(EngineCounter.MISUSES)).isZero();
    }

    @Test
    void tellsADoubleCompletion() {
        long token = submit().token();
        controller.finish(token);
        fixture.pump();
        controller.completer().complete(token);
        controller.completer().complete(TaskToken.NONE);
        assertThat(misuses.count(Misuse.DOUBLE_COMPLETION)).isEqualTo(2);
        assertThat(report().detail()).contains("token=" + TaskToken.describe(token));
        assertThat(fixture.count(EngineCounter.STALE_COMPLETIONS)).isEqualTo(2);
    }

    @Test
    void tellsALateCompletion() {
        Task task = fixture.claim(client);
        task.setTimeoutMillis(10);
        assertThat(client.submit(task)).isTrue();
        fixture.pump();
        fixture.elapse(30);
        controller.completer().complete(task.token());
        assertThat(misuses.count(Misuse.LATE_COMPLETION)).isEqualTo(1);
        assertThat(misuses.count(Misuse.DOUBLE_COMPLETION)).isZero();
    }

    @Test
    void tellsASynchronousAnswer() {
        try (EngineFixture single = new EngineFixture(config -> config, c -> {
            c.bundled = false;
            c.posting = Posting.ANSWER_SYNCHRONOUSLY;
        })) {
            Client one = single.open();
            Task task = single.submit(one);
            single.pump();
            assertThat(EngineFixture.poll(one)).containsExactly(task);
            assertThat(task.status()).isEqualTo(TaskStatus.DELIVERY_FAILURE);
            assertThat(single.engine.misuses().count(Misuse.SYNC_COMPLETION_UNSUPPORTED)).isEqualTo(1);
            assertThat(single.engine.misuses().reports().getFirst().detail()).contains("answered TASK_COMPLETE");
        }
    }

    @Test
    void leavesTheResponseAloneWhenASynchronousAnswerWasCompletedBesides() {
        try (EngineFixture single = new EngineFixture(config -> config, c -> {
            c.bundled = false;
            c.posting = Posting.ANSWER_SYNCHRONOUSLY;
        })) {
            single.controller.onProcess = (task, token) -> {
                task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.GOOD, 7);
                single.controller.completer().complete(token);
            };
            Client one = single.open();
            Task task = single.submit(one);
            single.pump();
            assertThat(EngineFixture.poll(one)).containsExactly(task);
            assertThat(task.isGood()).isTrue();
            assertThat(single.engine.misuses().count(Misuse.SYNC_COMPLETION_UNSUPPORTED)).isEqualTo(1);
        }
    }

    @Test
    void failsATaskWhoseResponseHasAnotherVersion() {
        Task task = submit();
        task.setResponseVersion(2);
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.GOOD, 512);
        controller.completer().complete(task.token());
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(task.serviceResponse()).isEqualTo(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE);
        assertThat(task.status()).isEqualTo(TaskStatus.DELIVERY_FAILURE);
        assertThat(task.responseVersion()).isEqualTo(1);
        assertThat(misuses.count(Misuse.RESPONSE_VERSION_BAD)).isEqualTo(1);
        assertThat(report().detail()).contains("version=2 is not 1");
        assertThat(client.release(task.token())).isTrue();
        Task next = submit();
        controller.finish(next.token());
        fixture.pump();
        assertThat(next.isGood()).isTrue();
        assertThat(misuses.count(Misuse.RESPONSE_VERSION_BAD)).isEqualTo(1);
    }

    @Test
    void dropsAResponseThatIsWrittenAfterTheCompletion() {
        Task task = submit();
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.GOOD, 512);
        controller.completer().complete(task.token());
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.BUSY, 0);
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(task.isGood()).isTrue();
        assertThat(misuses.count(Misuse.SLOT_NOT_OWNED)).isEqualTo(1);
        assertThat(report().detail()).contains("slot=" + task.slot() + " state=DONE");
    }

    @Test
    void dropsAResponseToATaskThatWaitsToBeSentAgain() {
        Task task = submit();
        controller.finish(task.token(), ServiceResponse.TASK_COMPLETE, TaskStatus.TASK_SET_FULL, 0);
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.GOOD, 0);
        assertThat(task.state()).isEqualTo(TaskState.RESEND);
        assertThat(misuses.count(Misuse.SLOT_NOT_OWNED)).isEqualTo(1);
    }

    @Test
    void tellsOnceThatTheControllerSwallowedThePool() {
        swallowAll();
        fixture.elapse(1000);
        assertThat(client.claim(0)).isNull();
        fixture.elapse(PATIENCE_MILLIS - 2000);
        assertThat(misuses.count(Misuse.POOL_STARVED)).isZero();
        fixture.elapse(2000);
        fixture.elapse(1000);
        assertThat(misuses.count(Misuse.POOL_STARVED)).isEqualTo(1);
        assertThat(report().detail()).contains("tasks=10").contains("slot=0 state=ACTIVE nexus=0 target=0")
                .contains("slot=7 ").doesNotContain("slot=8 ").endsWith(", ...]");
        fixture.elapse(5 * PATIENCE_MILLIS);
        assertThat(misuses.count(Misuse.POOL_STARVED)).isEqualTo(1);
    }

    @Test
    void tellsAStarvedPoolAgainAfterARecovery() {
        tellsOnceThatTheControllerSwallowedThePool();
        Task task = fixture.engine.pool().task(3);
        controller.finish(task.token());
        fixture.elapse(1000);
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(client.release(task.token())).isTrue();
        fixture.elapse(1000);
        submit();
        fixture.elapse(1000);
        assertThat(client.claim(0)).isNull();
        fixture.elapse(1000);
        fixture.elapse(PATIENCE_MILLIS);
        assertThat(misuses.count(Misuse.POOL_STARVED)).isEqualTo(2);
    }

    @Test
    void tellsNoStarvationWhileNobodyWantsATask() {
        swallowAll();
        for (int i = 0; i < 5; i++) {
            fixture.elapse(PATIENCE_MILLIS);
        }
        assertThat(misuses.reports()).isEmpty();
    }

    @Test
    void tellsNoStarvationWhileTasksComeBack() {
        swallowAll();
        for (int i = 0; i < 5; i++) {
            fixture.elapse(PATIENCE_MILLIS / 2);
            assertThat(client.claim(0)).isNull();
            Task task = fixture.engine.pool().task(i);
            controller.finish(task.token());
            fixture.pump();
            assertThat(EngineFixture.poll(client)).hasSize(1);
            assertThat(client.release(task.token())).isTrue();
            submit();
        }
        assertThat(misuses.reports()).isEmpty();
    }

    @Test
    void tellsNoStarvationThatAClientMade() {
        for (int i = 0; i < 10; i++) {
            fixture.claim(client);
        }
        fixture.elapse(1000);
        assertThat(client.claim(0)).isNull();
        fixture.elapse(2 * PATIENCE_MILLIS);
        fixture.elapse(1000);
        assertThat(misuses.reports()).isEmpty();
    }

    private void swallowAll() {
        for (int i = 0; i < 10; i++) {
            submit();
        }
    }

    private MisuseReport report() {
        return misuses.reports().getFirst();
    }

    private Task submit() {
        Task task = fixture.submit(client);
        fixture.pump();
        return task;
    }
}
