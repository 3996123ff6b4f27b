package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.task.Nexus;
import io.trilane.hba.command.Outcome;
import io.trilane.hba.image.ImageResult;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Unit attention conditions (SAM-5 5.14), REQUEST SENSE (SPC-5 6.39), deferred errors (SPC-5 4.4.8).
class UnitAttentionTest {
    private static final String TEST_UNIT_READY = "00 00 00 00 00 00";
    private static final String FLUSH_IMMEDIATE = "35 02 00 00 00 00 00 00 00 00";

    private final Bench bench = Bench.standard();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void isReportedOnceToEachNexus() {
        for (int nexusId = 1; nexusId < Nexus.MAX_NEXUSES; nexusId += 51) {
            bench.nexusId = nexusId;
            assertThat(bench.run(TEST_UNIT_READY).senseHex())
                    .isEqualTo("70 00 06 00 00 00 00 0A 00 00 00 00 29 00 00 00 00 00");
            assertThat(bench.run(TEST_UNIT_READY).error()).isEqualTo("good");
        }
        assertThat(bench.unit.counters().of(Outcome.POWER_ON_RESET)).isEqualTo(6);
    }

    @Test
    void isReportedInDescriptorFormat() {
        try (Bench descriptors = Bench.descriptorSense()) {
            descriptors.nexusId = 1;
            assertThat(descriptors.run(TEST_UNIT_READY).senseHex()).isEqualTo("72 06 29 00 00 00 00 00");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"12 00 00 00 24 00", "A0 00 00 00 00 00 00 00 00 10 00 00", "12 00 80 00 24 00"})
    void isNeitherReportedNorClearedByCommandsThatAreExempt(String cdb) {
        bench.nexusId = 1;
        assertThat(bench.in(cdb, 36).error()).isNotEqualTo("6/29/00");
        assertThat(bench.run(TEST_UNIT_READY).error()).isEqualTo("6/29/00");
    }

    @ParameterizedTest
    @ValueSource(strings = {"28 00 00 00 00 00 00 00 01 00", "FF 00 00 00 00 00", "28 FF FF FF FF FF FF FF FF FF",
            "9E 1F 00 00 00 00 00 00 00 00 00 00 00 00 00 00"})
    void comesBeforeEveryOtherCheck(String cdb) {
        bench.nexusId = 1;
        assertThat(bench.run(cdb).error()).isEqualTo("6/29/00");
        assertThat(bench.run(cdb).error()).isNotEqualTo("6/29/00");
    }

    @Test
    void becomesParameterDataOfRequestSense() {
        bench.nexusId = 1;
        Reply reply = bench.in("03 00 00 00 FF 00", 255);
        assertThat(reply.error()).isEqualTo("good");
        assertThat(reply.dataHex()).isEqualTo("70 00 06 00 00 00 00 0A 00 00 00 00 29 00 00 00 00 00");
        assertThat(bench.run(TEST_UNIT_READY).error()).isEqualTo("good");
        bench.nexusId = 2;
        assertThat(bench.in("03 01 00 00 FF 00", 255).dataHex()).isEqualTo("72 06 29 00 00 00 00 00");
    }

    @Test
    void requestSenseWithoutConditionSaysNoSense() {
        assertThat(bench.in("03 00 00 00 FF 00", 255).dataHex())
                .isEqualTo("70 00 00 00 00 00 00 0A 00 00 00 00 00 00 00 00 00 00");
        assertThat(bench.in("03 01 00 00 FF 00", 255).dataHex()).isEqualTo("72 00 00 00 00 00 00 00");
        assertThat(bench.in("03 00 00 00 08 00", 255).transferred()).isEqualTo(8);
    }

    @Test
    void isRaisedAgainByAReset() {
        bench.resetNexus(0);
        assertThat(bench.run(TEST_UNIT_READY).error()).isEqualTo("6/29/00");
    }

    @Test
    void conditionsAreReportedOneAtATimeByPriority() {
        bench.flushResult = ImageResult.MEDIUM_ERROR;
        bench.run(FLUSH_IMMEDIATE);
        UnitAttentions attentions = bench.unit.attentions();
        attentions.raise(0, Outcome.REPORTED_LUNS_DATA_HAS_CHANGED);
        attentions.raise(0, Outcome.COMMANDS_CLEARED_BY_ANOTHER_INITIATOR);
        attentions.raise(0, Outcome.I_T_NEXUS_LOSS_OCCURRED);
        attentions.raise(0, Outcome.BUS_DEVICE_RESET_FUNCTION_OCCURRED);
        attentions.raise(0, Outcome.BUS_DEVICE_RESET_FUNCTION_OCCURRED);
        attentions.raise(0, Outcome.POWER_ON_RESET);
        assertThat(List.of(bench.run(TEST_UNIT_READY).error(), bench.run(TEST_UNIT_READY).error(),
                bench.run(TEST_UNIT_READY).error(), bench.run(TEST_UNIT_READY).error(),
                bench.run(TEST_UNIT_READY).error(), bench.run(TEST_UNIT_READY).error(),
                bench.run(TEST_UNIT_READY).error()))
                .containsExactly("6/29/00", "6/29/03", "6/29/07", "6/2F/00", "6/3F/0E", "3/0C/00", "good");
    }

    @Test
    void aNewNexusHearsNothingOfItsPredecessor() {
        bench.unit.attentions().raise(0, Outcome.COMMANDS_CLEARED_BY_ANOTHER_INITIATOR);
        bench.resetNexus(0);
        assertThat(bench.run(TEST_UNIT_READY).error()).isEqualTo("6/29/00");
        assertThat(bench.run(TEST_UNIT_READY).error()).isEqualTo("good");
    }

    @Test
    void immediateFlushIsAnsweredAtOnceAndStillDone() {
        bench.holdsFlushes = true;
        assertThat(bench.run(FLUSH_IMMEDIATE).error()).isEqualTo("good");
        assertThat(bench.flushed).containsExactly("0+65536");
        assertThat(bench.unit.isFlushingInBackground()).isTrue();
        bench.completeFlush(ImageResult.DONE);
        assertThat(bench.unit.isFlushingInBackground()).isFalse();
        assertThat(bench.run(TEST_UNIT_READY).error()).isEqualTo("good");
    }

    @Test
    void failureOfAnImmediateFlushIsADeferredErrorOfItsNexus() {
        bench.flushResult = ImageResult.MEDIUM_ERROR;
        assertThat(bench.run(FLUSH_IMMEDIATE).error()).isEqualTo("good");
        bench.nexusId = 1;
        bench.run(TEST_UNIT_READY);
        assertThat(bench.run(TEST_UNIT_READY).error()).isEqualTo("good");
        bench.nexusId = 0;
        assertThat(bench.run(TEST_UNIT_READY).senseHex())
                .isEqualTo("71 00 03 00 00 00 00 0A 00 00 00 00 0C 00 00 00 00 00");
        assertThat(bench.run(TEST_UNIT_READY).error()).isEqualTo("good");
    }

    @Test
    void deferredErrorComesAfterPowerOnAndInDescriptorFormat() {
        try (Bench descriptors = Bench.descriptorSense()) {
            descriptors.flushResult = ImageResult.NO_SPACE;
            descriptors.run(FLUSH_IMMEDIATE);
            descriptors.resetNexus(0);
            assertThat(descriptors.run(TEST_UNIT_READY).senseHex()).startsWith("72 06 29 00");
            assertThat(descriptors.run(TEST_UNIT_READY).senseHex()).isEqualTo("73 07 27 07 00 00 00 00");
        }
    }

    @Test
    void immediateFlushesAreMergedWhileOneIsUnderWay() {
        bench.holdsFlushes = true;
        bench.run("35 02 00 00 00 01 00 00 01 00");
        bench.run("35 02 00 00 00 08 00 00 01 00");
        bench.run("35 02 00 00 00 10 00 00 01 00");
        assertThat(bench.flushed).containsExactly("512+512");
        bench.completeFlush(ImageResult.DONE);
        assertThat(bench.flushed).containsExactly("512+512", "4096+4608");
        bench.completeFlush(ImageResult.MEDIUM_ERROR);
        assertThat(bench.run(TEST_UNIT_READY).error()).isEqualTo("3/0C/00");
    }
}
