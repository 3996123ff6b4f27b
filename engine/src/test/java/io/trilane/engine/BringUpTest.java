package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.engine.controller.LifecycleState;
import io.trilane.engine.metrics.EngineCounter;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BringUpTest {
    @Test
    void callsTheControllerInTheDocumentedOrder() {
        try (EngineFixture fixture =
                new EngineFixture(config -> config.withMaxTasks(2), c -> c.managesDevices = false)) {
            assertThat(fixture.controller.calls).containsExactly("init", "start", "initializeController",
                    "reportInitiatorIdentifier", "reportHighestSupportedDeviceId", "reportMaximumTaskCount",
                    "mapTaskData(0)", "mapTaskData(1)", "mapBundledBuffers", "startController",
                    "doesHbaPerformDeviceManagement", "initializeTarget(0)", "initializeTarget(1)",
                    "initializeTarget(3)");
            assertThat(fixture.engine.state()).isEqualTo(LifecycleState.ONLINE);
            assertThat(fixture.count(EngineCounter.LIFECYCLE_STATE)).isEqualTo(LifecycleState.ONLINE.ordinal());
        }
    }

    @Test
    void createsEveryTargetButTheInitiatorWhenTheControllerDoesNot() {
        try (EngineFixture fixture = new EngineFixture(config -> config, c -> c.managesDevices = false)) {
            assertThat(fixture.engine.targets()).containsExactly(0L, 1L, 3L);
        }
    }

    @Test
    void leavesOutATargetThatRefusesToInitialize() {
        try (EngineFixture fixture = new EngineFixture(config -> config, c -> {
            c.managesDevices = false;
            c.failingStep = "initializeTarget(1)";
        })) {
            assertThat(fixture.engine.targets()).containsExactly(0L, 3L);
        }
    }

    @Test
    void createsNoTargetByItselfWhenTheControllerManagesDevices() {
        try (EngineFixture fixture = new EngineFixture()) {
            assertThat(fixture.engine.targets()).isEmpty();
            assertThat(fixture.controller.framework().createTarget(4)).as("above the highest").isFalse();
            assertThat(fixture.controller.framework().createTarget(2)).as("the initiator").isFalse();
            assertThat(fixture.controller.framework().createTarget(-1)).as("negative").isFalse();
            assertThat(fixture.controller.framework().createTarget(0)).isTrue();
            assertThat(fixture.controller.framework().createTarget(0)).as("exists").isFalse();
        }
    }

    @Test
    void usesNoMoreTasksThanTheControllerHolds() {
        try (EngineFixture fixture = new EngineFixture(config -> config, c -> c.maximumTaskCount = 3)) {
            Client client = fixture.open();
            for (int i = 0; i < 3; i++) {
                fixture.claim(client);
            }
            assertThat(client.claim(0)).isNull();
        }
    }

    @Test
    void givesEachTaskTheIdOfItsController() {
        try (EngineFixture fixture = new EngineFixture(config -> config, c -> c.taskIds = slot -> 1000L - slot)) {
            assertThat(fixture.claim(fixture.open()).controllerTaskId()).isEqualTo(1000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"init", "start"})
    void takesNothingDownWhenNothingWasStarted(String step) {
        FakeController controller = failLaunch(c -> c.failingStep = step, step + " answered false");
        assertThat(controller.calls).last().isEqualTo(step);
    }

    @ParameterizedTest
    @ValueSource(strings = {"initializeController", "startController"})
    void stopsTheControllerWhenAStepAnswersFalseAndNamesTheStep(String step) {
        FakeController controller = failLaunch(c -> c.failingStep = step, step + " answered false");
        assertThat(controller.calls).endsWith(step, "stop");
    }

    @ParameterizedTest
    @ValueSource(strings = {"initializeController", "reportInitiatorIdentifier", "reportMaximumTaskCount",
            "mapTaskData(7)", "mapBundledBuffers", "startController", "doesHbaPerformDeviceManagement"})
    void stopsTheControllerWhenAStepThrowsAndTellsTheException(String step) {
        FakeController controller = failLaunch(c -> c.throwingStep = step, step + " fails on purpose");
        assertThat(controller.calls).endsWith(step, "stop");
    }

    @ParameterizedTest
    @ValueSource(strings = {"init", "start"})
    void tellsAnExceptionOfTheFirstSteps(String step) {
        assertThat(failLaunch(c -> c.throwingStep = step, step + " fails on purpose").calls).last().isEqualTo(step);
    }

    @Test
    void tellsTheFirstCauseEvenWhenStopFailsToo() {
        failLaunch(c -> {
            c.failingStep = "startController";
            c.throwingStep = "stop";
        }, "startController answered false");
    }

    @Test
    void demandsConstraintsBeforeInitializeControllerReturns() {
        FakeController controller = failLaunch(c -> c.reportsConstraints = false,
                "constraints were not reported, call reportConstraints inside initializeController");
        assertThat(controller.calls).isEqualTo(List.of("init", "start", "initializeController", "stop"));
    }

    @Test
    void demandsAtLeastOneTask() {
        failLaunch(c -> c.maximumTaskCount = 0,
                "maximumTaskCount=0 < 1, report how many tasks the controller can hold");
    }

    @Test
    void demandsTaskIdsThatAreNotZero() {
        failLaunch(c -> c.taskIds = slot -> slot, "uniqueTaskId=0 of slot=0 is 0 or a duplicate");
    }

    @Test
    void demandsTaskIdsThatAreUnique() {
        failLaunch(c -> c.taskIds = slot -> 1 + slot % 5, "uniqueTaskId=1 of slot=5 is 0 or a duplicate");
    }

    private static FakeController failLaunch(Consumer<FakeController> script, String cause) {
        FakeController controller = new FakeController();
        script.accept(controller);
        EngineConfig config = EngineFixture.config(new ManualClock());
        assertThatThrownBy(() -> Engine.launch(config, controller)).isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("controller=FakeController did not start: ").hasMessageContaining(cause);
        return controller;
    }
}
