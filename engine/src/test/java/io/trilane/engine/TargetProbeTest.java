package io.trilane.engine;

import static io.trilane.engine.ProbedTarget.INQUIRY;
import static io.trilane.engine.ProbedTarget.MODE_SENSE_6;
import static io.trilane.engine.ProbedTarget.READ_CAPACITY_10;
import static io.trilane.engine.ProbedTarget.READ_CAPACITY_16;
import static io.trilane.engine.ProbedTarget.REPORT_LUNS;
import static io.trilane.engine.ProbedTarget.TEST_UNIT_READY;
import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.ProbedController.Answer;
import io.trilane.engine.controller.ParallelFeature;
import io.trilane.engine.task.Task;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a probe asks in which order, and what it makes of the answers. Repeats, refusals and timeouts are in
/// [TargetProbeRetryTest].
class TargetProbeTest {
    private static final long LUN_1 = 0x0001_0000_0000_0000L;
    private static final long LUN_2 = 0x0002_0000_0000_0000L;
    private static final long LUN_300 = 0x412C_0000_0000_0000L;

    private final ProbedTarget target = new ProbedTarget();
    private ProbeFixture fixture;

    @AfterEach
    void everyTaskIsBack() {
        assertThat(fixture.client.inFlight()).isZero();
        assertThat(fixture.freeTasks()).isEqualTo(ProbeFixture.TASKS);
        assertThat(fixture.misuses.reports()).isEmpty();
        fixture.close();
    }

    @Test
    void asksADiskInTheOrderOfTheStandardProbe() {
        TargetProbe probe = run();
        assertThat(probe.isGood()).isTrue();
        assertThat(probe.failure()).isEmpty();
        assertThat(fixture.sequence()).containsExactly("12@0", "00@0", "A0@0", "1A@0", "25@0");
        assertThat(fixture.controller.commands).extracting(ProbedController.Command::cdb).containsExactly(
                "12 00 00 00 24 00", "00 00 00 00 00 00", "A0 00 00 00 00 00 00 00 08 08 00 00", "1A 00 3F 00 04 00",
                "25 00 00 00 00 00 00 00 00 00");
        assertThat(fixture.controller.commands).extracting(ProbedController.Command::transferCount)
                .containsExactly(36L, 0L, 2056L, 4L, 8L);
        assertThat(probe.units()).containsExactly(
                new TargetInfo.Unit(0, "TRILANE", "Scripted disk", "1.0", 0, 512, 65536, false));
    }

    @Test
    void givesEveryCommandItsTargetAndTenSeconds() {
        run();
        assertThat(fixture.controller.commands).allSatisfy(command -> {
            assertThat(command.targetId()).isEqualTo(ProbeFixture.TARGET);
            assertThat(command.timeoutMillis()).isEqualTo(10_000);
        });
    }

    @Test
    void isNeitherGoodNorBadWhileItAsks() {
        fixture = new ProbeFixture(target);
        assertThat(fixture.probe.doWork(fixture.clock.getAsLong())).isPositive();
        assertThat(fixture.probe.doWork(fixture.clock.getAsLong())).as("waits for the answer").isZero();
        assertThat(fixture.probe.isDone()).isFalse();
        assertThat(fixture.probe.isGood()).isFalse();
        assertThat(fixture.probe.failure()).isEmpty();
        fixture.run();
        assertThat(fixture.probe.doWork(fixture.clock.getAsLong())).as("done").isZero();
    }

    @Test
    void asksForMoreInquiryDataWhenThereIsMore() {
        byte[] longer = Arrays.copyOf(ProbedTarget.inquiry(0), 96);
        longer[4] = 96 - 5;
        longer[7] = 0x30;
        longer[56] = 0x0F;
        target.next(INQUIRY, 0, Answer.good(longer, 36), Answer.good(longer, 96));
        TargetProbe probe = run();
        assertThat(fixture.sequence()).containsExactly("12@0", "12@0", "00@0", "A0@0", "1A@0", "25@0");
        assertThat(fixture.controller.commands.get(1).cdb()).isEqualTo("12 00 00 00 60 00");
        assertThat(probe.advertised()).containsExactlyInAnyOrder(ParallelFeature.values());
    }

    @Test
    void asksForAtMostNinetySixBytesOfInquiryData() {
        byte[] endless = ProbedTarget.inquiry(0);
        endless[4] = (byte) 0xFF;
        target.always(INQUIRY, 0, Answer.good(endless, 36));
        run();
        assertThat(fixture.controller.commands.get(1).cdb()).isEqualTo("12 00 00 00 60 00");
        assertThat(fixture.count(INQUIRY)).isEqualTo(2);
    }

    @Test
    void keepsTheFirstInquiryDataWhenTheLongerOnesFail() {
        byte[] standard = ProbedTarget.inquiry(0);
        standard[4] = 60;
        target.next(INQUIRY, 0, Answer.good(standard, 36), Answer.check(SenseBytes.ILLEGAL_REQUEST, 0x24, 0));
        assertThat(run().units()).singleElement().extracting(TargetInfo.Unit::vendor).isEqualTo("TRILANE");
    }

    @Test
    void keepsTheFirstInquiryDataWhenTheLongerOnesAreShorter() {
        byte[] standard = ProbedTarget.inquiry(0);
        standard[4] = 60;
        target.next(INQUIRY, 0, Answer.good(standard, 36), Answer.good(0, 0, 0));
        assertThat(run().units()).singleElement().extracting(TargetInfo.Unit::vendor).isEqualTo("TRILANE");
    }

    @Test
    void advertisesNothingThatOnlyAnotherUnitHas() {
        byte[] wide = ProbedTarget.inquiry(0);
        wide[4] = 60;
        wide[7] = 0x20;
        target.always(REPORT_LUNS, 0, ProbedTarget.luns(0, LUN_1)).always(INQUIRY, LUN_1, Answer.good(wide, 36));
        assertThat(run().advertised()).isEmpty();
        assertThat(fixture.count(INQUIRY)).as("its longer data are of no use").isEqualTo(2);
    }

    @Test
    void asksEveryReportedUnitForItselfInTheDevicesOrder() {
        target.always(REPORT_LUNS, 0, ProbedTarget.luns(0, LUN_300, LUN_1))
                .always(MODE_SENSE_6, LUN_300, Answer.good(3, 0, 0x80, 0))
                .always(READ_CAPACITY_10, LUN_1, Answer.good(0, 0, 0, 9, 0, 0, 0x10, 0));
        TargetProbe probe = run();
        assertThat(fixture.sequence()).containsExactly("12@0", "00@0", "A0@0", "1A@0", "25@0",
                "12@412C", "00@412C", "1A@412C", "25@412C", "12@1", "00@1", "1A@1", "25@1");
        assertThat(probe.units()).containsExactly(
                new TargetInfo.Unit(0, "TRILANE", "Scripted disk", "1.0", 0, 512, 65536, false),
                new TargetInfo.Unit(LUN_300, "TRILANE", "Scripted disk", "1.0", 0, 512, 65536, true),
                new TargetInfo.Unit(LUN_1, "TRILANE", "Scripted disk", "1.0", 0, 4096, 10, false));
    }

    @Test
    void asksNoUnitAboveTheHighestNumber() {
        target.always(REPORT_LUNS, 0, ProbedTarget.luns(0, LUN_1, LUN_2));
        fixture = new ProbeFixture(target, 1);
        fixture.run();
        assertThat(luns()).containsExactly(0L, LUN_1);
    }

    @Test
    void asksAtMostTwoHundredAndFiftySixUnits() {
        target.always(REPORT_LUNS, 0,
                ProbedTarget.luns(LongStream.range(0, 1000).map(n -> (n < 256 ? n : 0x4000 | n) << 48).toArray()));
        assertThat(run().units()).hasSize(256);
    }

    @Test
    void reportsWriteProtection() {
        target.always(MODE_SENSE_6, 0, Answer.good(3, 0, 0x90, 0));
        assertThat(unit().writeProtected()).isTrue();
    }

    @Test
    void isNotWriteProtectedWhenModeSenseIsRefused() {
        target.always(MODE_SENSE_6, 0, Answer.check(SenseBytes.ILLEGAL_REQUEST, 0x20, 0));
        assertThat(unit().writeProtected()).isFalse();
        assertThat(unit().blocks()).isEqualTo(65536);
    }

    @Test
    void isNotWriteProtectedWhenTheModeHeaderIsShort() {
        target.always(MODE_SENSE_6, 0, Answer.good(bytes("FF FF FF FF"), 2));
        assertThat(unit().writeProtected()).isFalse();
    }

    @Test
    void asksForTheLongCapacityOfALargeDisk() {
        target.always(READ_CAPACITY_10, 0, Answer.good(0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 2, 0));
        byte[] answer = Arrays.copyOf(bytes("00 00 00 02 00 00 00 00 00 00 02 00"), 32);
        target.always(READ_CAPACITY_16, 0, Answer.good(answer, 32));
        assertThat(unit().blocks()).isEqualTo(0x2_0000_0001L);
        assertThat(unit().blockBytes()).isEqualTo(512);
        assertThat(fixture.controller.commands.getLast().cdb())
                .isEqualTo("9E 10 00 00 00 00 00 00 00 00 00 00 00 20 00 00");
    }

    @Test
    void knowsNoCapacityWhenReadCapacityIsRefused() {
        target.always(READ_CAPACITY_10, 0, Answer.check(0x3, 0x11, 0));
        assertThat(unit().blocks()).isZero();
    }

    @Test
    void knowsNoCapacityWhenTheLongOneIsRefused() {
        target.always(READ_CAPACITY_10, 0, Answer.good(0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 2, 0));
        assertThat(unit()).extracting(TargetInfo.Unit::blocks, TargetInfo.Unit::blockBytes).containsExactly(0L, 0);
    }

    @Test
    void knowsNoCapacityOfAShortAnswer() {
        target.always(READ_CAPACITY_10, 0, Answer.good(0, 0, 0xFF, 0xFF, 0, 0, 2));
        assertThat(unit().blocks()).isZero();
    }

    @Test
    void asksOtherDeviceTypesForNoCapacity() {
        target.always(INQUIRY, 0, ProbedTarget.inquiryAnswer(0x05));
        assertThat(unit()).extracting(TargetInfo.Unit::deviceType, TargetInfo.Unit::blocks).containsExactly(5, 0L);
        assertThat(fixture.sequence()).containsExactly("12@0", "00@0", "A0@0");
    }

    @Test
    void listsAUnitWithoutAMediumWithoutCapacity() {
        target.always(TEST_UNIT_READY, 0, Answer.check(SenseBytes.NOT_READY, 0x3A, 0));
        assertThat(unit().blocks()).isZero();
        assertThat(unit().vendor()).isEqualTo("TRILANE");
        assertThat(fixture.sequence()).containsExactly("12@0", "00@0", "A0@0");
    }

    @Test
    void readsDescriptorSenseData() {
        target.always(TEST_UNIT_READY, 0, Answer.sense(bytes("72 02 3A 01 00 00 00 00")));
        assertThat(unit().blocks()).isZero();
        assertThat(fixture.count(READ_CAPACITY_10)).isZero();
    }

    @Test
    void goesOnWithADeviceThatRefusesTestUnitReadyOtherwise() {
        target.always(TEST_UNIT_READY, 0, Answer.check(0x4, 0x44, 0));
        assertThat(unit().blocks()).isEqualTo(65536);
    }

    @Test
    void scansLunZeroOnlyWhenReportLunsIsRefused() {
        target.always(REPORT_LUNS, 0, Answer.check(SenseBytes.ILLEGAL_REQUEST, 0x20, 0));
        run();
        assertThat(luns()).containsExactly(0L);
    }

    @Test
    void scansLunZeroOnlyWhenTheListIsEmptyOrCutOff() {
        target.always(REPORT_LUNS, 0, Answer.good(0, 0, 0, 8, 0, 0));
        run();
        assertThat(luns()).containsExactly(0L);
    }

    @Test
    void findsOtherUnitsWhenThereIsNoneAtLunZero() {
        target.always(INQUIRY, 0, ProbedTarget.inquiryAnswer(0x7F)).always(REPORT_LUNS, 0, ProbedTarget.luns(LUN_2));
        run();
        assertThat(luns()).containsExactly(LUN_2);
        assertThat(fixture.sequence()).containsExactly("12@0", "A0@0", "12@2", "00@2", "1A@2", "25@2");
    }

    @Test
    void leavesOutAReportedUnitThatIsNotThere() {
        target.always(REPORT_LUNS, 0, ProbedTarget.luns(0, LUN_1, LUN_2))
                .always(INQUIRY, LUN_1, ProbedTarget.inquiryAnswer(0x7F))
                .always(TEST_UNIT_READY, LUN_2, Answer.check(SenseBytes.ILLEGAL_REQUEST, 0x25, 0));
        run();
        assertThat(luns()).containsExactly(0L);
    }

    @Test
    void failsWithoutAnyLogicalUnit() {
        target.always(INQUIRY, 0, ProbedTarget.inquiryAnswer(0x7F));
        TargetProbe probe = run();
        assertThat(probe.isGood()).isFalse();
        assertThat(probe.units()).isEmpty();
        assertThat(probe.failure()).isEqualTo(
                "targetId=1 units=0 < 1, give the target a logical unit before creating it");
    }

    @Test
    void takesAnEmptyInquiryAnswerForAnUnknownDevice() {
        target.always(INQUIRY, 0, Answer.good());
        assertThat(unit()).isEqualTo(new TargetInfo.Unit(0, "", "", "", 0x1F, 0, 0, false));
    }

    @Test
    void readsNothingThatAnotherTaskLeftInTheBuffer() {
        fixture = new ProbeFixture(target.always(INQUIRY, 0, Answer.good(new byte[0], 36)));
        leaveDirt(fixture.client);
        fixture.run();
        assertThat(fixture.probe.units()).singleElement().extracting(TargetInfo.Unit::vendor).isEqualTo("");
    }

    /// Fills the buffer that the next claim of this size gets.
    private static void leaveDirt(Client client) {
        Task task = Objects.requireNonNull(client.claim(36));
        byte[] dirt = new byte[36];
        Arrays.fill(dirt, (byte) 'X');
        assertThat(task.extents().scatter(MemorySegment.ofArray(dirt), 0, 0, 36)).isEqualTo(36);
        assertThat(client.release(task.token())).isTrue();
    }

    private TargetProbe run() {
        fixture = new ProbeFixture(target);
        fixture.run();
        return fixture.probe;
    }

    private TargetInfo.Unit unit() {
        TargetProbe probe = fixture == null ? run() : fixture.probe;
        assertThat(probe.isGood()).as(probe.failure()).isTrue();
        return probe.units().getFirst();
    }

    private List<Long> luns() {
        return fixture.probe.units().stream().map(TargetInfo.Unit::lun).toList();
    }

    private static byte[] bytes(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }
}
