package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.FakeController.Posting;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.role.SubmissionGate.Mode;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskState;
import io.trilane.engine.task.TaskStatus;
import io.trilane.engine.task.TransferDirection;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// CHECK CONDITION of a controller without autosense: the framework asks for the sense data.
class SenseFetchTest {
    private static final byte[] SENSE = {0x70, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x21, 0, 0, 0, 0, 0};
    private static final long READ_10 = 0x2800_0000_0001_0000L;

    private final EngineFixture fixture = new EngineFixture(config -> config, c -> c.posting = Posting.HOLD);
    private final FakeController controller = fixture.controller;
    private final Client client = fixture.open();

    @BeforeEach
    void hasNoAutoSense() {
        fixture.engine.core().senses().setAutoSense(false);
    }

    @AfterEach
    void closeEngine() {
        fixture.close();
    }

    @Test
    void deliversTheSenseDataWithTheTasksOwnCommand() {
        Task task = submit();
        long token = task.token();
        long address = task.bufferIovmAddress();
        check(task, 512);
        fixture.pump();
        assertThat(EngineFixture.poll(client)).isEmpty();
        assertThat(task.state()).isEqualTo(TaskState.ACTIVE);
        assertThat(task.cdbWord(0)).isEqualTo(0x0300_0000_FC00_0000L);
        assertThat(task.bufferIovmAddress()).isNotEqualTo(address);
        answerSense(task);
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(task.token()).isEqualTo(token);
        assertThat(task.serviceResponse()).isEqualTo(ServiceResponse.TASK_COMPLETE);
        assertThat(task.status()).isEqualTo(TaskStatus.CHECK_CONDITION);
        assertThat(task.senseLength()).isEqualTo(SENSE.length);
        assertThat(task.senseByte(12)).isEqualTo(0x21);
        assertThat(task.bytesTransferred()).isEqualTo(512);
        assertThat(task.cdbWord(0)).isEqualTo(READ_10);
        assertThat(task.cdbLength()).isEqualTo(10);
        assertThat(task.transferCount()).isEqualTo(4096);
        assertThat(task.timeoutMillis()).isZero();
        assertThat(task.bufferIovmAddress()).isEqualTo(address);
        assertThat(task.extents().address(0)).isEqualTo(address);
        assertThat(task.extents().length(0)).isEqualTo(4096);
        assertThat(fixture.count(EngineCounter.SENSE_FETCHES)).isEqualTo(1);
        assertThat(fixture.count(EngineCounter.COMPLETED)).isEqualTo(1);
        assertThat(fixture.engine.misuses().reports()).isEmpty();
    }

    /// The target goes while REQUEST SENSE is queued: half an answer is none.
    @Test
    void saysThatTheTargetIsGoneWhenTheFetchIsStillQueued() {
        Task task = submit();
        check(task, 512);
        fixture.engine.core().targetTable().setAccepts(0, false);
        fixture.pump();
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(task.serviceResponse()).isEqualTo(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE);
        assertThat(task.status()).isEqualTo(TaskStatus.DEVICE_NOT_PRESENT);
        assertThat(task.cdbWord(0)).isEqualTo(READ_10);
    }

    @Test
    void doesNotAskWhenTheControllerDoes() {
        fixture.engine.core().senses().setAutoSense(true);
        Task task = submit();
        check(task, 0);
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(fixture.count(EngineCounter.SENSE_FETCHES)).isZero();
    }

    @Test
    void doesNotAskForSenseDataThatCameAlong() {
        Task task = submit();
        task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.CHECK_CONDITION, 0);
        task.setSenseLength(18);
        controller.completer().complete(task.token());
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(task.senseLength()).isEqualTo(18);
        assertThat(fixture.count(EngineCounter.SENSE_FETCHES)).isZero();
    }

    @Test
    void asksForOneTaskAtATime() {
        Task first = submit();
        Task second = submit();
        check(first, 0);
        check(second, 0);
        fixture.pump();
        assertThat(first.isFetchingSense()).isTrue();
        assertThat(second.state()).isEqualTo(TaskState.RESEND);
        answerSense(first);
        fixture.pump();
        assertThat(second.isFetchingSense()).isTrue();
        answerSense(second);
        assertThat(EngineFixture.poll(client)).containsExactly(first, second)
                .allMatch(task -> task.senseLength() == SENSE.length);
    }

    @ParameterizedTest
    @EnumSource(value = TaskStatus.class, names = {"CHECK_CONDITION", "BUSY", "TASK_SET_FULL"})
    void deliversWithoutSenseDataWhenTheFetchFails(TaskStatus status) {
        Task task = submit();
        check(task, 512);
        fixture.pump();
        controller.finish(task.token(), ServiceResponse.TASK_COMPLETE, status, 0);
        assertWithoutSense(task);
        Task next = submit();
        check(next, 0);
        fixture.pump();
        assertThat(next.isFetchingSense()).as("the next fetch is not held up").isTrue();
    }

    @Test
    void deliversWithoutSenseDataWhenTheFetchIsNotDelivered() {
        Task task = submit();
        check(task, 512);
        fixture.pump();
        controller.finish(task.token(), ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE,
                TaskStatus.DELIVERY_FAILURE, 0);
        assertWithoutSense(task);
    }

    @Test
    void believesNoLongerSenseDataThanItAskedFor() {
        Task task = submit();
        check(task, 0);
        fixture.pump();
        controller.finish(task.token(), ServiceResponse.TASK_COMPLETE, TaskStatus.GOOD, 1L << 40);
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(task.senseLength()).isEqualTo(252);
    }

    @Test
    void deliversWithoutSenseDataWhenTheEngineIsSuspendedMeanwhile() {
        Task task = submit();
        check(task, 512);
        fixture.engine.submissionGate().setMode(Mode.FAIL_FAST);
        fixture.pump();
        assertWithoutSense(task);
    }

    @Test
    void timesOutAFetchAndGoesOnAlthoughTheControllerKeepsItsBuffer() {
        Task stuck = submit();
        Task waiting = submit();
        long token = stuck.token();
        check(stuck, 0);
        check(waiting, 512);
        fixture.pump();
        fixture.elapse(10_100);
        assertThat(stuck.state()).isEqualTo(TaskState.ZOMBIE);
        assertThat(stuck.status()).isEqualTo(TaskStatus.TASK_TIMEOUT_OCCURRED);
        fixture.pump();
        assertThat(EngineFixture.poll(client)).containsExactly(stuck, waiting);
        assertThat(waiting.status()).isEqualTo(TaskStatus.CHECK_CONDITION);
        assertThat(waiting.senseLength()).isZero();
        assertThat(client.release(token)).isTrue();
        controller.completer().complete(token);
        assertThat(stuck.state()).isEqualTo(TaskState.FREE);
        Task next = submit();
        assertThat(next).isSameAs(stuck);
        assertThat(next.extents().address(0)).isEqualTo(next.bufferIovmAddress());
        assertThat(next.extents().length(0)).isEqualTo(4096);
        check(next, 0);
        fixture.pump();
        answerSense(next);
        assertThat(next.senseLength()).isEqualTo(SENSE.length);
        assertThat(fixture.engine.misuses().count(Misuse.LATE_COMPLETION)).isEqualTo(1);
    }

    @Test
    void givesTasksBackToAClientThatClosesDuringAFetch() {
        Task fetching = submit();
        Task waiting = submit();
        check(fetching, 0);
        check(waiting, 0);
        fixture.pump();
        List<Task> back = new ArrayList<>();
        client.close(back::add);
        assertThat(back).containsExactlyInAnyOrder(fetching, waiting);
        assertThat(fetching.state()).isEqualTo(TaskState.ZOMBIE);
        assertThat(waiting.state()).isEqualTo(TaskState.FREE);
        controller.completer().complete(fetching.token());
        assertThat(fetching.state()).isEqualTo(TaskState.FREE);
    }

    private void assertWithoutSense(Task task) {
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(task.serviceResponse()).isEqualTo(ServiceResponse.TASK_COMPLETE);
        assertThat(task.status()).isEqualTo(TaskStatus.CHECK_CONDITION);
        assertThat(task.senseLength()).isZero();
        assertThat(task.bytesTransferred()).isEqualTo(512);
        assertThat(task.cdbWord(0)).isEqualTo(READ_10);
    }

    private Task submit() {
        Task task = fixture.claim(client);
        task.setCdbWord(0, READ_10);
        task.setCdbWord(1, 0);
        task.setControl(10, TransferDirection.FROM_TARGET, 4096);
        assertThat(client.submit(task)).isTrue();
        fixture.pump();
        return task;
    }

    private void check(Task task, long bytes) {
        controller.finish(task.token(), ServiceResponse.TASK_COMPLETE, TaskStatus.CHECK_CONDITION, bytes);
    }

    private void answerSense(Task task) {
        task.extents().scatter(MemorySegment.ofArray(SENSE), 0, 0, SENSE.length);
        controller.finish(task.token(), ServiceResponse.TASK_COMPLETE, TaskStatus.GOOD, SENSE.length);
    }
}
