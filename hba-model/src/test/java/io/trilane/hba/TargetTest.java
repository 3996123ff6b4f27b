package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Logical unit addressing (SAM-5 4.6), REPORT LUNS (SPC-5 6.33), logical units that do not exist.
class TargetTest {
    private static final String REPORT = "A0 00 %02X 00 00 00 00 00 %02X %02X 00 00";

    private final Bench bench = Bench.standard();

    @BeforeEach
    void addUnits() {
        add(3);
        add(300);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void reportsLunsInBothAddressingMethods() {
        assertThat(report(0).dataHex()).isEqualTo("00 00 00 18 00 00 00 00 00 00 00 00 00 00 00 00 "
                + "00 03 00 00 00 00 00 00 41 2C 00 00 00 00 00 00");
        assertThat(report(2).dataHex()).isEqualTo(report(0).dataHex());
        assertThat(report(1).dataHex()).isEqualTo("00 00 00 00 00 00 00 00");
    }

    @Test
    void refusesUnknownSelectReport() {
        assertThat(report(3).fieldPointer()).isEqualTo("2");
        assertThat(report(0x10).error()).isEqualTo("5/24/00");
    }

    @Test
    void truncatesReportLunsAtEveryAllocationLength() {
        byte[] all = report(0).data();
        for (int length = 0; length <= 40; length++) {
            assertThat(bench.in(REPORT.formatted(0, 0, length), 255).data())
                    .isEqualTo(Arrays.copyOf(all, Math.min(length, all.length)));
        }
    }

    @Test
    void reportsManyLuns() {
        for (int lun = 1000; lun < 2000; lun++) {
            add(lun);
        }
        Reply reply = bench.in(REPORT.formatted(0, 0xFF, 0xFF), 65535);
        assertThat(reply.transferred()).isEqualTo(8 + 8 * 1003);
        assertThat(reply.dataHex()).startsWith("00 00 1F 58");
    }

    @ParameterizedTest
    @ValueSource(longs = {0x0001_0000_0000_0000L, 0x4001_0000_0000_0000L, 0x0103_0000_0000_0000L,
            0x0003_0000_0000_0001L, 0x0003_0001_0000_0000L, 0x8003_0000_0000_0000L, 0xC101_0000_0000_0000L, -1L})
    void answersForUnitsThatDoNotExist(long lun) {
        bench.lun = lun;
        assertThat(bench.run("00 00 00 00 00 00").error()).isEqualTo("5/25/00");
        assertThat(bench.in("28 00 00 00 00 00 00 00 01 00", 512).error()).isEqualTo("5/25/00");
        assertThat(bench.run("FF 00 00 00 00 00").error()).isEqualTo("5/25/00");
        assertThat(bench.in("12 00 00 00 FF 00", 255).dataHex()).startsWith("7F 00 06 12 5B");
        assertThat(bench.in("12 01 00 00 FF 00", 255).dataHex()).isEqualTo("7F 00 00 01 00");
        assertThat(bench.in("03 00 00 00 FF 00", 255).dataHex())
                .isEqualTo("70 00 05 00 00 00 00 0A 00 00 00 00 25 00 00 00 00 00");
        assertThat(bench.in("03 01 00 00 FF 00", 255).dataHex()).isEqualTo("72 05 25 00 00 00 00 00");
        assertThat(report(0).dataHex()).startsWith("00 00 00 18");
    }

    @ParameterizedTest
    @ValueSource(longs = {0x0003_0000_0000_0000L, 0x4003_0000_0000_0000L, 0x412C_0000_0000_0000L})
    void findsUnitsByEitherAddressingMethod(long lun) {
        bench.lun = lun;
        assertThat(bench.run("00 00 00 00 00 00").error()).isEqualTo("6/29/00");
        assertThat(bench.run("00 00 00 00 00 00").error()).isEqualTo("good");
        assertThat(bench.target.unitOf(lun)).isNotNull();
    }

    @Test
    void refusesNumbersThatAreTakenOrOutOfRange() {
        assertThatThrownBy(() -> add(3)).hasMessageContaining("lun=3 is taken on targetId=7");
        assertThatThrownBy(() -> add(16384)).hasMessageContaining("lun=16384 not in 0..16383");
    }

    private Reply report(int select) {
        return bench.in(REPORT.formatted(select, 0, 0xFF), 255);
    }

    private void add(int lun) {
        bench.target.add(lun, new LogicalUnit(LogicalUnitConfig.ofSerial("S" + lun), new TestImage(512, 8, false),
                bench, bench, 8));
    }
}
