package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.hba.command.CommandRow;
import io.trilane.hba.command.CommandTable;
import io.trilane.hba.command.CommandTrait;
import io.trilane.hba.image.ImageResult;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// MODE SELECT (SPC-5 6.11, 6.12) and what its pages change.
class ModeSelectTest {
    private static final String SIX = "00 00 00 00";
    private static final String TEN = "00 00 00 00 00 00 00 00";
    private static final String SHORT_BLOCKS = "00 00 00 80 00 00 02 00";
    private static final String CACHE_ON = "08 12 04 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00";
    private static final String CACHE_OFF = "08 12 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00";
    private static final String CONTROL = "0A 0A 02 00 00 00 00 00 00 00 00 00";
    private static final String PROTECT = "0A 0A 02 00 08 00 00 00 00 00 00 00";
    private static final String DESCRIPTORS = "0A 0A 06 00 00 00 00 00 00 00 00 00";
    private static final String WRITE = "2A 00 00 00 00 05 00 00 01 00";

    private final Bench bench = Bench.thin().greeted(3);

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void changesWhatModeSenseSaysAndTellsTheOthers() {
        assertThat(select(SIX + " " + CACHE_OFF).error()).isEqualTo("good");
        assertThat(bench.in("1A 08 08 00 FF 00", 255).dataHex()).isEqualTo("17 00 10 00 " + CACHE_OFF);
        assertThat(bench.in("1A 08 88 00 FF 00", 255).dataHex()).as("default").isEqualTo("17 00 10 00 " + CACHE_ON);
        assertThat(bench.ready(0)).isEqualTo("good");
        assertThat(bench.ready(1)).isEqualTo("6/2A/01");
        assertThat(bench.ready(1)).isEqualTo("good");
        assertThat(bench.on(0).list("55 10 00 00 00 00 00 00 1C 00", TEN + " " + CACHE_ON).error()).isEqualTo("good");
        assertThat(bench.in("1A 08 08 00 FF 00", 255).dataHex()).isEqualTo("17 00 10 00 " + CACHE_ON);
    }

    @Test
    void whatChangesNothingIsNoNews() {
        assertThat(select(SIX + " " + CACHE_ON + " " + CONTROL).error()).isEqualTo("good");
        assertThat(bench.run("15 10 00 00 00 00").error()).isEqualTo("good");
        assertThat(bench.run("15 00 00 00 00 00").error()).isEqualTo("good");
        assertThat(bench.ready(1)).isEqualTo("good");
    }

    @Test
    void writesAreDurableBeforeTheyAreAnsweredWithoutACache() {
        bench.out(WRITE, new byte[512]);
        assertThat(bench.flushed).isEmpty();
        select(SIX + " " + CACHE_OFF);
        assertThat(bench.flushed).as("what the cache held").containsExactly("0+65536");
        bench.out(WRITE, new byte[512]);
        bench.out("0A 00 00 06 01 00", new byte[512]);
        bench.in("28 00 00 00 00 05 00 00 01 00", 512);
        assertThat(bench.flushed).containsExactly("0+65536", "2560+512", "3072+512");
        bench.flushResult = ImageResult.MEDIUM_ERROR;
        assertThat(bench.out(WRITE, new byte[512]).error()).isEqualTo("3/0C/00");
        bench.flushResult = ImageResult.DONE;
        select(SIX + " " + CACHE_ON);
        bench.out(WRITE, new byte[512]);
        assertThat(bench.flushed).hasSize(4);
    }

    @Test
    void aCacheThatCannotBeWrittenIsAnError() {
        bench.flushResult = ImageResult.MEDIUM_ERROR;
        assertThat(select(SIX + " " + CACHE_OFF).error()).isEqualTo("3/0C/00");
    }

    @Test
    void softwareWriteProtectRefusesEveryWrite() {
        assertThat(select(SIX + " " + PROTECT).error()).isEqualTo("good");
        assertThat(bench.in("1A 08 0A 00 FF 00", 255).dataHex()).isEqualTo("0F 00 90 00 " + PROTECT);
        int writes = 0;
        for (CommandRow row : CommandTable.ofDisk().rows()) {
            if (row.has(CommandTrait.WRITES_MEDIUM)) {
                byte[] cdb = new byte[row.cdbLength()];
                cdb[0] = (byte) row.usage().operationCode();
                assertThat(bench.run(HexFormat.ofDelimiter(" ").formatHex(cdb)).error()).as(row.name())
                        .isEqualTo("7/27/00");
                writes++;
            }
        }
        assertThat(writes).isGreaterThanOrEqualTo(4);
        assertThat(bench.in("28 00 00 00 00 05 00 00 01 00", 512).error()).isEqualTo("good");
        select(SIX + " " + CONTROL);
        assertThat(bench.out(WRITE, new byte[512]).error()).isEqualTo("good");
    }

    @Test
    void descriptorSenseIsForEveryNexus() {
        select(SIX + " " + DESCRIPTORS);
        assertThat(bench.on(1).run("00 00 00 00 00 00").senseHex()).isEqualTo("72 06 2A 01 00 00 00 00");
        assertThat(bench.run("FF 00 00 00 00 00").senseHex()).isEqualTo("72 05 20 00 00 00 00 00");
    }

    @Test
    void aResetRestoresThePages() {
        select(SIX + " " + CACHE_OFF + " " + PROTECT);
        bench.unit.reset();
        bench.ready(0);
        assertThat(bench.in("1A 08 3F 00 FF 00", 255).dataHex()).isEqualTo("23 00 10 00 " + CACHE_ON + " " + CONTROL);
        bench.flushed.clear();
        assertThat(bench.out(WRITE, new byte[512]).error()).isEqualTo("good");
        assertThat(bench.flushed).isEmpty();
    }

    @Test
    void theLossOfANexusRestoresNothing() {
        select(SIX + " " + PROTECT);
        bench.resetNexus(0);
        bench.ready(0);
        assertThat(bench.out(WRITE, new byte[512]).error()).isEqualTo("7/27/00");
    }

    @ParameterizedTest
    @CsvSource({
            "00 00 00 08 " + SHORT_BLOCKS + " " + PROTECT,
            "00 00 00 08 00 00 00 00 00 00 02 00 " + PROTECT,
            "00 00 00 08 FF FF FF FF 00 00 02 00 " + PROTECT,
            "23 00 90 08 " + SHORT_BLOCKS + " " + CACHE_ON + " " + PROTECT,
    })
    void takesBlockDescriptorsThatSayWhatIs(String list) {
        assertThat(select(list).error()).isEqualTo("good");
        assertThat(bench.in("1A 08 0A 00 FF 00", 255).dataHex()).endsWith(PROTECT);
    }

    @Test
    void takesLongBlockDescriptors() {
        String list = "00 00 00 00 01 00 00 10 00 00 00 00 00 00 00 80 00 00 00 00 00 00 02 00 " + PROTECT;
        assertThat(bench.list("55 10 00 00 00 00 00 00 24 00", list).error()).isEqualTo("good");
        assertThat(bench.list("55 10 00 00 00 00 00 00 24 00", list.replace("80", "81")).fieldPointer())
                .isEqualTo("8");
        assertThat(bench.list("55 10 00 00 00 00 00 00 24 00", list.replaceFirst("00 02 00 0A", "00 04 00 0A"))
                .fieldPointer()).isEqualTo("20");
        assertThat(bench.list("55 10 00 00 00 00 00 00 24 00", list.replaceFirst("01 00 00 10", "00 00 00 10"))
                .fieldPointer()).isEqualTo("6");
    }

    @ParameterizedTest
    @CsvSource({
            "00 01 00 00, 5/26/00, 1",                                          // medium type
            "00 00 00 07 00 00 00 80 00 00 02, 5/26/00, 3",                     // block descriptor length
            "00 00 00 08 00 00 00 81 00 00 02 00, 5/26/00, 4",                  // another capacity
            "00 00 00 08 00 00 00 80 00 00 10 00, 5/26/00, 9",                  // another block length
            "00 00 00 00 88 12 00 00, 5/26/00, 4.7",                            // PS
            "00 00 00 00 48 12 00 00, 5/26/00, 4.6",                            // SPF
            "00 00 00 00 09 0A 00 00, 5/26/00, 4.5",                            // no such page
            "00 00 00 00 0A 0B 00 00, 5/26/00, 5",                              // page length
            SIX + " 0A 0A 03 00 00 00 00 00 00 00 00 00, 5/26/00, 6.0",         // not changeable
            SIX + " 0A 0A 00 00 00 00 00 00 00 00 00 00, 5/26/00, 6.1",
            SIX + " 0A 0A 02 00 00 00 00 00 00 00 00 80, 5/26/00, 15.7",
            "00 00 00, 5/1A/00, ''",                                            // header cut off
            "00 00 00 08 00 00 00 80, 5/1A/00, ''",                             // block descriptor cut off
            "00 00 00 00 0A, 5/1A/00, ''",                                      // page header cut off
            SIX + " 0A 0A 02 00 00 00 00 00 00 00 00, 5/1A/00, ''",             // page cut off
    })
    void refusesTheWholeListForOneMistake(String list, String error, String pointer) {
        Reply reply = select(list);
        assertThat(reply.error()).isEqualTo(error);
        assertThat(reply.fieldPointer()).isEqualTo(pointer);
        assertThat(bench.ready(1)).isEqualTo("good");
    }

    @Test
    void nothingTakesEffectWhenALaterPageIsWrong() {
        Reply reply = select(SIX + " " + CACHE_OFF + " 0A 0A 03 00 00 00 00 00 00 00 00 00");
        assertThat(reply.error()).isEqualTo("5/26/00");
        assertThat(reply.fieldPointer()).isEqualTo("26.0");
        assertThat(bench.in("1A 08 08 00 FF 00", 255).dataHex()).endsWith(CACHE_ON);
    }

    @ParameterizedTest
    @CsvSource({"15 11 00 00 10 00, 1.0", "15 00 00 00 10 00, 1.4", "15 12 00 00 10 00, 1.1"})
    void refusesToSaveAndOtherFormats(String cdb, String pointer) {
        Reply reply = bench.list(cdb, SIX + " " + PROTECT);
        assertThat(reply.error()).isEqualTo("5/24/00");
        assertThat(reply.fieldPointer()).isEqualTo(pointer);
    }

    @Test
    void refusesLessDataThanTheCdbSays() {
        assertThat(bench.list("15 10 00 00 11 00", SIX + " " + PROTECT).error()).isEqualTo("5/0E/03");
        assertThat(bench.in("1A 08 0A 00 FF 00", 255).dataHex()).endsWith(CONTROL);
    }

    @Test
    void reportsTaskManagementFunctions() {
        assertThat(bench.in("A3 0D 00 00 00 00 00 00 00 FF 00 00", 255).dataHex()).isEqualTo("DA 01 00 00");
        assertThat(bench.in("A3 0D 80 00 00 00 00 00 00 FF 00 00", 255).dataHex())
                .isEqualTo("DA 01 00 0C" + " 00".repeat(12));
        assertThat(bench.in("A3 0D 00 00 00 00 00 00 00 02 00 00", 255).dataHex()).isEqualTo("DA 01");
    }

    private Reply select(String list) {
        int length = (list.length() + 1) / 3;
        return bench.on(0).list("15 10 00 00 %02X 00".formatted(length), list);
    }
}
