package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.controller.ControllerConstraints;
import io.trilane.engine.controller.DmaSpecification;
import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.HbaProperty;
import io.trilane.engine.controller.TargetVerdict;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The reference driver's side of the framework's conversation.
class HbaControllerTest {
    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void setsBothQueuesAndReportsWhatTheHardwareCanDo() {
        assertThat(rig.framework.queues).containsExactly(Framework.AUXILIARY_QUEUE, Framework.INTERRUPT_QUEUE);
        assertThat(rig.framework.constraints).isEqualTo(ControllerConstraints.of(4, 1 << 20));
        assertThat(rig.controller.dmaSpecification(rig.framework.tasks().task(0)))
                .isEqualTo(DmaSpecification.of(1 << 20));
        assertThat(rig.controller.reportHighestLogicalUnitNumber()).isEqualTo(16383);
    }

    @Test
    void saysWhatItIs() {
        assertThat(rig.controller.personality().findings()).isEmpty();
        assertThat(rig.framework.hbaProperties).containsEntry(HbaProperty.VENDOR_IDENTIFICATION, "TRILANE")
                .containsKeys(HbaProperty.PRODUCT_IDENTIFICATION, HbaProperty.PRODUCT_REVISION_LEVEL);
    }

    @Test
    void createsEachTargetOnce() {
        assertThat(rig.framework.targets).containsExactly(0L, 5L);
        assertThat(rig.controller.failedTargets()).isZero();
    }

    @Test
    void startsAlsoWhenTargetsFailAndCountsThem() {
        rig.framework.verdict = TargetVerdict.PROBE_FAILED;
        assertThat(rig.controller.startController()).isTrue();
        assertThat(rig.controller.failedTargets()).isEqualTo(2);
    }

    @Test
    void refusesWithTaskSetFullWhatTheRingDoesNotTake() {
        Task[] tasks = new Task[64];
        for (int i = 0; i < tasks.length; i++) {
            tasks[i] = rig.write(0, i, 1);
        }
        rig.post(tasks);
        assertThat(rig.framework.completed).isEmpty();
        rig.post(tasks[0]);
        assertThat(rig.framework.completed).containsExactly(tasks[0]);
        assertThat(tasks[0].status()).isEqualTo(TaskStatus.TASK_SET_FULL);
        assertThat(rig.controller.processTask(tasks[1], tasks[1].token()))
                .isEqualTo(ServiceResponse.REQUEST_IN_PROCESS);
        assertThat(rig.framework.completed).containsExactly(tasks[0], tasks[1]);
        assertThat(tasks[1].status()).isEqualTo(TaskStatus.TASK_SET_FULL);
    }
}
