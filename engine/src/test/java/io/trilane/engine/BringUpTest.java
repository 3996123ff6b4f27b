package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.engine.controller.ConstraintKey;
import io.trilane.engine.controller.ControllerConstraints;
import io.trilane.engine.controller.DmaSegmentType;
import io.trilane.engine.controller.DmaSpecification;
import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.LifecycleState;
import io.trilane.engine.controller.Personality;
import io.trilane.engine.metrics.EngineCounter;
import java.util.List;
import java.util.Map;
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
        try (EngineFixture fixture = new EngineFixture(config -> config, c -> c.targets = List.of())) {
            assertThat(fixture.engine.targets()).isEmpty();
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
        failLaunch(c -> c.taskIds = slot -> slot, "TASK_ID_RESERVED: uniqueTaskId=0 of slot=0 is 0 or a duplicate");
    }

    @Test
    void demandsTaskIdsThatAreUnique() {
        failLaunch(c -> c.taskIds = slot -> 1 + slot % 5,
                "TASK_ID_DUPLICATE: uniqueTaskId=1 of slot=5 is 0 or a duplicate");
    }

    @Test
    void demandsBothQueues() {
        FakeController controller = failLaunch(c -> c.queues = List.of(Framework.INTERRUPT_QUEUE),
                "queue=AuxiliaryQueue was not set, call setDispatchQueue inside initializeController");
        assertThat(controller.calls).isEqualTo(List.of("init", "start", "initializeController", "stop"));
        failLaunch(c -> c.queues = List.of(), "queue=AuxiliaryQueue was not set");
    }

    @Test
    void refusesAQueueOfTheDriversOwn() {
        failLaunch(c -> c.queues = List.of(Framework.AUXILIARY_QUEUE, Framework.INTERRUPT_QUEUE, "ParallelQueue"),
                "queue=ParallelQueue is not in contract=ENGINE, set ");
    }

    @Test
    void namesTheConstraintsThatAreMissing() {
        failLaunch(c -> c.constraints.remove(ConstraintKey.MINIMUM_SEGMENT_ALIGNMENT_BYTE_COUNT),
                "CONSTRAINTS_INCOMPLETE: constraints miss keys=[MINIMUM_SEGMENT_ALIGNMENT_BYTE_COUNT]");
    }

    @Test
    void checksThePersonalityBeforeAnyCallback() {
        FakeController controller = failLaunch(
                c -> c.personality = new Personality(Map.of(Personality.BUNDLE_IDENTIFIER, "org.example.fake")),
                "PERSONALITY_INVALID: CFBundleIdentifierKernel= is not com.apple.iokit.IOSCSIParallelFamily");
        assertThat(controller.calls).isEmpty();
    }

    @Test
    void refusesSegmentsThatCannotHoldTheLongestTransfer() {
        failLaunch(c -> c.constraints = ControllerConstraints.of(1, 1 << 24).toMap(),
                "SEGMENT_LIMITS_INCONSISTENT: direction=read maxSegments=1 x maxSegmentBytes=16777216");
        failLaunch(c -> c.constraints = ControllerConstraints.of(4, (1 << 22) - 1).toMap(),
                "is below 2 segments or below maxTransferBytes=16777216");
    }

    @Test
    void refusesSegmentListsOfAnotherByteOrder() {
        failLaunch(c -> c.dma = _ -> new DmaSpecification(4096, 4, 32, DmaSegmentType.BIG_32),
                "DMA_SEGMENT_TYPE_UNSUPPORTED: segmentType=BIG_32 is not of this host");
    }

    @Test
    void demandsADmaSpecificationForTheFirstTask() {
        failLaunch(c -> c.dma = _ -> null, "dmaSpecification of the first task was not given, report one");
    }

    @Test
    void stopsGrowingThePoolWhereTheDmaSpecificationsEnd() {
        try (EngineFixture fixture = new EngineFixture(config -> config,
                c -> c.dma = slot -> slot < 5 ? DmaSpecification.of(4096) : null)) {
            assertThat(fixture.engine.pool().size()).isEqualTo(5);
        }
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
