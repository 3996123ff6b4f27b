package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.FakeController.Posting;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.role.ResendWork;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskState;
import io.trilane.engine.task.TaskStatus;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A target goes with tasks in flight.
class TargetDrainTest {
    private final EngineFixture fixture = new EngineFixture(config -> config, c -> {
        c.posting = Posting.HOLD;
        c.targets = List.of(0L, 1L);
    });
    private final Client client = fixture.open();

    @AfterEach
    void closeEngine() {
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void takesTheTasksOfOneTargetFromTheControllerOnce(boolean bundled) {
        try (EngineFixture other = new EngineFixture(config -> config, c -> {
            c.targets = List.of(0L, 1L);
            c.posting = Posting.HOLD;
            c.bundled = bundled;
        })) {
            Client one = other.open();
            Task gone = submit(other, one, 1);
            Task stays = submit(other, one, 0);
            long token = gone.token();
            assertThat(other.engine.core().drain().drainTarget(1)).isEqualTo(1);
            assertThat(EngineFixture.poll(one)).containsExactly(gone);
            assertThat(gone.state()).isEqualTo(TaskState.ZOMBIE);
            assertThat(gone.serviceResponse()).isEqualTo(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE);
            assertThat(gone.status()).isEqualTo(TaskStatus.DEVICE_NOT_PRESENT);
            assertThat(stays.state()).isIn(TaskState.ACTIVE, TaskState.PENDING);
            assertThat(other.engine.core().drain().drainTarget(1)).isZero();
            assertThat(other.count(EngineCounter.DRAINED)).isEqualTo(1);
            other.controller.finish(token);
            other.pump();
            assertThat(EngineFixture.poll(one)).isEmpty();
            assertThat(other.count(EngineCounter.LATE_COMPLETIONS)).isEqualTo(1);
            assertThat(other.engine.misuses().count(Misuse.LATE_COMPLETION)).isEqualTo(1);
            assertThat(one.release(token)).isTrue();
            assertThat(gone.state()).isEqualTo(TaskState.FREE);
        }
    }

    @Test
    void endsTasksThatWaitToBeSentAgain() {
        Task task = submit(fixture, client, 1);
        fixture.controller.finish(task.token(), ServiceResponse.TASK_COMPLETE, TaskStatus.TASK_SET_FULL, 0);
        fixture.pump();
        fixture.engine.core().targetTable().setAccepts(1, false);
        assertThat(fixture.engine.core().drain().drainTarget(1)).isEqualTo(1);
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(task.state()).isEqualTo(TaskState.DONE);
        assertThat(task.status()).isEqualTo(TaskStatus.DEVICE_NOT_PRESENT);
        fixture.elapse(ResendWork.FALLBACK_NS / 1_000_000 + 100);
        assertThat(task.state()).isEqualTo(TaskState.DONE);
        assertThat(fixture.count(EngineCounter.RESENDS)).isZero();
        assertThat(fixture.engine.core().resends().isWaiting()).isFalse();
        assertThat(client.release(task.token())).isTrue();
    }

    @Test
    void drainsATaskWhoseSenseDataIsBeingFetched() {
        fixture.engine.core().senses().setAutoSense(false);
        Task fetching = submit(fixture, client, 1);
        Task waiting = submit(fixture, client, 1);
        for (Task task : List.of(fetching, waiting)) {
            fixture.controller.finish(task.token(), ServiceResponse.TASK_COMPLETE, TaskStatus.CHECK_CONDITION, 0);
        }
        fixture.pump();
        assertThat(fixture.engine.core().drain().drainTarget(1)).isEqualTo(2);
        assertThat(EngineFixture.poll(client)).containsExactly(fetching, waiting)
                .allMatch(task -> task.status() == TaskStatus.DEVICE_NOT_PRESENT);
        fixture.controller.completer().complete(fetching.token());
        Task next = submit(fixture, client, 0);
        fixture.controller.finish(next.token(), ServiceResponse.TASK_COMPLETE, TaskStatus.CHECK_CONDITION, 0);
        fixture.pump();
        assertThat(next.isFetchingSense()).isTrue();
    }

    @Test
    void leavesQueuedTasksToTheSubmittingRole() {
        Task task = fixture.claim(client);
        task.setTargetId(1);
        assertThat(client.submit(task)).isTrue();
        fixture.engine.core().targetTable().setAccepts(1, false);
        assertThat(fixture.engine.core().drain().drainTarget(1)).isZero();
        fixture.pump();
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(task.status()).isEqualTo(TaskStatus.DEVICE_NOT_PRESENT);
    }

    private static Task submit(EngineFixture fixture, Client client, long target) {
        Task task = fixture.claim(client);
        task.setTargetId(target);
        assertThat(client.submit(task)).isTrue();
        fixture.pump();
        return task;
    }
}
