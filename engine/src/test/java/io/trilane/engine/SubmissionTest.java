package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.FakeController.Posting;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.role.SubmissionGate.Mode;
import io.trilane.engine.task.Role;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskState;
import io.trilane.engine.task.TaskStatus;
import io.trilane.engine.task.TransferDirection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What happens to a task between its queue and the process call: suspension, targets, limits, the fence.
class SubmissionTest {
    private final EngineFixture fixture = new EngineFixture(config -> config, c -> c.targets = List.of(0L, 1L));
    private final FakeController controller = fixture.controller;
    private final Client client = fixture.open();

    @AfterEach
    void closeEngine() {
        fixture.close();
    }

    @Test
    void failsFastWithoutAskingTheController() {
        fixture.engine.submissionGate().setMode(Mode.FAIL_FAST);
        List<Task> tasks = List.of(fixture.submit(client), fixture.submit(client));
        fixture.pump();
        assertThat(EngineFixture.poll(client)).containsExactlyElementsOf(tasks);
        tasks.forEach(task -> assertFailed(task, TaskStatus.DELIVERY_FAILURE));
        assertThat(controller.processCalls).isZero();
        assertThat(fixture.count(EngineCounter.COMPLETED)).isEqualTo(2);
        fixture.engine.submissionGate().setMode(Mode.RUN);
        Task next = fixture.submit(client);
        fixture.pump();
        assertThat(EngineFixture.poll(client)).containsExactly(next);
        assertThat(next.isGood()).isTrue();
    }

    @Test
    void holdsTasksBackInOrder() {
        fixture.engine.submissionGate().setMode(Mode.HOLD);
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            tasks.add(fixture.submit(client));
        }
        fixture.pump();
        assertThat(EngineFixture.poll(client)).isEmpty();
        assertThat(tasks).allMatch(task -> task.state() == TaskState.QUEUED);
        fixture.engine.submissionGate().setMode(Mode.RUN);
        fixture.pump();
        assertThat(EngineFixture.poll(client)).containsExactlyElementsOf(tasks).allMatch(Task::isGood);
    }

    @Test
    void givesHeldTasksBackToAClientThatClosesAndKeepsTheOthersInOrder() {
        fixture.engine.submissionGate().setMode(Mode.HOLD);
        Client other = fixture.open();
        List<Task> theirs = new ArrayList<>();
        List<Task> mine = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            theirs.add(fixture.submit(other));
            mine.add(fixture.submit(client));
        }
        long held = fixture.engine.submissionGate().offeredPosition();
        List<Task> back = new ArrayList<>();
        List<TaskStatus> verdicts = new ArrayList<>();
        client.close(task -> {
            back.add(task);
            verdicts.add(task.status());
        });
        assertThat(back).containsExactlyElementsOf(mine);
        assertThat(verdicts).containsOnly(TaskStatus.DEVICE_NOT_RESPONDING);
        assertThat(fixture.engine.submissionGate().hasTakenUpTo(held)).as("some are still held").isFalse();
        theirs.add(fixture.submit(other));
        long position = fixture.engine.submissionGate().offeredPosition();
        assertThat(fixture.engine.submissionGate().hasTakenUpTo(position)).isFalse();
        fixture.engine.submissionGate().setMode(Mode.RUN);
        fixture.pump();
        assertThat(EngineFixture.poll(other)).containsExactlyElementsOf(theirs).allMatch(Task::isGood);
        assertThat(fixture.engine.submissionGate().hasTakenUpTo(position)).isTrue();
        assertThat(controller.processedTasks).isEqualTo(21);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 2, 4, 65535, 65536, Long.MAX_VALUE, Long.MIN_VALUE})
    void failsATaskForATargetThatIsNotThere(long targetId) {
        Task bad = fixture.claim(client);
        bad.setTargetId(targetId);
        Task good = fixture.claim(client);
        good.setTargetId(1);
        TaskBatch batch = new TaskBatch();
        batch.add(bad);
        batch.add(good);
        assertThat(client.submit(batch)).isEqualTo(2);
        fixture.pump();
        assertThat(EngineFixture.poll(client)).containsExactlyInAnyOrder(bad, good);
        assertFailed(bad, TaskStatus.DEVICE_NOT_PRESENT);
        assertThat(good.isGood()).isTrue();
        assertThat(controller.processedTasks).isEqualTo(1);
    }

    @Test
    void dropsATaskThatHasMovedOn() {
        Task gone = fixture.submit(client);
        Task stays = fixture.submit(client);
        assertThat(gone.moveFromQueuedToDone()).isTrue();
        fixture.pump();
        assertThat(EngineFixture.poll(client)).containsExactly(stays);
        assertThat(controller.processedTasks).isEqualTo(1);
        assertThat(fixture.count(EngineCounter.CONTROLLER_ERRORS)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"TO_TARGET,2,false", "TO_TARGET,1,true", "FROM_TARGET,3,false", "FROM_TARGET,2,true", "NONE,3,false"})
    void failsATaskWithMoreSegmentsThanItsDirectionAllows(TransferDirection direction, int segments, boolean reaches) {
        fixture.engine.core().submission().setSegmentLimits(2, 1);
        Task task = fixture.claim(client);
        long address = task.bufferIovmAddress();
        task.extents().clear();
        for (int i = 0; i < segments; i++) {
            assertThat(task.extents().add(address + 512L * i, 512)).isTrue();
        }
        task.setTransfer(direction, 512);
        assertThat(client.submit(task)).isTrue();
        fixture.pump();
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(task.isGood()).isEqualTo(reaches);
        assertThat(controller.processedTasks).isEqualTo(reaches ? 1 : 0);
        assertThat(fixture.engine.misuses().count(Misuse.SEGMENTS_OVER_LIMIT)).isEqualTo(reaches ? 0 : 1);
        if (!reaches) {
            assertFailed(task, TaskStatus.DELIVERY_FAILURE);
            assertThat(fixture.engine.misuses().reports().getFirst().detail())
                    .contains("segments=" + segments + " > maxSegments=" + (segments - 1));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void knowsWhichTokensAreInsideTheProcessCall(boolean bundled) {
        List<Boolean> answers = new ArrayList<>();
        EngineFixture[] holder = new EngineFixture[1];
        try (EngineFixture other = new EngineFixture(config -> config, c -> {
            c.targets = List.of(0L, 1L);
            c.bundled = bundled;
            c.posting = Posting.COMPLETE_BEFORE_RETURN;
            c.onProcess = (_, token) -> {
                answers.add(holder[0].engine.core().submission().isSubmitting(token));
                answers.add(holder[0].engine.core().submission().isSubmitting(token + (1L << 24)));
            };
        })) {
            holder[0] = other;
            Client one = other.open();
            Task task = other.submit(one);
            long token = task.token();
            other.pump();
            assertThat(answers).containsExactly(true, false);
            assertThat(other.engine.core().submission().isSubmitting(token)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCompletedTokenIsNotInsideTheProcessCallAnyMore(boolean bundled) {
        List<Boolean> answers = new ArrayList<>();
        try (EngineFixture other = new EngineFixture(config -> config, c -> {
            c.targets = List.of(0L, 1L);
            c.bundled = bundled;
            c.posting = Posting.HOLD;
        })) {
            other.controller.onProcess = (task, token) -> {
                task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.GOOD, 0);
                other.controller.framework().completer(Role.IO).complete(token);
                answers.add(other.engine.core().submission().isSubmitting(token));
            };
            Client one = other.open();
            other.submit(one);
            assertThat(other.engine.doWork(Role.IO.ordinal())).isEqualTo(1);
            assertThat(answers).containsExactly(false);
            other.controller.onProcess = (_, _) -> {};
        }
    }

    @Test
    void theFencePassesOnceTheProcessCallHasReturned() {
        List<Boolean> inside = new ArrayList<>();
        Task task = fixture.submit(client);
        long position = fixture.engine.submissionGate().offeredPosition();
        controller.onProcess = (_, _) -> inside.add(fixture.engine.submissionGate().hasTakenUpTo(position));
        assertThat(fixture.engine.submissionGate().hasTakenUpTo(position)).isFalse();
        fixture.pump();
        assertThat(inside).containsExactly(false);
        assertThat(fixture.engine.submissionGate().hasTakenUpTo(position)).isTrue();
        assertThat(fixture.engine.submissionGate().hasTakenUpTo(position + 1)).isFalse();
        assertThat(EngineFixture.poll(client)).containsExactly(task);
    }

    @Test
    void theFencePassesAlsoWhenTheProcessCallThrows() {
        controller.posting = Posting.THROW;
        Task task = fixture.submit(client);
        long position = fixture.engine.submissionGate().offeredPosition();
        fixture.pump();
        assertThat(fixture.engine.submissionGate().hasTakenUpTo(position)).isTrue();
        assertThat(task.state()).isEqualTo(TaskState.ACTIVE);
    }

    private static void assertFailed(Task task, TaskStatus status) {
        assertThat(task.state()).isEqualTo(TaskState.DONE);
        assertThat(task.serviceResponse()).isEqualTo(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE);
        assertThat(task.status()).isEqualTo(status);
    }
}
