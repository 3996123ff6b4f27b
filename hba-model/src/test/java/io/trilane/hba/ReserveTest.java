package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// RESERVE(6) and RELEASE(6) (SPC-2 7.21, 7.17).
class ReserveTest {
    private static final String RESERVE = "16 00 00 00 00 00";
    private static final String RELEASE = "17 00 00 00 00 00";
    private static final String CONFLICT = "RESERVATION_CONFLICT";

    private final Bench bench = Bench.standard().greeted(3);

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void keepsOthersOutUntilReleased() {
        assertThat(bench.on(0).run(RESERVE).error()).isEqualTo("good");
        assertThat(bench.on(0).run(RESERVE).error()).isEqualTo("good");
        assertThat(bench.on(1).run(RESERVE).error()).isEqualTo(CONFLICT);
        assertThat(bench.on(1).run(RELEASE).error()).isEqualTo("good");
        assertThat(bench.on(1).in("1A 00 3F 00 FF 00", 255).error()).isEqualTo(CONFLICT);
        assertThat(bench.on(0).in("1A 00 3F 00 FF 00", 255).error()).isEqualTo("good");
        assertThat(bench.on(0).run(RELEASE).error()).isEqualTo("good");
        assertThat(bench.on(1).run(RESERVE).error()).isEqualTo("good");
        assertThat(bench.on(0).in("28 00 00 00 00 00 00 00 01 00", 512).error()).isEqualTo(CONFLICT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"08 00 00 00 01 00", "28 00 00 00 00 00 00 00 01 00", "15 10 00 00 00 00",
            "35 00 00 00 00 00 00 00 00 00", "2F 00 00 00 00 00 00 00 01 00", "1B 00 00 00 00 00",
            "1E 00 00 00 01 00", "FF 00 00 00 00 00", "5E 00 00 00 00 00 00 00 08 00",
            "5F 00 00 00 00 00 00 00 18 00"})
    void conflictsOnAnotherNexus(String cdb) {
        bench.run(RESERVE);
        Reply reply = bench.on(1).run(cdb);
        assertThat(reply.error()).isEqualTo(CONFLICT);
        assertThat(reply.sense()).isEmpty();
        assertThat(reply.transferred()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"00 00 00 00 00 00", "12 00 00 00 24 00", "03 00 00 00 12 00",
            "25 00 00 00 00 00 00 00 00 00", "A0 00 00 00 00 00 00 00 00 10 00 00", "1B 00 00 00 01 00",
            "1E 00 00 00 00 00", "A3 0C 00 00 00 00 00 00 00 10 00 00", "A3 0D 00 00 00 00 00 00 00 04 00 00"})
    void letsOthersAsk(String cdb) {
        bench.run(RESERVE);
        assertThat(bench.on(1).in(cdb, 36).error()).isEqualTo("good");
    }

    @Test
    void conflictLeavesAUnitAttentionWhereItIs() {
        bench.run(RESERVE);
        bench.resetNexus(1);
        assertThat(bench.on(1).in("28 00 00 00 00 00 00 00 01 00", 512).error()).isEqualTo(CONFLICT);
        assertThat(bench.ready(1)).isEqualTo("6/29/00");
    }

    /// SPC-2 5.5.1: also for the nexus that has reserved.
    @Test
    void persistentReservationsConflictWithIt() {
        bench.run(RESERVE);
        assertThat(bench.on(0).in("5E 00 00 00 00 00 00 00 08 00", 8).error()).isEqualTo(CONFLICT);
        assertThat(bench.on(0).list("5F 06 00 00 00 00 00 00 18 00", "00 ".repeat(15) + "01" + " 00".repeat(8))
                .error()).isEqualTo(CONFLICT);
    }

    @Test
    void endsWithItsNexusAndWithNoOther() {
        bench.run(RESERVE);
        bench.resetNexus(2);
        assertThat(bench.on(1).run(RESERVE).error()).isEqualTo(CONFLICT);
        bench.resetNexus(0);
        assertThat(bench.on(1).run(RESERVE).error()).isEqualTo("good");
    }

    @Test
    void endsWithAResetAndWithTheLossOfItsNexus() {
        bench.run(RESERVE);
        bench.unit.loseNexus(1);
        assertThat(bench.ready(1)).isEqualTo("6/29/07");
        assertThat(bench.on(1).run(RESERVE).error()).isEqualTo(CONFLICT);
        bench.unit.loseNexus(0);
        assertThat(bench.on(1).run(RESERVE).error()).isEqualTo("good");
        bench.unit.reset();
        assertThat(bench.ready(2)).isEqualTo("6/29/03");
        assertThat(bench.on(2).run(RESERVE).error()).isEqualTo("good");
    }

    @Test
    void refusesThirdParties() {
        Reply reply = bench.run("16 10 00 00 00 00");
        assertThat(reply.error()).isEqualTo("5/24/00");
        assertThat(reply.fieldPointer()).isEqualTo("1.4");
    }
}
