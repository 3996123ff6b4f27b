package io.trilane.hba;

import static io.trilane.engine.controller.TaskManagementFunction.ABORT_TASK_SET;
import static io.trilane.engine.controller.TaskManagementFunction.I_T_NEXUS_RESET;
import static io.trilane.engine.task.ServiceResponse.FUNCTION_COMPLETE;
import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TransferDirection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Reservations where they meet resets, aborts and the driver.
class ReservationTaskManagementTest {
    private static final String ABORTED = "NO_STATUS";

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    @ParameterizedTest
    @EnumSource(value = TaskManagementFunction.class, names = {"LOGICAL_UNIT_RESET", "TARGET_RESET", "I_T_NEXUS_RESET"})
    void aResetReleasesWhatReserveSixReserved(TaskManagementFunction function) {
        assertThat(rig.run(0, "16 00 00 00 00 00")).isEqualTo("good");
        assertThat(rig.run(1, "16 00 00 00 00 00")).isEqualTo("RESERVATION_CONFLICT");
        assertThat(rig.manage(ABORT_TASK_SET, 0, 0, 0, 0)).isEqualTo(FUNCTION_COMPLETE);
        assertThat(rig.run(1, "16 00 00 00 00 00")).isEqualTo("RESERVATION_CONFLICT");
        assertThat(rig.manage(function, 0, 0, 0, 0)).isEqualTo(FUNCTION_COMPLETE);
        if (function != I_T_NEXUS_RESET) {
            assertThat(rig.sense(0, 0, 1)).isEqualTo("6/29/03");
        }
        assertThat(rig.run(1, "16 00 00 00 00 00")).isEqualTo("good");
    }

    @Test
    void theDriverTellsTheNamesOfANexus() {
        rig.controller.onNexusReset(new Nexus(0, "iqn.one", "t"));
        rig.controller.onNexusReset(new Nexus(1, "iqn.two", "t"));
        rig.pump();
        assertThat(rig.sense(0, 0, 0)).isEqualTo("6/29/00");
        assertThat(rig.sense(0, 0, 1)).isEqualTo("6/29/00");
        assertThat(rig.reserveOut(0, 6, 0, 0, 0xA)).isEqualTo("good");
        assertThat(rig.reserveOut(0, 1, 3, 0xA, 0)).isEqualTo("good");
        assertThat(rig.reserveOut(1, 1, 3, 0xA, 0)).isEqualTo("RESERVATION_CONFLICT");
        rig.controller.onNexusReset(new Nexus(1, "iqn.one", "t"));
        rig.controller.onNexusReset(new Nexus(0, "iqn.three", "t"));
        rig.pump();
        assertThat(rig.sense(0, 0, 0)).isEqualTo("6/29/00");
        assertThat(rig.sense(0, 0, 1)).isEqualTo("6/29/00");
        assertThat(rig.reserveOut(0, 2, 3, 0xA, 0)).isEqualTo("RESERVATION_CONFLICT");
        assertThat(rig.reserveOut(1, 2, 3, 0xA, 0)).isEqualTo("good");
    }

    /// SPC-5 5.13.11.5: the tasks of the nexus that is preempted have no effect after the answer.
    @Test
    void preemptAndAbortWaitsForTheTasksThatItAborts() {
        assertThat(rig.reserveOut(0, 6, 0, 0, 1)).isEqualTo("good");
        assertThat(rig.reserveOut(1, 6, 0, 0, 2)).isEqualTo("good");
        Task underWay = rig.write(0, 5, 4);
        Task waiting = rig.write(0, 6, 4);
        Task mine = rig.write(1, 7, 5);
        Task elsewhere = rig.task(0, 1, 0, 8, "2A 00 00 00 00 04 00 00 01 00", TransferDirection.TO_TARGET, 512);
        rig.send(underWay, waiting, mine, elsewhere);
        Task preempt = rig.reserveOutTask(1, 5, 3, 2, 1);
        rig.send(preempt);
        assertThat(rig.end(waiting)).isEqualTo(ABORTED);
        assertThat(rig.framework.completed).doesNotContain(preempt, underWay, mine);
        rig.image.complete(mine.token());
        rig.pump();
        assertThat(rig.end(mine)).isEqualTo("good");
        assertThat(rig.framework.completed).doesNotContain(preempt, underWay);
        rig.image.complete(underWay.token());
        rig.pump();
        assertThat(rig.end(underWay)).isEqualTo(ABORTED);
        assertThat(rig.end(preempt)).isEqualTo("good");
        rig.finishImages();
        assertThat(rig.end(elsewhere)).as("another unit").isEqualTo("good");
        assertThat(rig.sense(0, 0, 0)).isEqualTo("6/2F/00");
        assertThat(rig.sense(0, 0, 0)).isEqualTo("6/2A/05");
        assertThat(rig.sense(0, 0, 0)).isEqualTo("good");
        assertThat(rig.sense(0, 0, 1)).isEqualTo("good");
    }

    @Test
    void aPreemptAndAbortCanItselfBeAborted() {
        assertThat(rig.reserveOut(0, 6, 0, 0, 1)).isEqualTo("good");
        assertThat(rig.reserveOut(1, 6, 0, 0, 2)).isEqualTo("good");
        Task underWay = rig.write(0, 5, 4);
        rig.send(underWay);
        Task preempt = rig.reserveOutTask(1, 5, 3, 2, 1);
        rig.send(preempt);
        var reply = rig.request(ABORT_TASK_SET, 1, 0, 0, 0);
        rig.pump();
        assertThat(reply.isDone()).isFalse();
        rig.finishImages();
        assertThat(reply.get()).isEqualTo(FUNCTION_COMPLETE);
        assertThat(rig.end(underWay)).isEqualTo(ABORTED);
        assertThat(rig.end(preempt)).isEqualTo(ABORTED);
        assertThat(rig.sense(0, 0, 1)).isEqualTo("good");
    }
}
