package io.trilane.engine;

import static io.trilane.engine.ProbedTarget.INQUIRY;
import static io.trilane.engine.ProbedTarget.MODE_SENSE_6;
import static io.trilane.engine.ProbedTarget.READ_CAPACITY_10;
import static io.trilane.engine.ProbedTarget.REPORT_LUNS;
import static io.trilane.engine.ProbedTarget.TEST_UNIT_READY;
import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.ProbedController.Answer;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.MisuseReport;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskStatus;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a probe does when a command does not end well: repeats, waits, gives up.
class TargetProbeRetryTest {
    private static final long LUN_1 = 0x0001_0000_0000_0000L;
    private static final long LUN_2 = 0x0002_0000_0000_0000L;
    private static final Answer POWER_ON = Answer.check(SenseBytes.UNIT_ATTENTION, 0x29, 0);
    private static final Answer BECOMING_READY = Answer.check(SenseBytes.NOT_READY, 0x04, 0x01);

    private final ProbedTarget target = new ProbedTarget();
    private final ProbeFixture fixture = new ProbeFixture(target);
    private final TargetProbe probe = fixture.probe;

    @AfterEach
    void everyTaskIsBack() {
        assertThat(fixture.client.inFlight()).isZero();
        assertThat(fixture.freeTasks()).isEqualTo(ProbeFixture.TASKS - fixture.controller.held.size());
        fixture.close();
    }

    @Test
    void repeatsACommandThatMetAUnitAttention() {
        target.next(8, TEST_UNIT_READY, 0, POWER_ON).next(MODE_SENSE_6, 0, POWER_ON);
        assertThat(fixture.run()).as("at once").isLessThan(100);
        assertThat(probe.isGood()).isTrue();
        assertThat(fixture.count(TEST_UNIT_READY)).isEqualTo(9);
        assertThat(fixture.count(MODE_SENSE_6)).isEqualTo(2);
        assertThat(fixture.misuses.reports()).isEmpty();
    }

    @Test
    void failsWhenInquiryMeetsNineUnitAttentions() {
        target.next(9, INQUIRY, 0, POWER_ON);
        fixture.run();
        assertThat(probe.isGood()).isFalse();
        assertThat(fixture.count(INQUIRY)).isEqualTo(9);
        assertThat(probe.failure()).isEqualTo("targetId=1 lun=0h command=INQUIRY outcome=CHECK_CONDITION"
                + " serviceResponse=TASK_COMPLETE status=CHECK_CONDITION sense=6/29/00");
    }

    @Test
    void countsUnitAttentionsForEachCommandAlone() {
        target.next(8, INQUIRY, 0, POWER_ON).next(8, REPORT_LUNS, 0, POWER_ON);
        fixture.run();
        assertThat(probe.isGood()).isTrue();
    }

    @Test
    void repeatsWhatWasAbortedOrHasNoSenseData() {
        target.next(INQUIRY, 0, Answer.check(SenseBytes.ABORTED_COMMAND, 0x47, 0), Answer.sense(new byte[0]),
                Answer.status(TaskStatus.TASK_ABORTED), Answer.sense(bytes("71 00 01 00 00 00 00 0A")),
                Answer.sense(bytes("70 00")));
        fixture.run();
        assertThat(probe.isGood()).isTrue();
        assertThat(fixture.count(INQUIRY)).isEqualTo(6);
    }

    @Test
    void readsTheAnswerBesideARecoveredError() {
        target.next(READ_CAPACITY_10, 0, new Answer(ServiceResponse.TASK_COMPLETE, TaskStatus.CHECK_CONDITION,
                bytes("00 00 00 09 00 00 10 00"), 8, bytes("70 00 01 00 00 00 00 0A 00 00 00 00 17 01"), false));
        fixture.run();
        assertThat(probe.units().getFirst().blocks()).isEqualTo(10);
        assertThat(fixture.count(READ_CAPACITY_10)).isEqualTo(1);
    }

    @Test
    void waitsATenthOfASecondForABusyDevice() {
        target.next(INQUIRY, 0, Answer.status(TaskStatus.BUSY), Answer.status(TaskStatus.TASK_SET_FULL));
        fixture.settle();
        assertThat(fixture.count(INQUIRY)).isEqualTo(1);
        fixture.clock.advanceMillis(95);
        fixture.settle();
        assertThat(fixture.count(INQUIRY)).isEqualTo(1);
        fixture.clock.advanceMillis(5);
        fixture.settle();
        assertThat(fixture.count(INQUIRY)).isEqualTo(2);
        fixture.run();
        assertThat(probe.isGood()).isTrue();
    }

    @Test
    void bearsABusyDeviceAHundredTimes() {
        target.next(100, INQUIRY, 0, Answer.status(TaskStatus.BUSY));
        assertThat(fixture.run()).isBetween(10_000L, 11_500L);
        assertThat(probe.isGood()).isTrue();
    }

    @Test
    void countsBusyAnswersForEachCommandAlone() {
        target.next(100, INQUIRY, 0, Answer.status(TaskStatus.BUSY))
                .next(100, REPORT_LUNS, 0, Answer.status(TaskStatus.TASK_SET_FULL))
                .always(REPORT_LUNS, 0, ProbedTarget.luns(0, LUN_1));
        fixture.run();
        assertThat(probe.units()).hasSize(2);
    }

    @Test
    void failsWhenTheDeviceStaysBusy() {
        target.always(INQUIRY, 0, Answer.status(TaskStatus.BUSY));
        fixture.run();
        assertThat(probe.isGood()).isFalse();
        assertThat(fixture.count(INQUIRY)).isEqualTo(101);
        assertThat(probe.failure()).contains("command=INQUIRY outcome=OTHER_STATUS").contains("status=BUSY");
    }

    @Test
    void waitsForAUnitThatBecomesReady() {
        target.next(20, TEST_UNIT_READY, 0, BECOMING_READY);
        assertThat(fixture.run()).isBetween(2_000L, 2_500L);
        assertThat(probe.isGood()).isTrue();
        assertThat(fixture.misuses(Misuse.NOT_READY_AT_PROBE)).isEqualTo(1);
        assertThat(fixture.misuses.reports()).extracting(MisuseReport::detail).containsExactly(
                "targetId=1 lun=0h command=TEST_UNIT_READY sense=2/04/01, waiting readyTimeoutNs=45000000000");
    }

    @Test
    void failsWhenLunZeroDoesNotBecomeReadyInTime() {
        target.always(TEST_UNIT_READY, 0, BECOMING_READY);
        assertThat(fixture.run()).isBetween(45_000L, 45_500L);
        assertThat(probe.isGood()).isFalse();
        assertThat(probe.failure()).contains("command=TEST_UNIT_READY").contains("sense=2/04/01");
        assertThat(fixture.misuses(Misuse.NOT_READY_AT_PROBE)).isEqualTo(1);
    }

    @Test
    void leavesOutUnitsThatDoNotBecomeReadyInTheTimeOfTheirTarget() {
        target.always(REPORT_LUNS, 0, ProbedTarget.luns(0, LUN_1, LUN_2))
                .always(TEST_UNIT_READY, LUN_1, BECOMING_READY).always(TEST_UNIT_READY, LUN_2, BECOMING_READY);
        assertThat(fixture.run()).isBetween(45_000L, 45_500L);
        assertThat(probe.isGood()).isTrue();
        assertThat(probe.units()).extracting(TargetInfo.Unit::lun).containsExactly(0L);
        assertThat(fixture.misuses(Misuse.NOT_READY_AT_PROBE)).isEqualTo(1);
    }

    @Test
    void findsNoDeviceQuietly() {
        target.always(INQUIRY, 0, Answer.status(TaskStatus.DEVICE_NOT_PRESENT));
        fixture.run();
        assertThat(probe.isGood()).isFalse();
        assertThat(fixture.sequence()).containsExactly("12@0");
        assertThat(fixture.misuses.reports()).isEmpty();
        assertThat(probe.failure()).contains("outcome=UNDELIVERED").contains("status=DEVICE_NOT_PRESENT");
    }

    @Test
    void findsNoDeviceWhenTheFirstInquiryIsNotDelivered() {
        target.always(INQUIRY, 0, Answer.status(TaskStatus.DELIVERY_FAILURE));
        fixture.run();
        assertThat(probe.isGood()).isFalse();
        assertThat(fixture.misuses.reports()).isEmpty();
    }

    @Test
    void failsWhenTheDeviceVanishesMeanwhile() {
        target.always(READ_CAPACITY_10, 0, Answer.status(TaskStatus.DEVICE_NOT_PRESENT));
        fixture.run();
        assertThat(probe.isGood()).isFalse();
        assertThat(probe.failure()).contains("command=READ_CAPACITY_10 outcome=UNDELIVERED");
    }

    @Test
    void leavesOutAUnitThatCannotBeReached() {
        target.always(REPORT_LUNS, 0, ProbedTarget.luns(0, LUN_1, LUN_2))
                .always(INQUIRY, LUN_1, Answer.status(TaskStatus.DEVICE_NOT_PRESENT));
        fixture.run();
        assertThat(probe.isGood()).isTrue();
        assertThat(probe.units()).extracting(TargetInfo.Unit::lun).containsExactly(0L, LUN_2);
    }

    @Test
    void goesOnAfterAReservationConflict() {
        target.always(TEST_UNIT_READY, 0, Answer.status(TaskStatus.RESERVATION_CONFLICT))
                .always(READ_CAPACITY_10, 0, Answer.status(TaskStatus.RESERVATION_CONFLICT));
        fixture.run();
        assertThat(probe.isGood()).isTrue();
        assertThat(probe.units().getFirst().blocks()).isZero();
    }

    @Test
    void reportsACommandThatIsHeld() {
        target.next(REPORT_LUNS, 0, Answer.held());
        assertThat(fixture.run()).isBetween(10_000L, 10_100L);
        assertThat(probe.isGood()).isFalse();
        assertThat(probe.failure()).contains("command=REPORT_LUNS outcome=HELD");
        assertThat(fixture.misuses.reports()).extracting(MisuseReport::misuse).containsExactly(Misuse.PROBE_HELD);
        assertThat(fixture.misuses.reports()).extracting(MisuseReport::detail)
                .containsExactly("targetId=1 lun=0h command=REPORT_LUNS not completed within timeoutMillis=10000");
    }

    @Test
    void failsForAHeldCommandOfAnyUnit() {
        target.always(REPORT_LUNS, 0, ProbedTarget.luns(0, LUN_1)).next(INQUIRY, LUN_1, Answer.held());
        fixture.run();
        assertThat(probe.isGood()).isFalse();
        assertThat(fixture.misuses(Misuse.PROBE_HELD)).isEqualTo(1);
    }

    /// It is what the remedy of PROBE_HELD asks for.
    @Test
    void doesNotBlameAControllerThatKeepsADeadlineOfItsOwn() {
        target.always(INQUIRY, 0, Answer.status(TaskStatus.TASK_TIMEOUT_OCCURRED));
        fixture.run();
        assertThat(probe.isGood()).isFalse();
        assertThat(fixture.misuses.reports()).isEmpty();
    }

    @Test
    void waitsForATaskWhenThePoolIsEmpty() {
        TaskBatch taken = new TaskBatch();
        assertThat(fixture.client.claim(taken, ProbeFixture.TASKS, 0)).isEqualTo(ProbeFixture.TASKS);
        fixture.settle();
        fixture.clock.advanceMillis(9_000);
        fixture.settle();
        assertThat(probe.isDone()).isFalse();
        release(taken);
        fixture.run();
        assertThat(probe.isGood()).isTrue();
    }

    @Test
    void failsWhenThePoolStaysEmpty() {
        TaskBatch taken = new TaskBatch();
        assertThat(fixture.client.claim(taken, ProbeFixture.TASKS, 0)).isEqualTo(ProbeFixture.TASKS);
        assertThat(fixture.run()).isBetween(10_000L, 10_100L);
        release(taken);
        assertThat(probe.isGood()).isFalse();
        assertThat(probe.failure()).isEqualTo("targetId=1 lun=0h command=INQUIRY outcome=NO_ROOM"
                + " serviceResponse=REQUEST_IN_PROCESS status=NO_STATUS sense=none");
    }

    @Test
    void releasesATaskThatComesAfterTheProbeWasAbandoned() {
        fixture.probe.doWork(fixture.clock.getAsLong());
        probe.abandon("engine is stopping");
        assertThat(probe.isDone()).isTrue();
        assertThat(probe.isGood()).isFalse();
        assertThat(probe.failure()).isEqualTo("engine is stopping");
        fixture.settle();
    }

    @Test
    void keepsItsVerdictWhenItIsAbandonedTooLate() {
        fixture.run();
        probe.abandon("engine is stopping");
        assertThat(probe.isGood()).isTrue();
    }

    /// An earlier probe of the same target left it behind.
    @Test
    void releasesAForeignTaskWithoutReadingIt() {
        Task foreign = Objects.requireNonNull(fixture.client.claim(0));
        foreign.setTargetId(ProbeFixture.TARGET);
        foreign.setCdb(ProbeCommands.testUnitReady());
        foreign.setUserData(ProbeFixture.TARGET);
        assertThat(fixture.client.submit(foreign)).isTrue();
        target.next(TEST_UNIT_READY, 0, Answer.status(TaskStatus.DEVICE_NOT_PRESENT));
        assertThat(probe.doWork(fixture.clock.getAsLong())).as("INQUIRY is behind it").isEqualTo(1);
        fixture.run();
        assertThat(probe.isGood()).isTrue();
        assertThat(fixture.sequence()).containsExactly("00@0", "12@0", "00@0", "A0@0", "1A@0", "25@0");
    }

    private void release(TaskBatch batch) {
        for (int i = 0; i < batch.count(); i++) {
            assertThat(fixture.client.release(batch.task(i).token())).isTrue();
        }
    }

    private static byte[] bytes(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }
}
