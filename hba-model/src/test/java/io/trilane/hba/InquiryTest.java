package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.task.TaskStatus;
import io.trilane.hba.page.BlockLimits;
import io.trilane.hba.page.Provisioning;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// INQUIRY (SPC-5 6.6): expected bytes are worked out from the standard by hand.
class InquiryTest {
    private static final String STANDARD = "00 00 06 12 5B 00 00 02 "
            + "54 52 49 4C 41 4E 45 20 "                                  // TRILANE
            + "56 69 72 74 75 61 6C 20 44 69 73 6B 20 20 20 20 "          // Virtual Disk
            + "30 30 30 31 "                                              // 0001
            + "00 ".repeat(22)
            + "00 A0 05 C0 04 60 06 00 04 C0 00 00 00 00 00 00 "
            + "00 ".repeat(21) + "00";

    private final Bench bench = Bench.standard();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void answersStandardData() {
        assertThat(bench.in("12 00 00 00 FF 00", 255).dataHex()).isEqualTo(STANDARD);
    }

    @Test
    void truncatesAtEveryAllocationLength() {
        byte[] all = bench.in("12 00 00 00 FF 00", 255).data();
        for (int length = 0; length <= 120; length++) {
            Reply reply = bench.in("12 00 00 %02X %02X 00".formatted(length >> 8, length & 0xFF), 255);
            int expected = Math.min(length, all.length);
            assertThat(reply.data()).isEqualTo(Arrays.copyOf(all, expected));
            assertThat(reply.residual()).isEqualTo(255 - expected);
        }
    }

    @Test
    void transfersNoMoreThanTheClientExpects() {
        Reply reply = bench.in("12 00 00 00 FF 00", 36);
        assertThat(reply.status()).isEqualTo(TaskStatus.GOOD);
        assertThat(reply.transferred()).isEqualTo(36);
        assertThat(reply.residual()).isEqualTo(36 - 96);
    }

    @Test
    void listsPagesInAscendingOrder() {
        assertThat(vpd(0x00)).isEqualTo("00 00 00 08 00 80 83 86 B0 B1 B2 B7");
    }

    @Test
    void answersUnitSerialNumber() {
        assertThat(vpd(0x80)).isEqualTo("00 80 00 05 53 45 52 34 32");
    }

    @Test
    void answersDeviceIdentification() {
        String page = vpd(0x83);
        assertThat(page).startsWith("00 83 00 35 "
                + "02 01 00 1D 54 52 49 4C 41 4E 45 20 56 69 72 74 75 61 6C 20 44 69 73 6B 20 20 20 20 "
                + "53 45 52 34 32 "
                + "01 03 00 08 3");
        assertThat(page).endsWith(" 01 14 00 04 00 00 00 01");
        assertThat(page.split(" ")).hasSize(4 + 0x35);
    }

    @Test
    void derivesTheNameFromTheSerialNumberOnly() {
        String page = vpd(0x83);
        try (Bench same = Bench.standard();
                Bench other = Bench.of(new TestImage(512, 8, false), LogicalUnitConfig.ofSerial("SER43"))) {
            String command = "12 01 83 00 FF 00";
            assertThat(same.in(command, 255).dataHex()).isEqualTo(page);
            assertThat(other.in(command, 255).dataHex()).isNotEqualTo(page);
        }
    }

    /// HEADSUP, ORDSUP and SIMPSUP in byte 5, V_SUP in byte 6 (SPC-5 7.7.7).
    @Test
    void answersExtendedInquiryData() {
        assertThat(vpd(0x86)).isEqualTo("00 86 00 3C 00 07 01" + " 00".repeat(57));
    }

    @Test
    void saysThatTheMediumIsRemovable() {
        try (Bench removable = Bench.removable()) {
            assertThat(removable.in("12 00 00 00 05 00", 5).dataHex()).isEqualTo("00 80 06 12 5B");
        }
    }

    @Test
    void answersBlockLimits() {
        assertThat(vpd(0xB0)).isEqualTo("00 B0 00 3C 00 FF 00 08 00 00 10 00 00 00 00 80" + " 00".repeat(20)
                + " 00 00 00 00 00 00 80 00" + " 00".repeat(20));
    }

    @Test
    void answersBlockLimitsOfAThinDisk() {
        try (Bench thin = Bench.thin()) {
            assertThat(thin.in("12 01 B0 00 FF 00", 255).dataHex())
                    .isEqualTo("00 B0 00 3C 00 FF 00 08 00 00 10 00 00 00 00 80 00 00 00 00 "
                            + "00 10 00 00 00 00 01 00 00 00 00 08 80 00 00 00 00 00 00 00 00 00 80 00"
                            + " 00".repeat(20));
        }
    }

    /// Blocks of 4096 bytes are what a file system gives back; a physical block may be more.
    @Test
    void granularityOfUnmapIsTheLargerOfPhysicalBlockAndStorage() {
        LogicalUnitConfig config = Bench.config().withProvisioning(Provisioning.THIN);
        try (Bench large = Bench.of(new TestImage(4096, 128, false), config)) {
            assertThat(large.in("12 01 B0 00 FF 00", 255).data()[31]).isEqualTo((byte) 8);
        }
        LogicalUnitConfig plain = LogicalUnitConfig.ofSerial("S").withProvisioning(Provisioning.THIN);
        try (Bench large = Bench.of(new TestImage(4096, 128, false), plain);
                Bench small = Bench.of(new TestImage(512, 128, false), plain)) {
            assertThat(large.in("12 01 B0 00 FF 00", 255).data()[31]).isEqualTo((byte) 1);
            assertThat(small.in("12 01 B0 00 FF 00", 255).data()[31]).isEqualTo((byte) 8);
        }
    }

    @Test
    void comparesAndWritesNoMoreThanATransferMayHave() {
        LogicalUnitConfig config = new LogicalUnitConfig(Bench.config().identity(), new BlockLimits(16, 8, 1, 0, 0),
                false, false);
        try (Bench small = Bench.of(new TestImage(512, 128, false), config)) {
            assertThat(small.in("12 01 B0 00 FF 00", 255).data()[5]).isEqualTo((byte) 16);
            Reply reply = small.out("89 00 00 00 00 00 00 00 00 03 00 00 00 11 00 00", new byte[17 * 1024]);
            assertThat(reply.error() + " " + reply.fieldPointer()).isEqualTo("5/24/00 13");
        }
    }

    @Test
    void answersBlockLimitsExtension() {
        assertThat(vpd(0xB7)).isEqualTo("00 B7 00 1C" + " 00".repeat(28));
    }

    @Test
    void answersBlockDeviceCharacteristics() {
        assertThat(vpd(0xB1)).isEqualTo("00 B1 00 3C 00 01" + " 00".repeat(58));
    }

    @Test
    void answersLogicalBlockProvisioning() {
        assertThat(vpd(0xB2)).isEqualTo("00 B2 00 04 00 00 00 00");
        try (Bench thin = Bench.thin()) {
            assertThat(thin.in("12 01 B2 00 FF 00", 255).dataHex()).isEqualTo("00 B2 00 04 00 E4 02 00");
        }
    }

    @Test
    void refusesUnknownPage() {
        Reply reply = bench.in("12 01 B5 00 FF 00", 255);
        assertThat(reply.error()).isEqualTo("5/24/00");
        assertThat(reply.fieldPointer()).isEqualTo("2");
        assertThat(reply.residual()).isEqualTo(255);
    }

    @Test
    void refusesPageCodeWithoutEvpd() {
        Reply reply = bench.in("12 00 80 00 FF 00", 255);
        assertThat(reply.error()).isEqualTo("5/24/00");
        assertThat(reply.fieldPointer()).isEqualTo("2");
    }

    private String vpd(int code) {
        return bench.in("12 01 %02X 00 FF 00".formatted(code), 255).dataHex();
    }
}
