package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.engine.FakeController.Posting;
import io.trilane.engine.controller.LifecycleState;
import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskState;
import io.trilane.engine.task.TaskStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Clients and engines that close, with tasks in flight and without.
class CloseTest {
    private final EngineFixture fixture = new EngineFixture();
    private final Client client = fixture.open();
    private final List<Integer> closed = new ArrayList<>();
    private final List<TaskStatus> verdicts = new ArrayList<>();

    @Test
    void givesEachTaskInFlightToTheHandlerOnceWhenTheControllerCompletes() {
        List<Integer> submitted = submit(40);
        client.close(this::note);
        assertThat(closed).containsExactlyInAnyOrderElementsOf(submitted);
        assertThat(fixture.engine.pool().countInState(TaskState.FREE)).isEqualTo(EngineFixture.TASKS);
        client.close(this::note);
        assertThat(closed).hasSize(40);
        fixture.close();
    }

    @Test
    void givesEachTaskThatNeverCompletesToTheHandlerAsAFailureAndQuarantinesIt() {
        fixture.controller.posting = Posting.HOLD;
        List<Integer> submitted = submit(5);
        client.close(this::note);
        assertThat(closed).containsExactlyInAnyOrderElementsOf(submitted);
        assertThat(verdicts).containsOnly(TaskStatus.DEVICE_NOT_RESPONDING);
        assertThat(client.inFlight()).isZero();
        assertThat(fixture.engine.pool().countInState(TaskState.ZOMBIE)).isEqualTo(5);
        List.copyOf(fixture.controller.held).forEach(fixture.controller::finish);
        fixture.pump();
        assertThat(fixture.engine.pool().countInState(TaskState.FREE)).isEqualTo(EngineFixture.TASKS);
        assertThat(fixture.count(EngineCounter.LATE_COMPLETIONS)).isEqualTo(5);
        assertThat(closed).hasSize(5);
        fixture.close();
    }

    @Test
    void takesNoTaskOfAnotherClientThatUsesASlotOfItsOwnAgain() {
        fixture.controller.posting = Posting.HOLD;
        Task mine = fixture.submit(client);
        fixture.pump();
        long token = mine.token();
        fixture.controller.finish(token);
        fixture.pump();
        assertThat(EngineFixture.poll(client)).containsExactly(mine);
        submit(1);
        assertThat(client.release(token)).isTrue();
        Client other = fixture.open();
        assertThat(fixture.submit(other)).isSameAs(mine);
        fixture.pump();
        client.close(this::note);
        assertThat(closed).hasSize(1).doesNotContain(mine.slot());
        assertThat(mine.isWithController()).isTrue();
        fixture.controller.finish(mine.token());
        fixture.pump();
        assertThat(EngineFixture.poll(other)).containsExactly(mine);
        assertThat(mine.isGood()).isTrue();
        List.copyOf(fixture.controller.held).forEach(fixture.controller::finish);
        fixture.close();
    }

    @Test
    void takesNothingBackWithATokenThatWasReadBeforeTheSlotWasUsedAgain() {
        fixture.controller.posting = Posting.HOLD;
        Task task = fixture.submit(client);
        fixture.pump();
        long stale = task.token();
        fixture.controller.finish(stale);
        fixture.pump();
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(client.release(stale)).isTrue();
        assertThat(fixture.submit(client)).isSameAs(task);
        fixture.pump();
        assertThat(Client.takeBack(task, stale)).isFalse();
        assertThat(task.isWithController() && !task.isZombie()).isTrue();
        fixture.controller.finish(task.token(), ServiceResponse.TASK_COMPLETE, TaskStatus.TASK_SET_FULL, 0);
        assertThat(task.state()).isEqualTo(TaskState.RESEND);
        assertThat(Client.takeBack(task, stale)).as("waiting to be sent again").isFalse();
        assertThat(task.state()).isEqualTo(TaskState.RESEND);
        fixture.close();
    }

    @Test
    void doesNotWaitForTasksThatWerePolledButNotReleased() {
        submit(3);
        fixture.pump();
        List<Task> polled = EngineFixture.poll(client);
        client.close(this::note);
        assertThat(closed).isEmpty();
        polled.forEach(task -> assertThat(client.release(task.token())).isTrue());
        fixture.close();
    }

    @Test
    void engineClosesItsClientsAndStopsTheController() {
        submit(7);
        fixture.close();
        assertThat(fixture.engine.state()).isEqualTo(LifecycleState.GONE);
        assertThat(fixture.controller.calls).endsWith("onNexusReset(0)", "stop");
        assertThat(fixture.count(EngineCounter.COMPLETED)).isEqualTo(7);
        assertThat(fixture.count(EngineCounter.CLIENTS)).isZero();
        assertThat(fixture.count(EngineCounter.QUARANTINED)).isZero();
        assertThat(fixture.engine.memory().commands().scope().isAlive()).isFalse();
        fixture.close();
        assertThat(fixture.controller.calls).filteredOn("stop"::equals).hasSize(1);
    }

    @Test
    void engineKeepsItsMemoryWhileTheControllerHoldsTokens() {
        fixture.controller.posting = Posting.HOLD;
        submit(3);
        fixture.pump();
        fixture.close();
        assertThat(fixture.engine.state()).isEqualTo(LifecycleState.GONE);
        assertThat(fixture.count(EngineCounter.QUARANTINED)).isEqualTo(3);
        assertThat(fixture.engine.memory().commands().scope().isAlive()).isTrue();
    }

    @Test
    void engineFreesItsMemoryWhenTheControllerReturnsItsTokensAtStop() {
        fixture.controller.posting = Posting.HOLD;
        fixture.controller.returnsHeldTokensAtStop = true;
        submit(3);
        fixture.pump();
        fixture.close();
        assertThat(fixture.count(EngineCounter.LATE_COMPLETIONS)).isEqualTo(3);
        assertThat(fixture.count(EngineCounter.QUARANTINED)).isZero();
        assertThat(fixture.engine.memory().commands().scope().isAlive()).isFalse();
    }

    @Test
    void engineFreesItsMemoryWhenOnlyClientsHaveNotReleased() {
        fixture.controller.posting = Posting.HOLD;
        Task task = fixture.claim(client);
        task.setTimeoutMillis(10);
        assertThat(client.submit(task)).isTrue();
        fixture.pump();
        fixture.elapse(30);
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        fixture.controller.finish(task.token());
        fixture.pump();
        fixture.close();
        assertThat(fixture.count(EngineCounter.QUARANTINED)).isZero();
        assertThat(fixture.engine.memory().commands().scope().isAlive()).isFalse();
    }

    @Test
    void engineKeepsItsMemoryAndGoesWhenStopThrows() {
        fixture.controller.throwingStep = "stop";
        fixture.close();
        assertThat(fixture.engine.state()).isEqualTo(LifecycleState.GONE);
        assertThat(fixture.count(EngineCounter.CONTROLLER_ERRORS)).isEqualTo(1);
        assertThat(fixture.count(EngineCounter.QUARANTINED)).isPositive();
        assertThat(fixture.engine.memory().commands().scope().isAlive()).isTrue();
    }

    @Test
    void refusesSubmissionsOnceItIsStopped() {
        Task task = fixture.claim(client);
        fixture.close();
        assertThat(client.submit(task)).isFalse();
    }

    @Test
    void answersTaskManagementWithAFailureWhenTheControllerThrows() {
        fixture.controller.throwingStep = "manageTask(CLEAR_ACA nexus=0 target=0 lun=0 tag=0)";
        long before = fixture.clock.getAsLong();
        assertThat(client.manageTask(TaskManagementFunction.CLEAR_ACA, 0, 0, 0))
                .isEqualTo(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE);
        assertThat(fixture.clock.getAsLong() - before).as("at once, not by timeout").isLessThan(100_000);
        assertThat(fixture.count(EngineCounter.CONTROLLER_ERRORS)).isEqualTo(1);
        fixture.close();
    }

    @Test
    void opensAClientAlthoughTheControllerThrowsOnItsNexus() {
        fixture.controller.throwingStep = "onNexusReset(1)";
        assertThat(fixture.open().nexus().id()).isEqualTo(1);
        assertThat(fixture.count(EngineCounter.CONTROLLER_ERRORS)).isEqualTo(1);
        fixture.close();
    }

    @Test
    void handsOverWithoutLossWhenAHandlerThrowsDuringClose() {
        submit(3);
        assertThatThrownBy(() -> client.close(_ -> {
            throw new IllegalArgumentException("handler");
        })).hasMessage("handler");
        fixture.close();
        assertThat(fixture.count(EngineCounter.QUARANTINED)).isZero();
        assertThat(fixture.engine.state()).isEqualTo(LifecycleState.GONE);
    }

    private void note(Task task) {
        closed.add(task.slot());
        verdicts.add(task.status());
    }

    private List<Integer> submit(int count) {
        List<Integer> slots = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            slots.add(fixture.submit(client).slot());
        }
        return slots;
    }
}
