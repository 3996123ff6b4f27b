package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.FakeController.Posting;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskState;
import io.trilane.engine.task.TaskStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    private final EngineFixture fixture = new EngineFixture(config -> config, c -> c.posting = Posting.HOLD);
    private final Client client = fixture.open();

    @AfterEach
    void closeEngine() {
        fixture.close();
    }

    @Test
    void tellsTheClientOnceThatItsTaskTimedOut() {
        Task task = submit(50);
        fixture.elapse(40);
        assertThat(EngineFixture.poll(client)).isEmpty();
        fixture.elapse(30);
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(task.state()).isEqualTo(TaskState.ZOMBIE);
        assertThat(task.serviceResponse()).isEqualTo(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE);
        assertThat(task.status()).isEqualTo(TaskStatus.TASK_TIMEOUT_OCCURRED);
        fixture.elapse(1000);
        assertThat(EngineFixture.poll(client)).isEmpty();
        assertThat(client.inFlight()).isZero();
        assertThat(fixture.count(EngineCounter.TIMEOUTS)).isEqualTo(1);
        assertThat(fixture.count(EngineCounter.COMPLETED)).isEqualTo(1);
    }

    @Test
    void neverTimesOutATaskWithoutADeadline() {
        submit(0);
        fixture.elapse(1L << 40);
        assertThat(EngineFixture.poll(client)).isEmpty();
    }

    @Test
    void readsTheTimeoutAsUnsigned() {
        submit(-1);
        fixture.elapse(0xFFFF_FFFEL);
        assertThat(EngineFixture.poll(client)).isEmpty();
        fixture.elapse(30);
        assertThat(EngineFixture.poll(client)).hasSize(1);
    }

    @Test
    void keepsTheSlotUntilTheControllerReturnsTheTokenAfterTheClient() {
        Task task = submit(10);
        long token = task.token();
        fixture.elapse(30);
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(client.release(token)).isTrue();
        assertThat(task.state()).isEqualTo(TaskState.ZOMBIE);
        assertThat(fixture.claim(client)).isNotSameAs(task);
        fixture.controller.finish(token);
        fixture.pump();
        assertThat(task.state()).isEqualTo(TaskState.FREE);
        assertThat(fixture.count(EngineCounter.LATE_COMPLETIONS)).isEqualTo(1);
        assertThat(fixture.count(EngineCounter.STALE_COMPLETIONS)).isZero();
        assertThat(EngineFixture.poll(client)).isEmpty();
        assertThat(fixture.claim(client)).isSameAs(task);
    }

    @Test
    void keepsTheSlotUntilTheClientReleasesItAfterTheController() {
        Task task = submit(10);
        long token = task.token();
        fixture.elapse(30);
        fixture.controller.finish(token);
        fixture.pump();
        assertThat(fixture.count(EngineCounter.LATE_COMPLETIONS)).isEqualTo(1);
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(task.status()).isEqualTo(TaskStatus.TASK_TIMEOUT_OCCURRED);
        assertThat(client.release(token)).isTrue();
        assertThat(task.state()).isEqualTo(TaskState.FREE);
        assertThat(client.release(token)).isFalse();
        assertThat(fixture.claim(client)).isSameAs(task);
    }

    @Test
    void countsASecondLateCompletionAsStale() {
        Task task = submit(10);
        fixture.elapse(30);
        fixture.controller.completer().complete(task.token());
        fixture.controller.completer().complete(task.token());
        assertThat(fixture.count(EngineCounter.LATE_COMPLETIONS)).isEqualTo(1);
        assertThat(fixture.count(EngineCounter.STALE_COMPLETIONS)).isEqualTo(1);
        assertThat(EngineFixture.poll(client)).hasSize(1);
    }

    @Test
    void refusesToReleaseATimedOutTaskBeforeItWasPolled() {
        Task task = submit(10);
        fixture.elapse(30);
        assertThat(task.state()).isEqualTo(TaskState.ZOMBIE);
        assertThat(client.release(task.token())).isFalse();
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(client.release(task.token())).isTrue();
    }

    @Test
    void neverTimesOutATaskThatWasCompletedFirst() {
        Task task = submit(10);
        fixture.controller.finish(task.token());
        fixture.pump();
        fixture.elapse(1000);
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(task.isGood()).isTrue();
        assertThat(fixture.count(EngineCounter.TIMEOUTS)).isZero();
    }

    @Test
    void measuresTheDeadlineFromTheHandOverToTheController() {
        Task task = fixture.claim(client);
        task.setTimeoutMillis(50);
        assertThat(client.submit(task)).isTrue();
        fixture.clock.advanceMillis(1000);
        fixture.pump();
        fixture.elapse(30);
        assertThat(EngineFixture.poll(client)).isEmpty();
        fixture.elapse(40);
        assertThat(EngineFixture.poll(client)).containsExactly(task);
    }

    @Test
    void keepsTheDataOfATimedOutTaskAwayFromOthers() {
        Task task = submit(10);
        long address = task.bufferIovmAddress();
        fixture.elapse(30);
        assertThat(EngineFixture.poll(client)).hasSize(1);
        assertThat(client.release(task.token())).isTrue();
        for (int i = 0; i < EngineFixture.TASKS - 1; i++) {
            assertThat(fixture.claim(client).bufferIovmAddress()).isNotEqualTo(address);
        }
        assertThat(client.claim(0)).isNull();
    }

    private Task submit(int timeoutMillis) {
        Task task = fixture.claim(client);
        task.setTimeoutMillis(timeoutMillis);
        assertThat(client.submit(task)).isTrue();
        fixture.pump();
        return task;
    }
}
