package io.trilane.engine.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.task.Role;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class QueueContractTest {
    @Test
    void engineContractGivesSubmissionARoleOfItsOwn() {
        assertThat(table(QueueContract.ENGINE)).containsExactlyInAnyOrderEntriesOf(Map.of(
                Callback.LIFECYCLE, Role.CONTROL, Callback.CREATE_TARGET, Role.CONTROL,
                Callback.INITIALIZE_TARGET, Role.CONTROL, Callback.PROCESS, Role.IO,
                Callback.TASK_MANAGEMENT, Role.CONTROL, Callback.INTERRUPT, Role.INTERRUPT,
                Callback.POWER, Role.CONTROL));
    }

    @Test
    void driverKitContractRunsEverythingUnannotatedOnDefault() {
        assertThat(table(QueueContract.DRIVERKIT)).containsExactlyInAnyOrderEntriesOf(Map.of(
                Callback.LIFECYCLE, Role.CONTROL, Callback.CREATE_TARGET, Role.IO,
                Callback.INITIALIZE_TARGET, Role.CONTROL, Callback.PROCESS, Role.CONTROL,
                Callback.TASK_MANAGEMENT, Role.CONTROL, Callback.INTERRUPT, Role.INTERRUPT,
                Callback.POWER, Role.CONTROL));
    }

    @ParameterizedTest
    @EnumSource(QueueContract.class)
    void describesOneCallbackPerLine(QueueContract contract) {
        assertThat(contract.describe().lines()).hasSize(Callback.values().length)
                .anySatisfy(line -> assertThat(line).startsWith("PROCESS")
                        .endsWith(contract.role(Callback.PROCESS).name()));
    }

    @Test
    void noRoleMayWaitForATargetUnderTheEngineContract() {
        assertThat(QueueContract.ENGINE.rolesThatMayCreateTargets()).isEmpty();
        assertThat(QueueContract.ENGINE.describeTargetCreation())
                .startsWith("createTarget may be waited for on no role; it needs CONTROL, INTERRUPT, IO");
    }

    @Test
    void onlyTheAuxiliaryQueueMayWaitForATargetUnderDriverKit() {
        assertThat(QueueContract.DRIVERKIT.rolesThatMayCreateTargets()).containsExactly(Role.IO);
        assertThat(QueueContract.DRIVERKIT.describeTargetCreation())
                .startsWith("createTarget may be waited for on IO; it needs CONTROL, INTERRUPT");
    }

    /// `rolesNeededBy` is what the guard looks at before a call waits.
    @ParameterizedTest
    @EnumSource(FrameworkCall.class)
    void saysTheSameAsTheGuard(FrameworkCall call) {
        assertThat(QueueContract.DRIVERKIT.rolesNeededBy(call)).isEqualTo(new TraceFixture(1).guard.rolesOf(call));
    }

    @Test
    void namesTheQueuesThatRolesStandFor() {
        assertThat(QueueContract.DRIVERKIT.rows()).filteredOn(row -> row.callback() == Callback.CREATE_TARGET)
                .containsExactly(new QueueContract.Row(Callback.CREATE_TARGET, Role.IO, Framework.AUXILIARY_QUEUE,
                        Optional.of(Evidence.DOCUMENTED)));
        assertThat(QueueContract.queueOf(Role.INTERRUPT)).isEqualTo(Framework.INTERRUPT_QUEUE);
        assertThat(QueueContract.queueOf(Role.CONTROL)).isEqualTo("Default");
    }

    @Test
    void marksWhatIsInferredOfMacosAndClaimsNothingForOurOwnContract() {
        assertThat(QueueContract.DRIVERKIT.rows()).filteredOn(row -> row.callback() == Callback.PROCESS)
                .extracting(QueueContract.Row::evidence).containsExactly(Optional.of(Evidence.INFERRED));
        assertThat(QueueContract.ENGINE.rows()).extracting(QueueContract.Row::evidence)
                .containsOnly(Optional.empty());
    }

    private static Map<Callback, Role> table(QueueContract contract) {
        Map<Callback, Role> table = new EnumMap<>(Callback.class);
        for (Callback callback : Callback.values()) {
            table.put(callback, contract.role(callback));
        }
        return table;
    }
}
