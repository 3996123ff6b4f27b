package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.controller.QueueContract;
import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskState;
import io.trilane.engine.task.TaskStatus;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TaskManagementTest {
    private EngineFixture fixture = new EngineFixture(config -> config, c -> c.targets = List.of(0L, 1L));
    private Client client = fixture.open();

    @AfterEach
    void closeEngine() {
        fixture.close();
    }

    @ParameterizedTest
    @EnumSource(QueueContract.class)
    void comesToTheControllerBehindTheTasksThatWereSubmittedBefore(QueueContract contract) {
        fixture.close();
        fixture = new EngineFixture(config -> config.withContract(contract), _ -> {});
        client = fixture.open();
        int[] seen = {-1};
        fixture.controller.onManage = () -> seen[0] = fixture.controller.processedTasks;
        for (int i = 0; i < EngineFixture.TASKS; i++) {
            fixture.submit(client);
        }
        assertThat(client.manageTask(TaskManagementFunction.ABORT_TASK_SET, 0, 0, 0))
                .isEqualTo(ServiceResponse.FUNCTION_COMPLETE);
        assertThat(seen[0]).isEqualTo(EngineFixture.TASKS);
    }

    @ParameterizedTest
    @CsvSource({"ABORT_TASK, 7, 0, true", "ABORT_TASK, 8, 0, false", "ABORT_TASK, 0, 0, false",
            "ABORT_TASK_SET, 0, 0, true", "ABORT_TASK_SET, 0, 1, false", "CLEAR_TASK_SET, 0, 0, true",
            "LOGICAL_UNIT_RESET, 0, 0, true", "LOGICAL_UNIT_RESET, 0, 1, false", "TARGET_RESET, 0, 1, true",
            "I_T_NEXUS_RESET, 0, 1, true", "CLEAR_ACA, 0, 0, false"})
    void endsATaskThatWaitsToBeSentAgain(TaskManagementFunction function, long tag, long lun, boolean ends) {
        Task task = refused(7);
        assertThat(client.manageTask(function, 0, lun, tag)).isEqualTo(ServiceResponse.FUNCTION_COMPLETE);
        if (ends) {
            assertThat(EngineFixture.poll(client)).containsExactly(task);
            assertThat(task.serviceResponse()).isEqualTo(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE);
            assertThat(task.status()).isEqualTo(TaskStatus.NO_STATUS);
        } else {
            assertThat(task.state()).isEqualTo(TaskState.RESEND);
        }
        fixture.elapse(11_000);
        assertThat(fixture.count(EngineCounter.RESENDS)).isEqualTo(ends ? 0 : 1);
    }

    @Test
    void endsOnlyTheTasksOfTheNexusThatAsks() {
        Task task = refused(7);
        Client other = fixture.open();
        assertThat(other.manageTask(TaskManagementFunction.ABORT_TASK_SET, 0, 0, 0))
                .isEqualTo(ServiceResponse.FUNCTION_COMPLETE);
        assertThat(other.manageTask(TaskManagementFunction.I_T_NEXUS_RESET, 0, 0, 0))
                .isEqualTo(ServiceResponse.FUNCTION_COMPLETE);
        assertThat(other.manageTask(TaskManagementFunction.TARGET_RESET, 1, 0, 0))
                .isEqualTo(ServiceResponse.FUNCTION_COMPLETE);
        assertThat(task.state()).isEqualTo(TaskState.RESEND);
        assertThat(other.manageTask(TaskManagementFunction.CLEAR_TASK_SET, 0, 0, 0))
                .isEqualTo(ServiceResponse.FUNCTION_COMPLETE);
        assertThat(EngineFixture.poll(client)).containsExactly(task);
    }

    /// While tasks are held none of them can be overtaken.
    @Test
    void isNotHeldBackByTasksThatAreHeld() {
        fixture.close();
        fixture = new EngineFixture(
                config -> config.withFramework(config.framework().withSuspendPolicy(SuspendPolicy.HOLD)), _ -> {});
        client = fixture.open();
        assertThat(fixture.engine.suspend()).isTrue();
        fixture.submit(client);
        assertThat(client.manageTask(TaskManagementFunction.TARGET_RESET, 0, 0, 0))
                .isEqualTo(ServiceResponse.FUNCTION_COMPLETE);
        assertThat(fixture.engine.resume()).isTrue();
    }

    private Task refused(long tag) {
        fixture.controller.posting = FakeController.Posting.REFUSE_FULL;
        Task task = fixture.claim(client);
        task.setTargetId(0);
        task.setLun(0);
        task.setTag(tag);
        assertThat(client.submit(task)).isTrue();
        fixture.pump();
        assertThat(task.state()).isEqualTo(TaskState.RESEND);
        fixture.controller.posting = FakeController.Posting.COMPLETE_LATER;
        return task;
    }
}
