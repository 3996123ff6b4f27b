package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.task.Task;
import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.command.BlockField;
import io.trilane.hba.command.CommandRow;
import io.trilane.hba.command.CommandTable;
import io.trilane.hba.image.ImageResult;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// START STOP UNIT (SBC-4 5.31), PREVENT ALLOW MEDIUM REMOVAL (SPC-5 6.17) and what they do to other commands.
class MediumTest {
    private static final String EJECT = "1B 00 00 00 02 00";
    private static final String LOAD = "1B 00 00 00 03 00";
    private static final String STOP = "1B 00 00 00 00 00";
    private static final String START = "1B 00 00 00 01 00";
    private static final String PREVENT = "1E 00 00 00 01 00";
    private static final String ALLOW = "1E 00 00 00 00 00";
    private static final String NO_MEDIUM = "2/3A/00";
    private static final String STOPPED = "2/04/02";
    private static final String PREVENTED = "5/53/02";

    private final Bench fixed = Bench.thin().greeted(3);
    private final Bench removable = Bench.removable().greeted(3);

    @AfterEach
    void close() {
        fixed.close();
        removable.close();
    }

    /// Every command that addresses blocks, TEST UNIT READY and READ CAPACITY.
    static List<CommandRow> mediumRows() {
        return CommandTable.ofDisk().rows().stream()
                .filter(row -> row.blockField() != BlockField.NONE || row.name().startsWith("READ CAPACITY")
                        || row.name().equals("TEST UNIT READY"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("mediumRows")
    void everyCommandThatNeedsTheMediumIsRefusedWithoutIt(CommandRow row) {
        byte[] cdb = new byte[row.cdbLength()];
        cdb[0] = (byte) row.usage().operationCode();
        cdb[1] = (byte) Math.max(0, row.usage().serviceAction());
        String hex = HexFormat.ofDelimiter(" ").formatHex(cdb);
        assertThat(removable.run(EJECT).error()).isEqualTo("good");
        assertThat(removable.run(hex).error()).isEqualTo(NO_MEDIUM);
        assertThat(fixed.run(STOP).error()).isEqualTo("good");
        assertThat(fixed.run(hex).error()).isEqualTo(STOPPED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"12 00 00 00 24 00", "A0 00 00 00 00 00 00 00 00 10 00 00", "1A 08 3F 00 FF 00",
            "5E 00 00 00 00 00 00 00 08 00", "16 00 00 00 00 00", "1E 00 00 00 01 00"})
    void othersAreAnsweredWithoutTheMedium(String cdb) {
        removable.run(EJECT);
        assertThat(removable.in(cdb, 36).error()).isEqualTo("good");
    }

    @Test
    void anEjectedMediumIsLoadedAgainAndTheOthersHearOfIt() {
        removable.out("2A 00 00 00 00 05 00 00 01 00", block(7));
        assertThat(removable.run(EJECT).error()).isEqualTo("good");
        assertThat(removable.run(EJECT).error()).isEqualTo("good");
        assertThat(removable.ready(1)).isEqualTo(NO_MEDIUM);
        assertThat(removable.on(0).run(START).error()).as("it is not there").isEqualTo(NO_MEDIUM);
        assertThat(removable.run(LOAD).error()).isEqualTo("good");
        assertThat(removable.ready(0)).isEqualTo("good");
        assertThat(removable.ready(1)).isEqualTo("6/28/00");
        assertThat(removable.ready(1)).isEqualTo("good");
        assertThat(removable.on(0).in("28 00 00 00 00 05 00 00 01 00", 512).data()).isEqualTo(block(7));
        assertThat(removable.on(0).run(LOAD).error()).isEqualTo("good");
        assertThat(removable.ready(2)).isEqualTo("6/28/00");
        assertThat(removable.ready(2)).as("it was there already").isEqualTo("good");
    }

    @Test
    void requestSenseAndModeSenseTellTheState() {
        removable.run(EJECT);
        assertThat(removable.in("03 00 00 00 FF 00", 255).dataHex())
                .isEqualTo("70 00 02 00 00 00 00 0A 00 00 00 00 3A 00 00 00 00 00");
        assertThat(removable.in("1A 00 0A 00 0C 00", 12).dataHex())
                .isEqualTo("17 00 10 08 00 00 00 00 00 00 02 00");
        fixed.run(STOP);
        assertThat(fixed.in("03 01 00 00 FF 00", 255).dataHex()).isEqualTo("72 02 04 02 00 00 00 00");
        fixed.run(START);
        assertThat(fixed.in("03 01 00 00 FF 00", 255).dataHex()).isEqualTo("72 00 00 00 00 00 00 00");
    }

    @Test
    void aStoppedUnitWaitsForAStartOfAnyNexus() {
        assertThat(fixed.run(STOP).error()).isEqualTo("good");
        assertThat(fixed.ready(1)).isEqualTo(STOPPED);
        fixed.unit.reset();
        assertThat(fixed.ready(1)).isEqualTo("6/29/03");
        assertThat(fixed.ready(1)).isEqualTo(STOPPED);
        assertThat(fixed.on(1).run(START).error()).isEqualTo("good");
        assertThat(fixed.ready(1)).isEqualTo("good");
    }

    @Test
    void aRemovableUnitStartsByItself() {
        assertThat(removable.run(STOP).error()).isEqualTo("good");
        assertThat(removable.flushed).containsExactly("0+65536");
        assertThat(removable.ready(0)).isEqualTo("good");
    }

    @ParameterizedTest
    @CsvSource({"1B 00 00 00 02 00, 4.1", "1B 00 00 00 03 00, 4.1", "1B 00 00 00 10 00, 4.7", "1B 00 00 00 F0 00, 4.7",
            "1B 00 00 00 08 00, 4.3", "1E 00 00 00 03 00, 4.1"})
    void aFixedUnitRefusesWhatItCannotDo(String cdb, String pointer) {
        Reply reply = fixed.run(cdb);
        assertThat(reply.error()).isEqualTo("5/24/00");
        assertThat(reply.fieldPointer()).isEqualTo(pointer);
        assertThat(fixed.ready(0)).isEqualTo("good");
    }

    @Test
    void powerConditionsDoNotMoveTheMedium() {
        for (int condition = 1; condition < 16; condition++) {
            assertThat(removable.run("1B 01 00 00 %X2 00".formatted(condition)).error()).isEqualTo("good");
            assertThat(removable.ready(0)).isEqualTo("good");
        }
        assertThat(removable.flushed).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1B 00 00 00 00 00, 0+65536", "1B 01 00 00 00 00, 0+65536", "1B 00 00 00 04 00, ''"})
    void writesTheCacheBeforeAStop(String cdb, String flushed) {
        assertThat(fixed.run(cdb).error()).isEqualTo("good");
        assertThat(String.join(" ", fixed.flushed)).isEqualTo(flushed);
        assertThat(fixed.ready(0)).isEqualTo(STOPPED);
    }

    @Test
    void aStopEndsWhenTheCacheIsWritten() {
        fixed.holdsFlushes = true;
        Task stop = fixed.task(STOP, TransferDirection.NONE, 0);
        fixed.finished.clear();
        fixed.target.execute(stop);
        assertThat(fixed.finished).isEmpty();
        assertThat(fixed.unit.unfinishedCommands()).isEqualTo(1);
        fixed.completeFlush(ImageResult.DONE);
        assertThat(fixed.finished).containsExactly(stop);
        assertThat(Reply.of(stop).error()).isEqualTo("good");
        assertThat(fixed.ready(0)).isEqualTo(STOPPED);
    }

    @Test
    void aStopWhoseFlushFailsHasNotStopped() {
        fixed.flushResult = ImageResult.MEDIUM_ERROR;
        assertThat(fixed.run(STOP).error()).isEqualTo("3/0C/00");
        assertThat(fixed.ready(0)).isEqualTo("good");
    }

    @Test
    void removalIsPreventedWhileAnyNexusPreventsIt() {
        assertThat(removable.on(0).run(PREVENT).error()).isEqualTo("good");
        assertThat(removable.on(1).run(PREVENT).error()).isEqualTo("good");
        assertThat(removable.on(0).run(EJECT).error()).isEqualTo(PREVENTED);
        assertThat(removable.on(2).run(EJECT).error()).isEqualTo(PREVENTED);
        assertThat(removable.ready(0)).isEqualTo("good");
        removable.on(0).run(ALLOW);
        assertThat(removable.on(0).run(EJECT).error()).isEqualTo(PREVENTED);
        removable.on(1).run(ALLOW);
        assertThat(removable.on(0).run(EJECT).error()).isEqualTo("good");
        assertThat(removable.on(0).run(PREVENT).error()).isEqualTo("good");
        assertThat(removable.run(LOAD).error()).isEqualTo(PREVENTED);
        removable.run(ALLOW);
        assertThat(removable.run(LOAD).error()).isEqualTo("good");
    }

    @Test
    void preventionEndsWithItsNexusAndWithAReset() {
        removable.run(PREVENT);
        removable.resetNexus(1);
        assertThat(removable.on(2).run(EJECT).error()).isEqualTo(PREVENTED);
        removable.resetNexus(0);
        assertThat(removable.on(2).run(EJECT).error()).isEqualTo("good");
        removable.run(LOAD);
        removable.run(PREVENT);
        removable.unit.loseNexus(2);
        assertThat(removable.ready(2)).isEqualTo("6/29/07");
        assertThat(removable.on(2).run(EJECT).error()).isEqualTo("good");
        removable.run(LOAD);
        removable.run(PREVENT);
        removable.unit.reset();
        removable.ready(2);
        assertThat(removable.on(2).run(EJECT).error()).isEqualTo("good");
    }

    @Test
    void aPreventionThatComesDuringTheFlushStillPrevents() {
        removable.holdsFlushes = true;
        Task eject = removable.task(EJECT, TransferDirection.NONE, 0);
        removable.finished.clear();
        removable.target.execute(eject);
        removable.on(1).run(PREVENT);
        removable.finished.clear();
        removable.completeFlush(ImageResult.DONE);
        assertThat(Reply.of(eject).error()).isEqualTo(PREVENTED);
        assertThat(removable.ready(0)).isEqualTo("good");
    }

    private static byte[] block(int fill) {
        byte[] block = new byte[512];
        java.util.Arrays.fill(block, (byte) fill);
        return block;
    }
}
