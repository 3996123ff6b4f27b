package io.trilane.hba;

import static io.trilane.engine.controller.TaskManagementFunction.ABORT_TASK;
import static io.trilane.engine.controller.TaskManagementFunction.ABORT_TASK_SET;
import static io.trilane.engine.controller.TaskManagementFunction.CLEAR_ACA;
import static io.trilane.engine.controller.TaskManagementFunction.CLEAR_TASK_SET;
import static io.trilane.engine.controller.TaskManagementFunction.I_T_NEXUS_RESET;
import static io.trilane.engine.controller.TaskManagementFunction.LOGICAL_UNIT_RESET;
import static io.trilane.engine.controller.TaskManagementFunction.TARGET_RESET;
import static io.trilane.engine.task.ServiceResponse.FUNCTION_COMPLETE;
import static io.trilane.engine.task.ServiceResponse.FUNCTION_REJECTED;
import static io.trilane.engine.task.ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE;
import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskExtension;
import io.trilane.engine.task.TaskStatus;
import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.image.ImageResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Task management (SAM-5 clause 7) from the driver down to an image whose operations are pending.
class TaskManagementTest {
    private static final String ABORTED = "NO_STATUS";

    private final Rig rig = new Rig();

    @AfterEach
    void everyTaskEndedOnce() {
        rig.finishImages();
        assertThat(rig.framework.staleCompletions).isZero();
        rig.close();
    }

    @Test
    void aTaskThatWaitsIsTakenOutAtOnce() {
        Task first = rig.write(0, 1, 4);
        Task waits = rig.write(0, 2, 4);
        rig.send(first, waits);
        assertThat(rig.manage(ABORT_TASK, 0, 0, 0, 2)).isEqualTo(FUNCTION_COMPLETE);
        assertThat(rig.framework.awaited).containsExactly("verdict of ABORT_TASK");
        assertThat(rig.framework.completed).containsExactly(waits);
        assertThat(waits.serviceResponse()).isEqualTo(SERVICE_DELIVERY_OR_TARGET_FAILURE);
        assertThat(waits.extensionLong(TaskExtension.RESIDUAL)).isEqualTo(512);
        assertThat(rig.end(waits)).isEqualTo(ABORTED);
        rig.image.complete(first.token());
        rig.pump();
        assertThat(rig.end(first)).isEqualTo("good");
        assertThat(rig.image.pendingTokens()).isEmpty();
        assertThat(rig.stored(4)).isEqualTo(1);
    }

    @Test
    void theVerdictWaitsForThePendingImageOperation() {
        Task task = rig.write(0, 1, 4);
        rig.send(task);
        var reply = rig.request(ABORT_TASK, 0, 0, 0, 1);
        rig.pump();
        assertThat(reply.isDone()).isFalse();
        assertThat(rig.framework.completed).isEmpty();
        rig.image.complete(task.token());
        assertThat(reply.isDone()).isFalse();
        rig.pump();
        assertThat(reply.get()).isEqualTo(FUNCTION_COMPLETE);
        assertThat(rig.end(task)).isEqualTo(ABORTED);
    }

    @Test
    void theVerdictComesAfterTheTaskIsInTheCompletionRing() {
        Task task = rig.write(0, 1, 4);
        rig.send(task);
        var reply = rig.request(ABORT_TASK, 0, 0, 0, 1);
        rig.image.complete(task.token());
        int steps = 0;
        while (!reply.isDone()) {
            int _ = rig.hardware.doWork(0);
            assertThat(steps++).isLessThan(4);
        }
        assertThat(rig.hardware.completions().size()).isEqualTo(1);
        assertThat(rig.framework.interruptLine().isRaised()).isTrue();
        rig.pump();
        assertThat(rig.end(task)).isEqualTo(ABORTED);
    }

    @Test
    void everyAbortOfOneTaskGetsAVerdict() {
        Task task = rig.write(0, 1, 4);
        rig.send(task);
        var first = rig.request(ABORT_TASK, 0, 0, 0, 1);
        var second = rig.request(LOGICAL_UNIT_RESET, 1, 0, 0, 0);
        rig.pump();
        rig.image.completeWith(task.token(), ImageResult.MEDIUM_ERROR);
        rig.pump();
        assertThat(first.get()).isEqualTo(FUNCTION_COMPLETE);
        assertThat(second.get()).isEqualTo(FUNCTION_COMPLETE);
        assertThat(rig.end(task)).isEqualTo(ABORTED);
    }

    @Test
    void anAbortedForcedWriteDoesNotGoOnToItsFlush() {
        rig.framework.holdsSlowJobs = true;
        Task task = rig.task(0, 0, 0, 1, "2A 08 00 00 00 04 00 00 01 00", TransferDirection.TO_TARGET, 512);
        rig.send(task);
        var reply = rig.request(ABORT_TASK, 0, 0, 0, 1);
        rig.pump();
        rig.image.complete(task.token());
        rig.pump();
        assertThat(rig.framework.slowJobs).isEmpty();
        assertThat(reply.isDone()).isTrue();
        assertThat(rig.end(task)).isEqualTo(ABORTED);
    }

    @Test
    void theVerdictWaitsForSlowWorkAsWell() {
        rig.framework.holdsSlowJobs = true;
        Task flush = rig.task(0, 0, 0, 1, "35 00 00 00 00 00 00 00 01 00", TransferDirection.NONE, 0);
        rig.send(flush);
        var reply = rig.request(ABORT_TASK, 0, 0, 0, 1);
        rig.pump();
        assertThat(reply.isDone()).isFalse();
        rig.framework.slowJobs.remove().run();
        rig.pump();
        assertThat(reply.isDone()).as("the image has answered PENDING").isFalse();
        rig.image.complete(flush.token());
        rig.pump();
        assertThat(reply.isDone()).isTrue();
        assertThat(rig.end(flush)).isEqualTo(ABORTED);
    }

    @Test
    void aTaskThatIsNotHereCompletesTheFunction() {
        assertThat(rig.manage(ABORT_TASK, 0, 0, 0, 77)).isEqualTo(FUNCTION_COMPLETE);
        assertThat(rig.framework.completed).isEmpty();
    }

    @Test
    void tagZeroNamesNoTask() {
        Task untagged = rig.write(0, 0, 4);
        rig.send(untagged);
        assertThat(rig.manage(ABORT_TASK, 0, 0, 0, 0)).isEqualTo(FUNCTION_COMPLETE);
        rig.image.complete(untagged.token());
        rig.pump();
        assertThat(rig.end(untagged)).isEqualTo("good");
    }

    @Test
    void theSameTagOfAnotherNexusOrUnitIsAnotherTask() {
        Task other = rig.write(1, 9, 4);
        Task elsewhere = rig.task(0, 1, 0, 9, "2A 00 00 00 00 04 00 00 01 00", TransferDirection.TO_TARGET, 512);
        rig.send(other, elsewhere);
        assertThat(rig.manage(ABORT_TASK, 0, 0, 0, 9)).isEqualTo(FUNCTION_COMPLETE);
        rig.finishImages();
        assertThat(rig.end(other)).isEqualTo("good");
        assertThat(rig.end(elsewhere)).isEqualTo("good");
    }

    @Test
    void tasksThatAreStillInThePostedRingAreFound() {
        Task[] tasks = new Task[40];
        for (int i = 0; i < tasks.length; i++) {
            tasks[i] = rig.write(0, i + 1, 4);
        }
        rig.post(tasks);
        var reply = rig.request(ABORT_TASK_SET, 0, 0, 0, 0);
        rig.pump();
        assertThat(rig.image.pendingTokens()).containsExactly(tasks[0].token());
        assertThat(rig.framework.completed).hasSize(39).doesNotContain(tasks[0]);
        rig.image.complete(tasks[0].token());
        rig.pump();
        assertThat(reply.isDone()).isTrue();
        assertThat(tasks).extracting(rig::end).containsOnly(ABORTED);
    }

    @Test
    void aTaskSetIsThatOfOneNexusOnOneUnit() {
        Task mine = rig.write(0, 1, 4);
        Task mineWaits = rig.write(0, 2, 4);
        Task other = rig.write(1, 1, 4);
        Task elsewhere = rig.task(0, 1, 0, 3, "2A 00 00 00 00 04 00 00 01 00", TransferDirection.TO_TARGET, 512);
        rig.send(mine, mineWaits, other, elsewhere);
        var reply = rig.request(ABORT_TASK_SET, 0, 0, 0, 0);
        rig.pump();
        rig.finishImages();
        assertThat(reply.get()).isEqualTo(FUNCTION_COMPLETE);
        assertThat(rig.end(mine)).isEqualTo(ABORTED);
        assertThat(rig.end(mineWaits)).isEqualTo(ABORTED);
        assertThat(rig.end(other)).isEqualTo("good");
        assertThat(rig.end(elsewhere)).isEqualTo("good");
        assertThat(rig.sense(0, 0, 0)).isEqualTo("good");
        assertThat(rig.sense(0, 0, 1)).isEqualTo("good");
    }

    @Test
    void clearedNexusesHearOfItOnce() {
        Task mine = rig.write(0, 1, 4);
        Task other = rig.write(1, 1, 5);
        Task otherWaits = rig.write(1, 2, 4);
        rig.send(mine, other, otherWaits);
        var reply = rig.request(CLEAR_TASK_SET, 0, 0, 0, 0);
        rig.pump();
        rig.finishImages();
        assertThat(reply.get()).isEqualTo(FUNCTION_COMPLETE);
        assertThat(rig.end(mine)).isEqualTo(ABORTED);
        assertThat(rig.end(other)).isEqualTo(ABORTED);
        assertThat(rig.end(otherWaits)).isEqualTo(ABORTED);
        assertThat(rig.sense(0, 0, 0)).isEqualTo("good");
        assertThat(rig.sense(0, 0, 1)).isEqualTo("6/2F/00");
        assertThat(rig.sense(0, 0, 1)).isEqualTo("good");
        assertThat(rig.sense(0, 0, 2)).as("had no task").isEqualTo("good");
    }

    @Test
    void autoContingentAllegianceIsNotSupported() {
        assertThat(rig.manage(CLEAR_ACA, 0, 0, 0, 0)).isEqualTo(FUNCTION_REJECTED);
    }

    @Test
    void aLogicalUnitResetIsHeardOfByEveryNexusOfThatUnit() {
        Task mine = rig.write(0, 1, 4);
        Task other = rig.read(1, 1, 4);
        Task elsewhere = rig.task(0, 1, 0, 3, "2A 00 00 00 00 04 00 00 01 00", TransferDirection.TO_TARGET, 512);
        rig.send(mine, other, elsewhere);
        var reply = rig.request(LOGICAL_UNIT_RESET, 0, 0, 0, 0);
        rig.pump();
        rig.finishImages();
        assertThat(reply.get()).isEqualTo(FUNCTION_COMPLETE);
        assertThat(rig.end(mine)).isEqualTo(ABORTED);
        assertThat(rig.end(other)).isEqualTo(ABORTED);
        assertThat(rig.end(elsewhere)).isEqualTo("good");
        for (int nexusId = 0; nexusId < Rig.NEXUSES; nexusId++) {
            assertThat(rig.sense(0, 0, nexusId)).isEqualTo("6/29/03");
            assertThat(rig.sense(0, 0, nexusId)).isEqualTo("good");
            assertThat(rig.sense(0, 1, nexusId)).isEqualTo("good");
        }
    }

    @Test
    void aTargetResetIsThatOfAllItsUnits() {
        Task first = rig.write(0, 1, 4);
        Task second = rig.task(0, 1, 1, 3, "2A 00 00 00 00 04 00 00 01 00", TransferDirection.TO_TARGET, 512);
        Task other = rig.task(5, 0, 0, 3, "2A 00 00 00 00 04 00 00 01 00", TransferDirection.TO_TARGET, 512);
        rig.send(first, second, other);
        var reply = rig.request(TARGET_RESET, 0, 0, 0, 0);
        rig.pump();
        rig.image.complete(first.token());
        rig.pump();
        assertThat(reply.isDone()).as("the second unit has a task").isFalse();
        rig.finishImages();
        assertThat(reply.get()).isEqualTo(FUNCTION_COMPLETE);
        assertThat(rig.end(first)).isEqualTo(ABORTED);
        assertThat(rig.end(second)).isEqualTo(ABORTED);
        assertThat(rig.end(other)).isEqualTo("good");
        assertThat(rig.sense(0, 0, 2)).isEqualTo("6/29/03");
        assertThat(rig.sense(0, 1, 2)).isEqualTo("6/29/03");
        assertThat(rig.sense(5, 0, 2)).isEqualTo("good");
    }

    @Test
    void aNexusResetIsThatOfOneNexusOnAllUnitsOfTheTarget() {
        Task mine = rig.write(0, 1, 4);
        Task other = rig.write(1, 1, 5);
        rig.send(mine, other);
        var reply = rig.request(I_T_NEXUS_RESET, 0, 0, 0, 0);
        rig.pump();
        rig.finishImages();
        assertThat(reply.get()).isEqualTo(FUNCTION_COMPLETE);
        assertThat(rig.end(mine)).isEqualTo(ABORTED);
        assertThat(rig.end(other)).isEqualTo("good");
        assertThat(rig.sense(0, 0, 0)).isEqualTo("6/29/07");
        assertThat(rig.sense(0, 1, 0)).isEqualTo("6/29/07");
        assertThat(rig.sense(5, 0, 0)).isEqualTo("good");
        assertThat(rig.sense(0, 0, 1)).isEqualTo("good");
    }

    @ParameterizedTest
    @EnumSource(TaskManagementFunction.class)
    void aTargetThatIsNotThereIsADeliveryFailure(TaskManagementFunction function) {
        assertThat(rig.manage(function, 0, 7, 0, 1)).isEqualTo(SERVICE_DELIVERY_OR_TARGET_FAILURE);
        assertThat(rig.manage(function, 0, -1, 0, 1)).isEqualTo(SERVICE_DELIVERY_OR_TARGET_FAILURE);
    }

    @ParameterizedTest
    @EnumSource(value = TaskManagementFunction.class, names = {"TARGET_RESET", "I_T_NEXUS_RESET"},
            mode = EnumSource.Mode.EXCLUDE)
    void aUnitThatIsNotThereIsRejected(TaskManagementFunction function) {
        assertThat(rig.manage(function, 0, 0, 9, 1)).isEqualTo(FUNCTION_REJECTED);
    }

    @Test
    void aLateVerdictIsADeliveryFailureAndTheTaskEndsOnce() {
        Task task = rig.write(0, 1, 4);
        rig.send(task);
        assertThat(rig.manage(ABORT_TASK, 0, 0, 0, 1)).isEqualTo(SERVICE_DELIVERY_OR_TARGET_FAILURE);
        assertThat(rig.framework.completed).isEmpty();
        rig.image.complete(task.token());
        rig.pump();
        assertThat(rig.end(task)).isEqualTo(ABORTED);
    }

    @Test
    void hardwareThatTakesNoMoreRequestsIsADeliveryFailure() {
        rig.framework.whileWaiting = () -> {};
        ServiceResponse verdict = FUNCTION_COMPLETE;
        for (int i = 0; i < 5000; i++) {
            verdict = rig.manage(ABORT_TASK, 0, 0, 0, 1);
        }
        assertThat(verdict).isEqualTo(SERVICE_DELIVERY_OR_TARGET_FAILURE);
        assertThat(rig.framework.awaited).hasSizeLessThan(5000);
    }

    @Test
    void aTaskWhoseDeadlineHasPassedIsReturnedOnce() {
        Task task = rig.write(0, 1, 4);
        rig.send(task);
        long token = task.token();
        assertThat(task.moveToZombie(token, SERVICE_DELIVERY_OR_TARGET_FAILURE, TaskStatus.TASK_TIMEOUT_OCCURRED))
                .isTrue();
        var reply = rig.request(ABORT_TASK, 0, 0, 0, 1);
        rig.pump();
        assertThat(reply.isDone()).isFalse();
        rig.image.complete(token);
        rig.pump();
        assertThat(reply.isDone()).isTrue();
        assertThat(task.isWithController()).isFalse();
        assertThat(task.status()).isEqualTo(TaskStatus.TASK_TIMEOUT_OCCURRED);
        assertThat(rig.framework.tasks().release(token)).isTrue();
    }
}
