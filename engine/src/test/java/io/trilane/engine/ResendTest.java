package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.FakeController.Posting;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.role.ResendWork;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskState;
import io.trilane.engine.task.TaskStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// TASK SET FULL: what is refused is sent again.
class ResendTest {
    private static final long FALLBACK_MILLIS = ResendWork.FALLBACK_NS / 1_000_000;

    private final EngineFixture fixture = new EngineFixture(config -> config, c -> {
        c.posting = Posting.HOLD;
        c.targets = List.of(0L, 1L);
    });
    private final FakeController controller = fixture.controller;
    private final Client client = fixture.open();

    @AfterEach
    void closeEngine() {
        fixture.close();
    }

    @Test
    void keepsARefusedTaskInItsSlotAndInFlight() {
        Task task = submit(0);
        long token = task.token();
        full(task);
        fixture.pump();
        assertThat(task.state()).isEqualTo(TaskState.RESEND);
        assertThat(EngineFixture.poll(client)).isEmpty();
        assertThat(client.inFlight()).isEqualTo(1);
        assertThat(client.release(token)).isFalse();
        assertThat(task.token()).isEqualTo(token);
        assertThat(fixture.count(EngineCounter.COMPLETED)).isZero();
        assertThat(controller.processedTasks).isEqualTo(1);
    }

    @Test
    void sendsExactlyOneRefusedTaskPerCompletionFirstRefusedFirst() {
        List<Task> refused = List.of(submit(0), submit(0), submit(0));
        List<Task> others = List.of(submit(0), submit(0));
        refused.forEach(this::full);
        fixture.pump();
        good(others.get(0));
        fixture.pump();
        assertThat(refused).extracting(Task::state).containsExactly(TaskState.ACTIVE, TaskState.RESEND,
                TaskState.RESEND);
        good(others.get(1));
        fixture.pump();
        assertThat(refused).extracting(Task::state).containsExactly(TaskState.ACTIVE, TaskState.ACTIVE,
                TaskState.RESEND);
        assertThat(fixture.count(EngineCounter.RESENDS)).isEqualTo(2);
        refused.subList(0, 2).forEach(this::good);
        fixture.pump();
        good(refused.get(2));
        assertThat(EngineFixture.poll(client)).hasSize(5).allMatch(Task::isGood);
    }

    @Test
    void countsACompletionThatFollowsTheRefusalInTheSameCall() {
        Task refused = submit(0);
        Task good = submit(0);
        refused.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.TASK_SET_FULL, 0);
        good.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.GOOD, 0);
        controller.completer().complete(new long[]{refused.token(), good.token()}, 2);
        fixture.pump();
        assertThat(refused.state()).isEqualTo(TaskState.ACTIVE);
    }

    @Test
    void sendsNothingForACompletionOfAnotherTarget() {
        Task refused = submit(0);
        Task elsewhere = submit(1);
        full(refused);
        fixture.pump();
        good(elsewhere);
        fixture.pump();
        assertThat(refused.state()).isEqualTo(TaskState.RESEND);
        assertThat(fixture.count(EngineCounter.RESENDS)).isZero();
    }

    @Test
    void savesNoCreditForALaterRefusal() {
        Task early = submit(0);
        Task refused = submit(0);
        Task second = submit(0);
        full(refused);
        good(early);
        good(second);
        fixture.pump();
        assertThat(fixture.count(EngineCounter.RESENDS)).isEqualTo(1);
        full(refused);
        fixture.pump();
        assertThat(refused.state()).isEqualTo(TaskState.RESEND);
    }

    @Test
    void sendsTheHeadAfterTenSecondsWhenNothingCompletes() {
        Task first = submit(0);
        Task second = submit(0);
        full(first);
        full(second);
        fixture.pump();
        fixture.elapse(FALLBACK_MILLIS - 100);
        assertThat(first.state()).isEqualTo(TaskState.RESEND);
        fixture.elapse(200);
        assertThat(first.state()).isEqualTo(TaskState.ACTIVE);
        assertThat(second.state()).isEqualTo(TaskState.RESEND);
        fixture.elapse(FALLBACK_MILLIS - 1000);
        assertThat(second.state()).as("10 s after the last resend").isEqualTo(TaskState.RESEND);
        fixture.elapse(1100);
        assertThat(second.state()).isEqualTo(TaskState.ACTIVE);
    }

    @Test
    void tellsBusyWhenThreeResendsWereRefused() {
        Task task = submit(0);
        for (int i = 0; i < ResendWork.MAX_RESENDS; i++) {
            full(task);
            fixture.pump();
            fixture.elapse(FALLBACK_MILLIS + 100);
            assertThat(task.state()).isEqualTo(TaskState.ACTIVE);
        }
        assertThat(EngineFixture.poll(client)).isEmpty();
        full(task);
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(task.serviceResponse()).isEqualTo(ServiceResponse.TASK_COMPLETE);
        assertThat(task.status()).isEqualTo(TaskStatus.BUSY);
        assertThat(fixture.count(EngineCounter.RESENDS)).isEqualTo(3);
        assertThat(fixture.count(EngineCounter.RESENDS_EXHAUSTED)).isEqualTo(1);
        assertThat(fixture.count(EngineCounter.COMPLETED)).isEqualTo(1);
        assertThat(client.release(task.token())).isTrue();
        assertThat(submit(0)).isSameAs(task);
        full(task);
        assertThat(task.state()).as("the next I/O of the slot has its own resends").isEqualTo(TaskState.RESEND);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void survivesARefusalInsideTheProcessCall(boolean bundled) {
        try (EngineFixture other = new EngineFixture(config -> config, c -> {
            c.targets = List.of(0L, 1L);
            c.bundled = bundled;
            c.posting = Posting.REFUSE_FULL;
        })) {
            Client one = other.open();
            Task task = other.submit(one);
            other.pump();
            assertThat(task.state()).isEqualTo(TaskState.RESEND);
            other.controller.posting = Posting.COMPLETE_LATER;
            other.elapse(FALLBACK_MILLIS + 100);
            assertThat(EngineFixture.poll(one)).containsExactly(task);
            assertThat(task.isGood()).isTrue();
        }
    }

    @Test
    void tellsBusyAtOnceWhenTheTargetAcceptsNothingMore() {
        Task task = submit(0);
        fixture.engine.core().targetTable().setAccepts(0, false);
        full(task);
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(task.status()).isEqualTo(TaskStatus.BUSY);
        assertThat(fixture.count(EngineCounter.RESENDS_EXHAUSTED)).isZero();
    }

    @Test
    void startsTheDeadlineAgainWithEachResend() {
        Task task = fixture.claim(client);
        task.setTimeoutMillis(50);
        assertThat(client.submit(task)).isTrue();
        fixture.pump();
        full(task);
        fixture.pump();
        fixture.elapse(FALLBACK_MILLIS + 1);
        assertThat(task.state()).isEqualTo(TaskState.ACTIVE);
        fixture.elapse(40);
        assertThat(task.state()).isEqualTo(TaskState.ACTIVE);
        fixture.elapse(30);
        assertThat(task.state()).isEqualTo(TaskState.ZOMBIE);
    }

    @Test
    void givesAWaitingTaskBackToAClientThatCloses() {
        Task task = submit(0);
        long token = task.token();
        full(task);
        fixture.pump();
        List<TaskStatus> verdicts = new ArrayList<>();
        client.close(each -> verdicts.add(each.status()));
        assertThat(verdicts).containsExactly(TaskStatus.DEVICE_NOT_RESPONDING);
        assertThat(task.state()).isEqualTo(TaskState.FREE);
        Client next = fixture.open();
        assertThat(fixture.submit(next)).isSameAs(task);
        fixture.pump();
        full(task);
        fixture.pump();
        fixture.elapse(FALLBACK_MILLIS + 100);
        assertThat(task.token()).isNotEqualTo(token);
        assertThat(task.state()).isEqualTo(TaskState.ACTIVE);
        assertThat(fixture.count(EngineCounter.RESENDS)).as("the old entry sends nothing").isEqualTo(1);
    }

    @Test
    void getsAStormThroughWithoutLosingATask() {
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < EngineFixture.TASKS; i++) {
            tasks.add(submit(i % 2));
        }
        for (int i = 2; i < tasks.size(); i++) {
            full(tasks.get(i));
        }
        controller.posting = Posting.COMPLETE_LATER;
        good(tasks.get(0));
        good(tasks.get(1));
        fixture.pump();
        assertThat(EngineFixture.poll(client)).containsExactlyInAnyOrderElementsOf(tasks).allMatch(Task::isGood);
        assertThat(fixture.count(EngineCounter.RESENDS)).isEqualTo(EngineFixture.TASKS - 2);
        assertThat(fixture.engine.core().resends().isWaiting()).isFalse();
        assertThat(fixture.engine.misuses().reports()).isEmpty();
    }

    private Task submit(long target) {
        Task task = fixture.claim(client);
        task.setTargetId(target);
        assertThat(client.submit(task)).isTrue();
        fixture.pump();
        return task;
    }

    private void full(Task task) {
        controller.finish(task.token(), ServiceResponse.TASK_COMPLETE, TaskStatus.TASK_SET_FULL, 0);
    }

    private void good(Task task) {
        controller.finish(task.token(), ServiceResponse.TASK_COMPLETE, TaskStatus.GOOD, 0);
    }
}
