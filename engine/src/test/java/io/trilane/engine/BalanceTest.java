package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.FakeController.Posting;
import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskState;
import io.trilane.engine.task.TaskStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Every task that was submitted is counted as completed once, however it ended; those that ended with their target are
/// counted as drained besides.
@Timeout(60)
class BalanceTest {
    private final EngineFixture fixture = new EngineFixture(config -> config, c -> c.posting = Posting.HOLD);
    private final Client client = fixture.open();
    private final List<Task> given = new ArrayList<>();
    private Task waiting;
    private Task held;

    /// One task waits to be sent again, the controller holds another, a third is queued.
    @BeforeEach
    void submitThree() {
        waiting = fixture.submit(client);
        fixture.pump();
        fixture.controller.finish(waiting.token(), ServiceResponse.TASK_COMPLETE, TaskStatus.TASK_SET_FULL, 0);
        held = fixture.submit(client);
        fixture.pump();
        assertThat(waiting.state()).isEqualTo(TaskState.RESEND);
        Task _ = fixture.submit(client);
    }

    @AfterEach
    void everyTaskIsCountedOnce() {
        List.copyOf(fixture.controller.held).forEach(fixture.controller::finish);
        fixture.pump();
        given.addAll(EngineFixture.poll(client));
        assertThat(given).hasSizeGreaterThanOrEqualTo(3).doesNotHaveDuplicates();
        assertThat(fixture.count(EngineCounter.SUBMITTED)).isEqualTo(given.size());
        assertThat(fixture.count(EngineCounter.COMPLETED)).isEqualTo(given.size());
        fixture.close();
    }

    @Test
    void whenTheTargetGoes() {
        assertThat(fixture.controller.framework().destroyTarget(0)).isTrue();
        assertThat(fixture.count(EngineCounter.DRAINED)).as("the queued one was not its").isBetween(2L, 3L);
        fixture.pump();
        assertThat(fixture.count(EngineCounter.COMPLETED)).isEqualTo(3);
        assertThat(fixture.count(EngineCounter.LATE_COMPLETIONS)).isZero();
    }

    @Test
    void whenTheTargetGoesWhileTheControllerHoldsAll() {
        fixture.elapse(10_000);
        assertThat(fixture.controller.held).hasSize(3);
        assertThat(fixture.controller.framework().destroyTarget(0)).isTrue();
        assertThat(fixture.count(EngineCounter.DRAINED)).isEqualTo(3);
        assertThat(fixture.count(EngineCounter.COMPLETED)).isEqualTo(3);
    }

    @Test
    void whenTheyAreAborted() {
        assertThat(client.manageTask(TaskManagementFunction.ABORT_TASK_SET, 0, held.lun(), 0))
                .isEqualTo(ServiceResponse.FUNCTION_COMPLETE);
        assertThat(fixture.count(EngineCounter.COMPLETED)).as("the framework had one").isEqualTo(1);
    }

    @Test
    void whenTheHardwareGoes() {
        fixture.engine.remove();
        assertThat(fixture.count(EngineCounter.COMPLETED)).isEqualTo(3);
    }

    @Test
    void whenTheClientCloses() {
        client.close(given::add);
        assertThat(fixture.count(EngineCounter.COMPLETED)).isEqualTo(3);
        assertThat(fixture.count(EngineCounter.DRAINED)).isZero();
    }

    @Test
    void whenTheEngineSuspends() {
        assertThat(fixture.engine.suspend()).isTrue();
        fixture.pump();
        assertThat(fixture.count(EngineCounter.COMPLETED)).as("the queued one fails").isEqualTo(1);
        fixture.controller.posting = Posting.COMPLETE_LATER;
        assertThat(fixture.engine.resume()).isTrue();
        fixture.elapse(10_000);
    }

    @Test
    void whenTheirTimeIsOver() {
        fixture.controller.posting = Posting.COMPLETE_LATER;
        fixture.elapse(10_000);
        fixture.controller.posting = Posting.HOLD;
        Task timed = fixture.claim(client);
        timed.setTimeoutMillis(10);
        assertThat(client.submit(timed)).isTrue();
        fixture.pump();
        long before = fixture.count(EngineCounter.COMPLETED);
        fixture.elapse(30);
        assertThat(fixture.count(EngineCounter.COMPLETED)).isEqualTo(before + 1);
        assertThat(fixture.count(EngineCounter.TIMEOUTS)).isEqualTo(1);
    }
}
