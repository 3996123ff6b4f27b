package io.trilane.engine.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a controller writes into its response, and what the framework makes of it.
class TaskResponseTest {
    private TaskMemory memory;
    private Task task;

    @BeforeEach
    void claimATask() {
        memory = new TaskMemory(4, 1 << 20);
        TaskPool pool = new TaskPool(memory, 3);
        pool.open(4);
        task = Objects.requireNonNull(pool.claim("owner", 5, 4096));
    }

    @AfterEach
    void closeMemory() {
        memory.close();
    }

    @Test
    void roundTripsItsResponse() {
        handOver();
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.CHECK_CONDITION, 512);
        task.setSenseLength(ResponseLayout.MAX_SENSE_LENGTH);
        CommandLayout.setByte(task.responses(), task.senseOffset(), 254, 0xAB);
        assertThat(task.responseVersion()).isEqualTo(ResponseLayout.VERSION_1);
        assertThat(task.serviceResponse()).isEqualTo(ServiceResponse.TASK_COMPLETE);
        assertThat(task.status()).isEqualTo(TaskStatus.CHECK_CONDITION);
        assertThat(task.isGood()).isFalse();
        assertThat(task.bytesTransferred()).isEqualTo(512);
        assertThat(task.senseLength()).isEqualTo(255);
        assertThat(task.senseByte(254)).isEqualTo(0xAB);
    }

    @Test
    void writingAResponseForgetsOlderSenseData() {
        handOver();
        task.setSenseLength(18);
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.GOOD, 0);
        assertThat(task.senseLength()).isZero();
        assertThat(task.isGood()).isTrue();
    }

    @Test
    void readsAStatusTogetherWithItsServiceResponse() {
        handOver();
        task.setResponse(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE, TaskStatus.PROTOCOL_TIMEOUT_OCCURRED, 0);
        assertThat(task.status()).isEqualTo(TaskStatus.PROTOCOL_TIMEOUT_OCCURRED);
        assertThat(TaskStatus.PROTOCOL_TIMEOUT_OCCURRED.code()).isEqualTo(TaskStatus.CHECK_CONDITION.code());
        assertThat(TaskStatus.of(ServiceResponse.TASK_COMPLETE, 0x10)).isEqualTo(TaskStatus.NO_STATUS);
    }

    @Test
    void needsAttentionUntilTheNextGoodResponse() {
        handOver();
        assertThat(task.needsAttention()).isFalse();
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.TASK_SET_FULL, 0);
        assertThat(task.needsAttention()).isTrue();
        assertThat(task.isAnsweredWith(TaskStatus.TASK_SET_FULL)).isTrue();
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.GOOD, 0);
        assertThat(task.needsAttention()).isFalse();
        task.setResponse(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE, TaskStatus.DELIVERY_FAILURE, 0);
        assertThat(task.needsAttention()).isTrue();
    }

    @Test
    void needsAttentionForAWrongVersionWhateverTheOrder() {
        handOver();
        task.setResponseVersion(2);
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.GOOD, 0);
        assertThat(task.isVersionBad() && task.needsAttention()).isTrue();
        assertThat(task.responseVersion()).isEqualTo(2);
        task.setResponseVersion(1);
        assertThat(task.needsAttention()).isFalse();
    }

    @Test
    void putsItsCommandAsideForARequestSenseAndBack() {
        task.setCdb(new byte[]{0x28, 0, 1, 2, 3, 4, 0, 0, 8, 0});
        task.setTransfer(TransferDirection.TO_TARGET, 4096);
        task.setTimeoutMillis(77);
        task.extents().clear();
        assertThat(task.extents().add(4096, 1024) && task.extents().add(8192, 3072)).isTrue();
        handOver();
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.CHECK_CONDITION, 512);
        task.setResidual(-9);
        SavedCommand saved = new SavedCommand();
        saved.replace(task, 65536, 10_000);
        assertThat(task.isFetchingSense() && task.needsAttention()).isTrue();
        assertThat(task.cdbWord(0)).isEqualTo(0x0300_0000_FC00_0000L);
        assertThat(task.cdbLength()).isEqualTo(6);
        assertThat(task.direction()).isEqualTo(TransferDirection.FROM_TARGET);
        assertThat(task.transferCount()).isEqualTo(252);
        assertThat(task.timeoutMillis()).isEqualTo(10_000);
        assertThat(task.bufferIovmAddress()).isEqualTo(65536);
        assertThat(task.extents().count()).isEqualTo(1);
        assertThat(task.extents().address(0)).isEqualTo(65536);
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.GOOD, 18);
        task.setResidual(234);
        saved.restore(task);
        assertThat(task.isFetchingSense()).isFalse();
        assertThat(task.cdbWord(0)).isEqualTo(0x2800_0102_0304_0000L);
        assertThat(task.cdbByte(8)).isEqualTo(8);
        assertThat(task.cdbLength()).isEqualTo(10);
        assertThat(task.direction()).isEqualTo(TransferDirection.TO_TARGET);
        assertThat(task.transferCount()).isEqualTo(4096);
        assertThat(task.timeoutMillis()).isEqualTo(77);
        assertThat(task.extents().count()).isEqualTo(2);
        assertThat(task.extents().address(1)).isEqualTo(8192);
        assertThat(task.extents().length(1)).isEqualTo(3072);
        assertThat(task.status()).isEqualTo(TaskStatus.CHECK_CONDITION);
        assertThat(task.bytesTransferred()).isEqualTo(512);
        assertThat(task.residual()).isEqualTo(-9);
    }

    private void handOver() {
        assertThat(task.moveToQueued() && task.moveToActive()).isTrue();
    }
}
