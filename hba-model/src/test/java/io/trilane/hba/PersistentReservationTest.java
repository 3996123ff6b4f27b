package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// PERSISTENT RESERVE IN and OUT (SPC-5 5.13, 6.15, 6.16) on three nexuses: nexus n registers key n + 1.
class PersistentReservationTest {
    private static final String READ = "28 00 00 00 00 00 00 00 01 00";
    private static final String WRITE = "2A 00 00 00 00 00 00 00 01 00";
    private static final String CONFLICT = "RESERVATION_CONFLICT";
    private static final String PREEMPTED = "6/2A/05";
    private static final String RELEASED = "6/2A/04";

    private static final int REGISTER = 0;
    private static final int RESERVE = 1;
    private static final int RELEASE = 2;
    private static final int CLEAR = 3;
    private static final int PREEMPT = 4;
    private static final int PREEMPT_AND_ABORT = 5;
    private static final int IGNORE = 6;

    private static final int WRITE_EXCLUSIVE = 1;
    private static final int EXCLUSIVE = 3;
    private static final int EXCLUSIVE_REGISTRANTS = 6;
    private static final int WRITE_ALL_REGISTRANTS = 7;

    private final Bench bench = Bench.standard().greeted(4);

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void registersReplacesAndTakesKeysOut() {
        assertThat(keys()).isEqualTo("00 00 00 00 00 00 00 00");
        assertThat(out(0, REGISTER, 0, 0, 0xA1)).isEqualTo("good");
        assertThat(keys()).isEqualTo("00 00 00 01 00 00 00 08 00 00 00 00 00 00 00 A1");
        assertThat(out(0, REGISTER, 0, 0, 0xA2)).isEqualTo(CONFLICT);
        assertThat(out(0, REGISTER, 0, 0xA1, 0xA2)).isEqualTo("good");
        assertThat(out(1, IGNORE, 0, 0x77, 0xB1)).isEqualTo("good");
        assertThat(keys()).isEqualTo("00 00 00 03 00 00 00 10 00 00 00 00 00 00 00 A2 00 00 00 00 00 00 00 B1");
        assertThat(out(0, REGISTER, 0, 0xA2, 0)).isEqualTo("good");
        assertThat(out(1, IGNORE, 0, 0, 0)).isEqualTo("good");
        assertThat(keys()).isEqualTo("00 00 00 05 00 00 00 00");
    }

    @Test
    void aNexusThatIsNotRegisteredCanOnlyRegister() {
        assertThat(out(0, REGISTER, 0, 5, 1)).isEqualTo(CONFLICT);
        assertThat(out(0, REGISTER, 0, 0, 0)).isEqualTo("good");
        for (int action = RESERVE; action <= PREEMPT_AND_ABORT; action++) {
            assertThat(out(0, action, EXCLUSIVE, 0, 1)).isEqualTo(CONFLICT);
        }
        assertThat(keys()).isEqualTo("00 00 00 00 00 00 00 00");
    }

    @Test
    void aWrongKeyConflicts() {
        register(0);
        for (int action = RESERVE; action <= PREEMPT_AND_ABORT; action++) {
            assertThat(out(0, action, EXCLUSIVE, 9, 1)).isEqualTo(CONFLICT);
        }
        assertThat(reservation()).isEqualTo("00 00 00 01 00 00 00 00");
    }

    @ParameterizedTest
    @CsvSource({"1, 01", "3, 01", "5, 01", "6, 01", "7, 00", "8, 00"})
    void readsTheReservationOfEachType(int type, String key) {
        register(0);
        assertThat(out(0, RESERVE, type, 1, 0)).isEqualTo("good");
        assertThat(out(0, RESERVE, type, 1, 0)).isEqualTo("good");
        assertThat(reservation()).isEqualTo("00 00 00 01 00 00 00 10 00 00 00 00 00 00 00 " + key
                + " 00 00 00 00 00 0" + type + " 00 00");
        assertThat(out(0, RELEASE, type, 1, 0)).isEqualTo("good");
        assertThat(reservation()).isEqualTo("00 00 00 01 00 00 00 00");
    }

    /// Reads and writes of the holder, of another registrant, and of a nexus that is not registered.
    @ParameterizedTest
    @CsvSource({"1, r, r", "3, -, -", "5, rw, r", "6, rw, -", "7, rw, r", "8, rw, -"})
    void eachTypeGivesItsAccess(int type, String registered, String other) {
        register(0, 1);
        out(0, RESERVE, type, 1, 0);
        assertThat(access(0)).isEqualTo("rw");
        assertThat(access(1)).isEqualTo(registered);
        assertThat(access(2)).isEqualTo(other);
        assertThat(bench.ready(2)).isEqualTo("good");
        assertThat(bench.on(2).in("1A 00 3F 00 FF 00", 255).error()).isEqualTo(CONFLICT);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5, 6, 7, 8})
    void anotherReserveConflicts(int type) {
        register(0, 1);
        out(0, RESERVE, type, 1, 0);
        assertThat(out(0, RESERVE, type == 1 ? 3 : 1, 1, 0)).isEqualTo(CONFLICT);
        assertThat(out(1, RESERVE, type, 2, 0)).isEqualTo(type >= 7 ? "good" : CONFLICT);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5, 6, 7, 8})
    void releaseTellsTheOtherRegistrantsWhenTheyHadAccess(int type) {
        register(0, 1);
        out(0, RESERVE, type, 1, 0);
        assertThat(out(0, RELEASE, type == 1 ? 3 : 1, 1, 0)).isEqualTo("5/26/04");
        assertThat(out(1, RELEASE, type == 1 ? 3 : 1, 2, 0)).isEqualTo(type >= 7 ? "5/26/04" : "good");
        assertThat(out(0, RELEASE, type, 1, 0)).isEqualTo("good");
        assertThat(bench.ready(0)).isEqualTo("good");
        assertThat(bench.ready(1)).isEqualTo(type >= 5 ? RELEASED : "good");
        assertThat(bench.ready(2)).isEqualTo("good");
        assertThat(access(2)).isEqualTo("rw");
    }

    @ParameterizedTest
    @CsvSource({"1, good, ''", "3, good, ''", "5, 6/2A/04, ''", "6, 6/2A/04, ''", "7, good, 7", "8, good, 8"})
    void theHolderThatUnregistersReleases(int type, String told, String left) {
        register(0, 1);
        out(0, RESERVE, type, 1, 0);
        assertThat(out(0, REGISTER, 0, 1, 0)).isEqualTo("good");
        assertThat(bench.ready(0)).isEqualTo("good");
        assertThat(bench.ready(1)).isEqualTo(told);
        assertThat(reservation()).hasSize(left.isEmpty() ? 23 : 71);
        out(1, REGISTER, 0, 2, 0);
        assertThat(reservation()).as("the last registrant").hasSize(23);
        assertThat(access(2)).isEqualTo("rw");
    }

    @Test
    void clearTakesAllAndTellsTheOthers() {
        register(0, 1);
        out(0, RESERVE, EXCLUSIVE, 1, 0);
        assertThat(out(1, CLEAR, 0, 2, 0)).isEqualTo("good");
        assertThat(keys()).isEqualTo("00 00 00 03 00 00 00 00");
        assertThat(bench.ready(0)).isEqualTo("6/2A/03");
        assertThat(bench.ready(1)).isEqualTo("good");
        assertThat(bench.ready(2)).isEqualTo("good");
        assertThat(access(2)).isEqualTo("rw");
    }

    @Test
    void preemptTakesTheReservationOver() {
        register(0, 1, 2);
        out(0, RESERVE, EXCLUSIVE_REGISTRANTS, 1, 0);
        assertThat(out(1, PREEMPT, WRITE_EXCLUSIVE, 2, 1)).isEqualTo("good");
        assertThat(keys()).endsWith("00 00 00 10 00 00 00 00 00 00 00 02 00 00 00 00 00 00 00 03")
                .startsWith("00 00 00 04");
        assertThat(reservation()).endsWith("00 00 00 00 00 00 00 02 00 00 00 00 00 01 00 00");
        assertThat(bench.ready(0)).isEqualTo(PREEMPTED);
        assertThat(bench.ready(1)).isEqualTo("good");
        assertThat(bench.ready(2)).as("the type has changed").isEqualTo(RELEASED);
        assertThat(access(0)).isEqualTo("r");
        assertThat(access(1)).isEqualTo("rw");
    }

    @Test
    void preemptOfTheSameTypeTellsOnlyThoseWhoLost() {
        register(0, 1, 2);
        out(0, RESERVE, EXCLUSIVE, 1, 0);
        assertThat(out(1, PREEMPT, EXCLUSIVE, 2, 1)).isEqualTo("good");
        assertThat(bench.ready(0)).isEqualTo(PREEMPTED);
        assertThat(bench.ready(2)).isEqualTo("good");
    }

    @Test
    void preemptOfAnotherKeyTakesRegistrationsOnly() {
        register(0, 1, 2);
        out(0, RESERVE, EXCLUSIVE, 1, 0);
        assertThat(out(1, PREEMPT, WRITE_EXCLUSIVE, 2, 3)).isEqualTo("good");
        assertThat(reservation()).endsWith("00 00 00 00 00 00 00 01 00 00 00 00 00 03 00 00");
        assertThat(bench.ready(2)).isEqualTo(PREEMPTED);
        assertThat(out(2, RELEASE, EXCLUSIVE, 3, 0)).isEqualTo(CONFLICT);
        assertThat(out(1, PREEMPT, EXCLUSIVE, 2, 9)).as("no such key").isEqualTo(CONFLICT);
        assertThat(out(1, PREEMPT, EXCLUSIVE, 2, 0)).isEqualTo("5/26/00");
    }

    @Test
    void preemptWithKeyZeroTakesOverFromAllRegistrants() {
        register(0, 1, 2);
        out(0, RESERVE, WRITE_ALL_REGISTRANTS, 1, 0);
        assertThat(out(1, PREEMPT, EXCLUSIVE, 2, 0)).isEqualTo("good");
        assertThat(keys()).endsWith("00 00 00 08 00 00 00 00 00 00 00 02");
        assertThat(bench.ready(0)).isEqualTo(PREEMPTED);
        assertThat(bench.ready(2)).isEqualTo(PREEMPTED);
        assertThat(access(0)).isEqualTo("-");
    }

    @Test
    void preemptWithoutAReservationCanTakeOnesOwnRegistration() {
        register(0, 1);
        assertThat(out(0, PREEMPT, EXCLUSIVE, 1, 1)).isEqualTo("good");
        assertThat(keys()).endsWith("00 00 00 08 00 00 00 00 00 00 00 02");
        assertThat(bench.ready(0)).isEqualTo("good");
        assertThat(reservation()).hasSize(23);
    }

    @Test
    void preemptAndAbortIsAPreemptWhenThereIsNothingToAbort() {
        register(0, 1);
        out(0, RESERVE, EXCLUSIVE, 1, 0);
        assertThat(out(1, PREEMPT_AND_ABORT, EXCLUSIVE, 2, 1)).isEqualTo("good");
        assertThat(bench.ready(0)).isEqualTo(PREEMPTED);
        assertThat(bench.ready(0)).isEqualTo("good");
        assertThat(access(0)).isEqualTo("-");
        assertThat(bench.unit.unfinishedCommands()).isZero();
    }

    @Test
    void aRegistrationFollowsTheNameOfItsPort() {
        register(0);
        out(0, RESERVE, EXCLUSIVE, 1, 0);
        bench.resetNexus(0);
        assertThat(bench.ready(0)).isEqualTo("6/29/00");
        assertThat(access(0)).as("the nexus is back").isEqualTo("rw");
        bench.target.resetNexus(new io.trilane.engine.task.Nexus(0, "iqn.another", "t"));
        bench.target.resetNexus(new io.trilane.engine.task.Nexus(3, Bench.nexus(0).initiatorPort(),
                Bench.nexus(0).targetPort()));
        bench.ready(0);
        bench.ready(3);
        assertThat(access(0)).as("another port has this id now").isEqualTo("-");
        assertThat(access(3)).as("the port has another id now").isEqualTo("rw");
        assertThat(out(3, RELEASE, EXCLUSIVE, 1, 0)).isEqualTo("good");
    }

    @Test
    void survivesResetsAndTheLossOfItsNexus() {
        register(0);
        out(0, RESERVE, EXCLUSIVE, 1, 0);
        bench.unit.reset();
        bench.unit.loseNexus(0);
        for (int id = 0; id < 3; id++) {
            bench.ready(id);
        }
        bench.ready(0);
        assertThat(access(1)).isEqualTo("-");
        assertThat(access(0)).isEqualTo("rw");
    }

    /// CRH = 1 (SPC-5 5.13.3).
    @Test
    void reserveSixIsHandledCompatibly() {
        register(0, 1);
        assertThat(bench.on(0).run("16 00 00 00 00 00").error()).isEqualTo(CONFLICT);
        out(0, RESERVE, EXCLUSIVE, 1, 0);
        assertThat(bench.on(0).run("16 00 00 00 00 00").error()).isEqualTo("good");
        assertThat(bench.on(0).run("17 00 00 00 00 00").error()).isEqualTo("good");
        assertThat(bench.on(1).run("16 00 00 00 00 00").error()).isEqualTo(CONFLICT);
        assertThat(bench.on(1).run("17 00 00 00 00 00").error()).isEqualTo(CONFLICT);
        assertThat(access(1)).isEqualTo("-");
        out(0, RELEASE, EXCLUSIVE, 1, 0);
        assertThat(access(1)).as("RESERVE(6) has reserved nothing").isEqualTo("rw");
    }

    /// LENGTH 8; CRH; TMV and ALLOW COMMANDS 1; WR_EX_AR EX_AC_RO WR_EX_RO EX_AC WR_EX, EX_AC_AR.
    @Test
    void reportsWhatItCan() {
        assertThat(bench.in("5E 02 00 00 00 00 00 00 FF 00", 255).dataHex()).isEqualTo("00 08 10 90 EA 01 00 00");
    }

    @Test
    void readsFullStatus() {
        register(0, 1);
        out(1, RESERVE, EXCLUSIVE, 2, 0);
        String name = "iqn.2026-01.test:host1,i,0x400001370001";
        String hex = bench.in("5E 03 00 00 00 00 00 04 00 00", 1024).dataHex();
        assertThat(hex).startsWith("00 00 00 02 00 00 00 88 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 00 00 00 "
                + "00 01 00 00 00 2C 45 00 00 28 ");
        assertThat(hex).endsWith("00 00 00 00 00 00 00 02 00 00 00 00 01 03 00 00 00 00 00 01 00 00 00 2C 45 00 00 28 "
                + HexFormat.ofDelimiter(" ").withUpperCase()
                        .formatHex(name.getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                + " 00");
        assertThat(bench.in("5E 03 00 00 00 00 00 00 0A 00", 1024).transferred()).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({"08, 20.3", "04, 20.2", "01, 20.0"})
    void refusesWhatItCannotRegister(String flags, String pointer) {
        Reply reply = bench.list("5F 00 00 00 00 00 00 00 18 00", "00 ".repeat(15) + "01 00 00 00 00 " + flags
                + " 00 00 00");
        assertThat(reply.error()).isEqualTo("5/26/00");
        assertThat(reply.fieldPointer()).isEqualTo(pointer);
        assertThat(reply.sense()[15] & 0x40).as("it points into the data").isZero();
        assertThat(keys()).isEqualTo("00 00 00 00 00 00 00 00");
    }

    @Test
    void refusesListsOfAnotherLength() {
        register(0);
        assertThat(bench.list("5F 06 00 00 00 00 00 00 17 00", "00" + " 00".repeat(22)).error()).isEqualTo("5/1A/00");
        assertThat(bench.list("5F 06 00 00 00 00 00 00 19 00", "00" + " 00".repeat(24)).error()).isEqualTo("5/1A/00");
        assertThat(bench.list("5F 06 00 00 00 FF FF FF FF 00", "00" + " 00".repeat(24)).error()).isEqualTo("5/0E/03");
        assertThat(bench.list("5F 06 00 00 00 00 00 00 18 00", "00" + " 00".repeat(22)).error()).isEqualTo("5/0E/03");
        assertThat(keys()).startsWith("00 00 00 01 00 00 00 08");
    }

    @ParameterizedTest
    @CsvSource({"00, 2.3", "02, 2.3", "04, 2.3", "09, 2.3", "0F, 2.3", "11, 2.7", "F3, 2.7"})
    void refusesScopesAndTypesThatThereAreNot(String scopeAndType, String pointer) {
        register(0);
        String list = "00 00 00 00 00 00 00 01" + " 00".repeat(16);
        Reply reply = bench.list("5F 01 " + scopeAndType + " 00 00 00 00 00 18 00", list);
        assertThat(reply.error()).isEqualTo("5/24/00");
        assertThat(reply.fieldPointer()).isEqualTo(pointer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5E 04", "5E 1F", "5F 07", "5F 08", "5F 1F"})
    void refusesOtherServiceActions(String start) {
        Reply reply = bench.run(start + " 00 00 00 00 00 00 00 00");
        assertThat(reply.error()).isEqualTo("5/24/00");
        assertThat(reply.fieldPointer()).isEqualTo("1.4");
    }

    private void register(int... nexusIds) {
        for (int id : nexusIds) {
            assertThat(out(id, IGNORE, 0, 0, id + 1)).isEqualTo("good");
        }
        bench.on(0);
    }

    private String out(int nexusId, int action, int type, int key, int actionKey) {
        byte[] list = new byte[24];
        list[7] = (byte) key;
        list[15] = (byte) actionKey;
        return bench.on(nexusId).out("5F %02X %02X 00 00 00 00 00 18 00".formatted(action, type), list).error();
    }

    /// On a nexus that is not registered.
    private String keys() {
        return bench.on(3).in("5E 00 00 00 00 00 00 00 FF 00", 255).dataHex();
    }

    private String reservation() {
        return bench.on(3).in("5E 01 00 00 00 00 00 00 FF 00", 255).dataHex();
    }

    /// `rw`, `r` or `-`.
    private String access(int nexusId) {
        String read = bench.on(nexusId).in(READ, 512).error();
        String write = bench.on(nexusId).out(WRITE, new byte[512]).error();
        assertThat(read).isIn("good", CONFLICT);
        assertThat(write).isIn("good", CONFLICT);
        return read.equals(CONFLICT) ? "-" : write.equals(CONFLICT) ? "r" : "rw";
    }
}
