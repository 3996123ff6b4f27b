package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.controller.LifecycleState;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.QueueContract;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class RemovalTest {
    private EngineFixture fixture = new EngineFixture();

    @AfterEach
    void closeEngine() {
        fixture.close();
    }

    @ParameterizedTest
    @EnumSource(QueueContract.class)
    void completesWhatTheControllerHoldsAsNotPresentWhenTheHardwareGoes(QueueContract contract) {
        restart(contract);
        fixture.controller.posting = FakeController.Posting.HOLD;
        Client client = fixture.open();
        Task held = fixture.submit(client);
        fixture.pump();
        Task queued = fixture.submit(client);
        fixture.engine.remove();
        fixture.pump();
        assertThat(EngineFixture.poll(client)).containsExactlyInAnyOrder(held, queued).allSatisfy(task -> {
            assertThat(task.serviceResponse()).isEqualTo(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE);
            assertThat(task.status()).isEqualTo(TaskStatus.DEVICE_NOT_PRESENT);
        });
        assertThat(fixture.engine.state()).isEqualTo(LifecycleState.STOPPED);
        assertThat(fixture.engine.targets()).isEmpty();
        assertThat(fixture.count(EngineCounter.DRAINED)).isPositive();
        assertThat(fixture.controller.calls).endsWith("stop");
        assertThat(client.submit(fixture.claim(client))).as("nothing is accepted any more").isFalse();
    }

    @Test
    void drainsATargetAndCountsItsTokensWhenTheyComeBackLate() {
        fixture.controller.posting = FakeController.Posting.HOLD;
        Client client = fixture.open();
        Task task = fixture.submit(client);
        fixture.pump();
        long token = task.token();
        assertThat(fixture.controller.framework().destroyTarget(0)).isTrue();
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(task.status()).isEqualTo(TaskStatus.DEVICE_NOT_PRESENT);
        assertThat(client.release(token)).isTrue();
        fixture.controller.finish(token);
        fixture.pump();
        assertThat(EngineFixture.poll(client)).as("delivered once").isEmpty();
        assertThat(fixture.count(EngineCounter.LATE_COMPLETIONS)).isEqualTo(1);
        assertThat(fixture.engine.misuses().count(Misuse.LATE_COMPLETION)).isEqualTo(1);
        assertThat(fixture.engine.misuses().reports()).hasSize(1);
    }

    @Test
    void handsNoTaskOfAnAbsentTargetToTheController() {
        Client client = fixture.open();
        Task task = fixture.claim(client);
        task.setTargetId(1);
        assertThat(client.submit(task)).isTrue();
        fixture.pump();
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(task.status()).isEqualTo(TaskStatus.DEVICE_NOT_PRESENT);
        assertThat(fixture.controller.processedTasks).isZero();
    }

    @Test
    void leavesOtherTargetsAloneWhenOneGoes() {
        fixture.controller.posting = FakeController.Posting.HOLD;
        assertThat(fixture.controller.framework().createTarget(1, java.util.Map.of())).isNotNull();
        Client client = fixture.open();
        Task other = fixture.claim(client);
        other.setTargetId(1);
        assertThat(client.submit(other)).isTrue();
        Task gone = fixture.submit(client);
        fixture.pump();
        assertThat(fixture.controller.framework().destroyTarget(0)).isTrue();
        assertThat(EngineFixture.poll(client)).containsExactly(gone);
        fixture.controller.finish(other.token());
        fixture.pump();
        assertThat(EngineFixture.poll(client)).containsExactly(other);
        assertThat(other.isGood()).isTrue();
    }

    private void restart(QueueContract contract) {
        fixture.close();
        fixture = new EngineFixture(config -> config.withContract(contract), _ -> {});
    }
}
