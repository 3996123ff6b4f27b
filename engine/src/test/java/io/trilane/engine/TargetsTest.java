package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.controller.Callback;
import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.HbaProperty;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.QueueContract;
import io.trilane.engine.controller.TargetProperty;
import io.trilane.engine.controller.TargetVerdict;
import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.task.Role;
import io.trilane.engine.task.ServiceResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TargetsTest {
    private EngineFixture fixture = new EngineFixture();

    @AfterEach
    void closeEngine() {
        fixture.close();
    }

    @Test
    void createsATargetAsynchronouslyFromInsideStart() {
        assertThat(fixture.engine.targets()).containsExactly(0L);
        assertThat(fixture.controller.verdicts).containsEntry(0L, TargetVerdict.CREATED);
        assertThat(fixture.controller.calls).endsWith("startController", "doesHbaPerformDeviceManagement",
                "initializeTarget(0)");
        assertThat(fixture.count(EngineCounter.TARGETS)).isEqualTo(1);
        assertThat(fixture.engine.misuses().reports()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(QueueContract.class)
    void createsSynchronouslyOnAThreadOfTheDriversOwn(QueueContract contract) {
        restart(contract, AuxiliaryCreation.ALLOW);
        assertThat(create(1)).isEqualTo(TargetVerdict.CREATED);
        assertThat(framework().isTargetPresent(1)).isTrue();
        assertThat(fixture.engine.targets()).containsExactly(0L, 1L);
        assertThat(fixture.engine.misuses().reports()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"ENGINE, CONTROL, CREATE_FROM_DEFAULT", "ENGINE, IO, CREATE_FROM_COMPLETION_QUEUE",
            "ENGINE, INTERRUPT, CREATE_FROM_COMPLETION_QUEUE", "DRIVERKIT, CONTROL, CREATE_FROM_DEFAULT",
            "DRIVERKIT, INTERRUPT, CREATE_FROM_COMPLETION_QUEUE"})
    void refusesToCreateSynchronouslyWhereItCouldNotReturn(QueueContract contract, Role role, Misuse misuse) {
        restart(contract, AuxiliaryCreation.ALLOW);
        assertThat(createOn(role)).isEqualTo(TargetVerdict.REFUSED);
        assertThat(fixture.engine.targets()).containsExactly(0L);
        assertThat(fixture.engine.misuses().count(misuse)).isEqualTo(1);
        assertThat(fixture.engine.misuses().reports()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"ALLOW, CREATED, 0", "WARN, CREATED, 1", "REFUSE, REFUSED, 1"})
    void followsThePolicyOnTheAuxiliaryQueue(AuxiliaryCreation policy, TargetVerdict verdict, int reports) {
        restart(QueueContract.DRIVERKIT, policy);
        assertThat(createOn(Role.IO)).isEqualTo(verdict);
        assertThat(fixture.engine.misuses().count(Misuse.CREATE_FROM_AUXILIARY)).isEqualTo(reports);
        assertThat(fixture.engine.misuses().reports()).hasSize(reports);
    }

    @Test
    void aCreationOnTheAuxiliaryQueueComesAfterTheWaitForTheHardwareOfTheDefaultQueue() {
        restart(QueueContract.DRIVERKIT, AuxiliaryCreation.ALLOW);
        List<Object> events = new ArrayList<>();
        int[] cycles = {0};
        fixture.controller.onHardware = () -> cycles[0]++;
        fixture.controller.onManage = () -> {
            int until = cycles[0] + 20;
            assertThat(framework().dispatch(Role.IO, () -> events.add(create(1)))).isTrue();
            events.add(framework().awaitHardware("verdict", () -> cycles[0] >= until));
        };
        Client client = fixture.open();
        assertThat(client.manageTask(TaskManagementFunction.TARGET_RESET, 0, 0, 0))
                .isEqualTo(ServiceResponse.FUNCTION_COMPLETE);
        fixture.pump();
        assertThat(events).containsExactly(true, TargetVerdict.CREATED);
        assertThat(fixture.engine.misuses().reports()).isEmpty();
    }

    @Test
    void theSubmittingRoleGoesOnWhileTheControlRoleWaitsForTheHardware() {
        restart(QueueContract.ENGINE, AuxiliaryCreation.ALLOW);
        Client client = fixture.open();
        fixture.controller.onManage = () -> {
            fixture.submit(client);
            assertThat(framework().awaitHardware("task", () -> fixture.controller.processedTasks == 1)).isTrue();
        };
        assertThat(client.manageTask(TaskManagementFunction.TARGET_RESET, 0, 0, 0))
                .isEqualTo(ServiceResponse.FUNCTION_COMPLETE);
        fixture.pump();
        assertThat(EngineFixture.poll(client)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void createsAsynchronouslyFromEveryRoleAndAnswersWhereTheContractSays(Role role) {
        for (QueueContract contract : QueueContract.values()) {
            restart(contract, AuxiliaryCreation.ALLOW);
            List<Object> answers = new ArrayList<>();
            assertThat(framework().dispatch(role, () -> framework().createTarget(3, Map.of(), verdict -> {
                answers.add(verdict);
                answers.add(fixture.engine.currentRole());
            }))).isTrue();
            fixture.pump();
            assertThat(answers).containsExactly(TargetVerdict.CREATED, contract.role(Callback.CREATE_TARGET));
        }
    }

    @Test
    void refusesIdsThatNoTargetCanHave() {
        assertThat(create(4)).as("above the highest").isEqualTo(TargetVerdict.OUT_OF_RANGE);
        assertThat(fixture.engine.misuses().count(Misuse.TARGET_ID_OUT_OF_RANGE)).isEqualTo(1);
        assertThat(create(2)).as("the initiator").isEqualTo(TargetVerdict.OUT_OF_RANGE);
        assertThat(create(-1)).as("negative").isEqualTo(TargetVerdict.OUT_OF_RANGE);
        assertThat(fixture.engine.misuses().reports()).hasSize(1);
    }

    @Test
    void refusesASecondTargetOfTheSameId() {
        assertThat(create(0)).isEqualTo(TargetVerdict.EXISTS);
        assertThat(fixture.engine.misuses().count(Misuse.TARGET_EXISTS)).isEqualTo(1);
    }

    @Test
    void takesBackATargetWhoseInitializationFails() {
        fixture.controller.failingStep = "initializeTarget(1)";
        assertThat(create(1)).isEqualTo(TargetVerdict.INITIALIZE_FAILED);
        fixture.controller.failingStep = "";
        fixture.controller.throwingStep = "initializeTarget(1)";
        assertThat(create(1)).isEqualTo(TargetVerdict.INITIALIZE_FAILED);
        assertThat(fixture.count(EngineCounter.CONTROLLER_ERRORS)).isEqualTo(1);
        fixture.controller.throwingStep = "";
        assertThat(create(1)).as("the id is free again").isEqualTo(TargetVerdict.CREATED);
    }

    @ParameterizedTest
    @EnumSource(QueueContract.class)
    void destroysFromEveryRoleAndEveryThread(QueueContract contract) {
        restart(contract, AuxiliaryCreation.ALLOW);
        for (Role role : Role.values()) {
            assertThat(create(1)).isEqualTo(TargetVerdict.CREATED);
            List<Boolean> answers = new ArrayList<>();
            assertThat(framework().dispatch(role, () -> answers.add(framework().destroyTarget(1)))).isTrue();
            fixture.pump();
            assertThat(answers).as("on %s", role).containsExactly(true);
            assertThat(framework().isTargetPresent(1)).isFalse();
        }
        assertThat(framework().destroyTarget(0)).isTrue();
        assertThat(fixture.engine.targets()).isEmpty();
        assertThat(fixture.engine.misuses().reports()).isEmpty();
    }

    @Test
    void destroysAsynchronously() {
        List<Boolean> answers = new ArrayList<>();
        framework().destroyTarget(0, answers::add);
        framework().destroyTarget(0, answers::add);
        fixture.pump();
        assertThat(answers).containsExactlyInAnyOrder(true, false);
        assertThat(fixture.engine.misuses().count(Misuse.TARGET_EXISTS)).isEqualTo(1);
    }

    @Test
    void createsNoneWhileItIsSuspended() {
        assertThat(fixture.engine.suspend()).isTrue();
        assertThat(create(1)).isEqualTo(TargetVerdict.ABANDONED);
        assertThat(framework().destroyTarget(0)).as("destroying works").isTrue();
        assertThat(fixture.engine.resume()).isTrue();
        assertThat(create(1)).isEqualTo(TargetVerdict.CREATED);
    }

    @Test
    void refusesToWaitInTheHardwareAgent() {
        List<TargetVerdict> verdicts = new ArrayList<>();
        fixture.controller.onHardware = () -> {
            fixture.controller.onHardware = () -> {};
            verdicts.add(create(1));
        };
        fixture.pump();
        assertThat(verdicts).containsExactly(TargetVerdict.REFUSED);
        assertThat(fixture.engine.misuses().count(Misuse.REENTRANT_WAIT)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void aClaimOnARoleDoesNotWait(Role role) {
        Client client = fixture.open();
        for (int i = 0; i < EngineFixture.TASKS; i++) {
            fixture.claim(client);
        }
        long before = fixture.clock.getAsLong();
        List<Object> answers = new ArrayList<>();
        assertThat(framework().dispatch(role, () -> answers.add(client.claim(0, 1_000_000_000) == null))).isTrue();
        fixture.pump();
        assertThat(answers).containsExactly(true);
        assertThat(fixture.clock.getAsLong() - before).isLessThan(1_000_000);
    }

    @Test
    void keepsTheOrderOfRequestsForOneTarget() {
        List<Object> answers = new ArrayList<>();
        framework().destroyTarget(0, answers::add);
        framework().createTarget(0, Map.of(), answers::add);
        fixture.pump();
        assertThat(answers).containsExactly(true, TargetVerdict.CREATED);
        framework().createTarget(1, Map.of(), answers::add);
        framework().destroyTarget(1, answers::add);
        fixture.pump();
        assertThat(answers).endsWith(TargetVerdict.ABANDONED, true);
        assertThat(fixture.engine.targets()).containsExactly(0L);
        assertThat(fixture.engine.misuses().reports()).isEmpty();
    }

    @Test
    void answersEachRequestThatIsOpenWhenTheEngineCloses() {
        List<Object> answers = new ArrayList<>();
        framework().createTarget(1, Map.of(), answers::add);
        framework().destroyTarget(0, answers::add);
        fixture.close();
        assertThat(answers).hasSize(2);
    }

    @Test
    void destroyingWhatDoesNotExistDoesNothing() {
        assertThat(framework().destroyTarget(1)).isFalse();
        assertThat(fixture.engine.misuses().count(Misuse.TARGET_EXISTS)).isEqualTo(1);
        assertThat(fixture.engine.targets()).containsExactly(0L);
    }

    @Test
    void keepsWhatIsSaidOfHbaAndTargets() {
        framework().setHbaProperties(Map.of(HbaProperty.SAS_ADDRESS, "5000", HbaProperty.PORT_SPEED, "12G"));
        framework().removeHbaProperties(Set.of(HbaProperty.PORT_SPEED));
        assertThat(fixture.engine.hbaProperties()).isEqualTo(Map.of(HbaProperty.SAS_ADDRESS, "5000"));
        assertThat(framework().setTargetProperties(0, Map.of(TargetProperty.FC_ALPA, "1"))).isTrue();
        assertThat(framework().setTargetProperties(0, Map.of(TargetProperty.SAS_ADDRESS, "7"))).isTrue();
        assertThat(framework().removeTargetProperties(0, Set.of(TargetProperty.FC_ALPA))).isTrue();
        assertThat(fixture.engine.targetInfo(0).orElseThrow().properties())
                .isEqualTo(Map.of(TargetProperty.SAS_ADDRESS, "7"));
        assertThat(framework().setTargetProperties(1, Map.of())).isFalse();
        assertThat(framework().removeTargetProperties(1, Set.of())).isFalse();
        assertThat(framework().destroyTarget(0)).isTrue();
        assertThat(fixture.engine.targetInfo(0)).isEmpty();
    }

    @Test
    void knowsTargetsWithVeryLargeIds() {
        restartWith(c -> c.highestTargetId = 1L << 40);
        assertThat(create(1L << 40)).isEqualTo(TargetVerdict.CREATED);
        assertThat(create(70_000)).isEqualTo(TargetVerdict.CREATED);
        assertThat(fixture.engine.targets()).containsExactly(0L, 70_000L, 1L << 40);
        assertThat(framework().destroyTarget(1L << 40)).isTrue();
        assertThat(fixture.engine.targets()).containsExactly(0L, 70_000L);
    }

    private Framework framework() {
        return fixture.controller.framework();
    }

    private TargetVerdict create(long targetId) {
        return framework().createTarget(targetId, Map.of());
    }

    private TargetVerdict createOn(Role role) {
        List<TargetVerdict> verdicts = new ArrayList<>();
        assertThat(framework().dispatch(role, () -> verdicts.add(create(1)))).isTrue();
        fixture.pump();
        assertThat(verdicts).hasSize(1);
        return verdicts.getFirst();
    }

    private void restart(QueueContract contract, AuxiliaryCreation policy) {
        fixture.close();
        fixture = new EngineFixture(config -> config.withContract(contract)
                .withFramework(config.framework().withAuxiliaryCreation(policy)), _ -> {});
    }

    private void restartWith(Consumer<FakeController> script) {
        fixture.close();
        fixture = new EngineFixture(config -> config, script);
    }
}
