package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.LifecycleState;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.PowerState;
import io.trilane.engine.task.Role;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PowerTest {
    private EngineFixture fixture = new EngineFixture();

    @AfterEach
    void closeEngine() {
        fixture.close();
    }

    @Test
    void failsTasksAtOnceWhileItIsSuspended() {
        Client client = fixture.open();
        assertThat(fixture.engine.suspend()).isTrue();
        assertThat(fixture.engine.state()).isEqualTo(LifecycleState.SUSPENDED);
        Task task = fixture.submit(client);
        fixture.pump();
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(task.serviceResponse()).isEqualTo(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE);
        assertThat(task.status()).isEqualTo(TaskStatus.DELIVERY_FAILURE);
        assertThat(fixture.controller.processedTasks).as("the controller never saw it").isZero();
    }

    @Test
    void holdsTasksUntilItIsResumedWhenThePolicySaysSo() {
        restart(SuspendPolicy.HOLD);
        Client client = fixture.open();
        assertThat(fixture.engine.suspend()).isTrue();
        Task task = fixture.submit(client);
        fixture.pump();
        assertThat(EngineFixture.poll(client)).isEmpty();
        assertThat(fixture.engine.resume()).isTrue();
        fixture.pump();
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(task.isGood()).isTrue();
    }

    @Test
    void letsTasksThatTheControllerHasFinishWhileItIsSuspended() {
        fixture.controller.posting = FakeController.Posting.HOLD;
        Client client = fixture.open();
        Task task = fixture.submit(client);
        fixture.pump();
        assertThat(fixture.engine.suspend()).isTrue();
        fixture.controller.finish(task.token());
        fixture.pump();
        assertThat(EngineFixture.poll(client)).containsExactly(task);
        assertThat(task.isGood()).isTrue();
    }

    @Test
    void answersFalseToWhatDoesNotFollow() {
        assertThat(fixture.engine.resume()).as("not suspended").isFalse();
        assertThat(fixture.engine.suspend()).isTrue();
        assertThat(fixture.engine.suspend()).as("suspended already").isFalse();
        assertThat(fixture.engine.setPowerState(PowerState.OFF)).as("suspended").isFalse();
        assertThat(fixture.engine.setPowerState(PowerState.ON)).as("not powered down").isFalse();
        assertThat(fixture.engine.resume()).isTrue();
        assertThat(fixture.engine.misuses().reports()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = PowerState.class, names = {"OFF", "PAUSED"})
    void goesThroughAPowerCycle(PowerState state) {
        Client client = fixture.open();
        assertThat(fixture.engine.setPowerState(state)).isTrue();
        assertThat(fixture.engine.state().isSuspended()).isTrue();
        Task refused = fixture.submit(client);
        fixture.pump();
        assertThat(refused.isGood()).isFalse();
        assertThat(fixture.engine.setPowerState(PowerState.ON)).isTrue();
        assertThat(fixture.engine.state()).isEqualTo(LifecycleState.ONLINE);
        Task task = fixture.submit(client);
        fixture.pump();
        assertThat(task.isGood()).isTrue();
        assertThat(fixture.controller.calls).contains("setPowerState(" + state + ")", "setPowerState(ON)");
        assertThat(fixture.engine.misuses().reports()).isEmpty();
    }

    @Test
    void reportsATransitionThatIsNotAcknowledged() {
        fixture.controller.acknowledgesPower = false;
        fixture.clock.tickPerReadNs = 1_000_000;
        assertThat(fixture.engine.setPowerState(PowerState.OFF)).isFalse();
        assertThat(fixture.engine.misuses().count(Misuse.POWER_ACK_TIMEOUT)).isEqualTo(1);
        assertThat(fixture.engine.misuses().reports().getFirst().detail()).contains("powerState=OFF",
                "powerTimeoutNs=21257000000");
    }

    @Test
    void acceptsAnAcknowledgementThatComesLaterFromAnotherRole() {
        fixture.controller.acknowledgesPower = false;
        fixture.controller.onPower = state -> fixture.controller.framework().dispatch(Role.INTERRUPT,
                () -> fixture.controller.framework().acknowledgePowerState(state));
        assertThat(fixture.engine.setPowerState(PowerState.OFF)).isTrue();
        assertThat(fixture.engine.state()).isEqualTo(LifecycleState.OFF);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLateAcknowledgementDoesNotCompleteTheNextTransition(boolean sameFramework) {
        List<Framework> given = expireOne(sameFramework);
        fixture.controller.onPower = _ -> given.getFirst().acknowledgePowerState(PowerState.OFF);
        assertThat(fixture.engine.setPowerState(PowerState.OFF)).as("that was the first one's").isFalse();
        assertThat(fixture.engine.misuses().count(Misuse.POWER_ACK_TIMEOUT)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theNextTransitionIsCompletedByItsOwnAcknowledgement(boolean sameFramework) {
        List<Framework> given = expireOne(sameFramework);
        fixture.controller.onPower = _ -> {
            given.getFirst().acknowledgePowerState(PowerState.OFF);
            given.getLast().acknowledgePowerState(PowerState.OFF);
        };
        assertThat(fixture.engine.setPowerState(PowerState.OFF)).isTrue();
        assertThat(fixture.engine.state()).isEqualTo(LifecycleState.OFF);
        assertThat(fixture.engine.misuses().count(Misuse.POWER_ACK_TIMEOUT)).isEqualTo(1);
    }

    @Test
    void anAcknowledgementThatNeverComesCostsOneTransitionOnly() {
        List<Framework> given = expireOne(false);
        fixture.controller.onPower = _ -> given.getLast().acknowledgePowerState(PowerState.OFF);
        assertThat(fixture.engine.setPowerState(PowerState.OFF)).isTrue();
    }

    @Test
    void ignoresAnAcknowledgementThatNobodyWaitsFor() {
        fixture.controller.framework().acknowledgePowerState(PowerState.OFF);
        fixture.pump();
        assertThat(fixture.engine.state()).isEqualTo(LifecycleState.ONLINE);
    }

    @Test
    void refusesToWaitOnARole() {
        List<Throwable> failures = new ArrayList<>();
        assertThat(fixture.controller.framework().dispatch(Role.IO, () -> {
            assertThatThrownBy(fixture.engine::suspend).hasMessageStartingWith("role=IO must not wait for CONTROL");
            failures.add(new AssertionError("reached"));
        })).isTrue();
        fixture.pump();
        assertThat(failures).hasSize(1);
        assertThat(fixture.engine.state()).isEqualTo(LifecycleState.ONLINE);
    }

    /// OFF expires, ON is acknowledged, and the controller acknowledges by hand from here on.
    ///
    /// @param sameFramework it uses the framework of its start, otherwise the one that comes with each call
    /// @return what the controller is given, a transition to OFF each
    private List<Framework> expireOne(boolean sameFramework) {
        List<Framework> given = new ArrayList<>();
        fixture.controller.acknowledgesPower = false;
        fixture.controller.onPowerFramework = framework -> given
                .add(sameFramework ? fixture.controller.framework() : framework);
        fixture.clock.tickPerReadNs = 100_000_000;
        assertThat(fixture.engine.setPowerState(PowerState.OFF)).isFalse();
        fixture.controller.acknowledgesPower = true;
        assertThat(fixture.engine.setPowerState(PowerState.ON)).isTrue();
        fixture.controller.acknowledgesPower = false;
        given.removeLast();
        return given;
    }

    private void restart(SuspendPolicy policy) {
        fixture.close();
        fixture = new EngineFixture(config -> config.withFramework(config.framework().withSuspendPolicy(policy)),
                _ -> {});
    }
}
