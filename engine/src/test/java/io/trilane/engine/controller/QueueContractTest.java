package io.trilane.engine.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.task.Role;
import java.util.EnumMap;
import java.util.Map;
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

    private static Map<Callback, Role> table(QueueContract contract) {
        Map<Callback, Role> table = new EnumMap<>(Callback.class);
        for (Callback callback : Callback.values()) {
            table.put(callback, contract.role(callback));
        }
        return table;
    }
}
