package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.controller.ParallelFeature;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Bytes worked out by hand from SPC-5 and SBC-4, not by the code that is tested.
class TargetProbeBytesTest {
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ").withUpperCase();

    @Test
    void writesInquiryWithABigEndianAllocationLength() {
        assertThat(hex(ProbeCommands.inquiry(36))).isEqualTo("12 00 00 00 24 00");
        assertThat(hex(ProbeCommands.inquiry(0x0102))).isEqualTo("12 00 00 01 02 00");
    }

    @Test
    void writesTestUnitReadyAsSixZeros() {
        assertThat(hex(ProbeCommands.testUnitReady())).isEqualTo("00 00 00 00 00 00");
    }

    @Test
    void writesReportLunsWithItsAllocationLengthAtByteSix() {
        assertThat(hex(ProbeCommands.reportLuns(2056))).isEqualTo("A0 00 00 00 00 00 00 00 08 08 00 00");
        assertThat(hex(ProbeCommands.reportLuns(0x81020304))).isEqualTo("A0 00 00 00 00 00 81 02 03 04 00 00");
    }

    @Test
    void writesModeSenseOfAllPagesWithTheHeaderOnly() {
        assertThat(hex(ProbeCommands.modeSense6(4))).isEqualTo("1A 00 3F 00 04 00");
    }

    @Test
    void writesBothReadCapacities() {
        assertThat(hex(ProbeCommands.readCapacity10())).isEqualTo("25 00 00 00 00 00 00 00 00 00");
        assertThat(hex(ProbeCommands.readCapacity16(32)))
                .isEqualTo("9E 10 00 00 00 00 00 00 00 00 00 00 00 20 00 00");
    }

    @Test
    void readsInquiryStringsWithoutTrailingSpaces() {
        InquiryData data = new InquiryData(ProbedTarget.inquiry(0x00));
        assertThat(data.vendor()).isEqualTo("TRILANE");
        assertThat(data.product()).isEqualTo("Scripted disk");
        assertThat(data.revision()).isEqualTo("1.0");
        assertThat(data.hasUnit()).isTrue();
        assertThat(data.deviceType()).isZero();
        assertThat(data.totalBytes()).isEqualTo(36);
    }

    @Test
    void readsUnprintableInquiryBytesAsSpaces() {
        byte[] bytes = ProbedTarget.inquiry(0);
        bytes[8] = (byte) 0xE4;
        bytes[9] = 0;
        bytes[14] = 0x7F;
        assertThat(new InquiryData(bytes).vendor()).isEqualTo("  ILAN");
    }

    @Test
    void readsQualifierAndTypeOfByteZero() {
        assertThat(new InquiryData(hex("7F")).hasUnit()).isFalse();
        assertThat(new InquiryData(hex("20")).hasUnit()).isFalse();
        assertThat(new InquiryData(hex("05")).hasUnit()).isTrue();
        assertThat(new InquiryData(hex("05")).deviceType()).isEqualTo(5);
    }

    @Test
    void knowsNothingOfEmptyInquiryData() {
        InquiryData data = new InquiryData(new byte[0]);
        assertThat(data.hasUnit()).isTrue();
        assertThat(data.deviceType()).isEqualTo(0x1F);
        assertThat(data.vendor() + data.product() + data.revision()).isEmpty();
        assertThat(data.totalBytes()).isZero();
        assertThat(data.features()).isEmpty();
    }

    @Test
    void readsInquiryStringsAsFarAsTheyCame() {
        InquiryData data = new InquiryData(hex("00 00 07 02 FF 00 00 00 41 42 43"));
        assertThat(data.vendor()).isEqualTo("ABC");
        assertThat(data.product()).isEmpty();
        assertThat(data.totalBytes()).isEqualTo(96);
    }

    @Test
    void readsTheParallelFeaturesOfBytesSevenAndFiftySix() {
        assertThat(features(0x20, 0)).containsExactly(ParallelFeature.WIDE_DATA_TRANSFER);
        assertThat(features(0x10, 0)).containsExactly(ParallelFeature.SYNCHRONOUS_DATA_TRANSFER);
        assertThat(features(0xCF, 0xF0)).isEmpty();
        assertThat(features(0, 0x01)).containsExactly(ParallelFeature.INFORMATION_UNIT_TRANSFER);
        assertThat(features(0, 0x02)).containsExactly(ParallelFeature.QUICK_ARBITRATION_AND_SELECTION);
        assertThat(features(0, 0x04)).as("CLOCKING 01b").containsExactly(ParallelFeature.DOUBLE_TRANSITION);
        assertThat(features(0, 0x08)).as("CLOCKING 10b is reserved").isEmpty();
        assertThat(features(0, 0x0C)).as("CLOCKING 11b").containsExactly(ParallelFeature.DOUBLE_TRANSITION);
        assertThat(features(0x30, 0x0F)).hasSize(5);
    }

    @Test
    void readsCapacityAsLastAddressPlusOne() {
        assertThat(CapacityData.ofTen(hex("00 00 FF FF 00 00 02 00"))).isEqualTo(new CapacityData(512, 65536));
        assertThat(CapacityData.ofTen(hex("FF FF FF FE 00 00 10 00")))
                .isEqualTo(new CapacityData(4096, 0xFFFF_FFFFL));
        assertThat(CapacityData.ofSixteen(hex("00 00 00 01 00 00 00 00 00 00 02 00")))
                .isEqualTo(new CapacityData(512, 0x1_0000_0001L));
    }

    @Test
    void asksForTheLongCapacityOnlyWhenAllBitsAreSet() {
        assertThat(CapacityData.isBeyondTen(hex("FF FF FF FF 00 00 02 00"))).isTrue();
        assertThat(CapacityData.isBeyondTen(hex("FF FF FF FE 00 00 02 00"))).isFalse();
        assertThat(CapacityData.isBeyondTen(hex("FF FF FF FF 00 00 02"))).isFalse();
    }

    @Test
    void knowsNoCapacityOfShortOrAbsurdAnswers() {
        assertThat(CapacityData.ofTen(hex("00 00 FF FF 00 00 02"))).isEqualTo(CapacityData.UNKNOWN);
        assertThat(CapacityData.ofTen(hex("00 00 FF FF 00 00 00 00"))).isEqualTo(CapacityData.UNKNOWN);
        assertThat(CapacityData.ofTen(hex("00 00 FF FF 80 00 00 00"))).isEqualTo(CapacityData.UNKNOWN);
        assertThat(CapacityData.ofSixteen(hex("00 00 00 00 00 00 00 01 00 00 02"))).isEqualTo(CapacityData.UNKNOWN);
        assertThat(CapacityData.ofSixteen(hex("FF FF FF FF FF FF FF FF 00 00 02 00"))).isEqualTo(CapacityData.UNKNOWN);
        assertThat(CapacityData.ofSixteen(hex("7F FF FF FF FF FF FF FF 00 00 00 01"))).isEqualTo(CapacityData.UNKNOWN);
        assertThat(CapacityData.ofSixteen(hex("00 40 00 00 00 00 00 00 00 00 02 00"))).isEqualTo(CapacityData.UNKNOWN);
    }

    @Test
    void readsLunsOfOneLevelInTheDevicesOrder() {
        byte[] list = hex("00 00 00 30 00 00 00 00"
                + "0000000000000000" + "0009000000000000" + "0001000000000000"
                + "4001000000000000" + "4100000000000000" + "4101000000000000");
        assertThat(LogicalUnitList.read(list, 0x100, 255)).as("0 is known, 1 is doubled, 101h is too high")
                .containsExactly(0x0009_0000_0000_0000L, 0x0001_0000_0000_0000L, 0x4100_0000_0000_0000L);
    }

    @Test
    void passesOverLunsThatAreNotOfOneLevel() {
        byte[] list = hex("00 00 00 28 00 00 00 00" + "C101000000000000" + "0102000000000000" + "0003000100000000"
                + "8004000000000000" + "0005000000000001");
        assertThat(LogicalUnitList.read(list, 0x3FFF, 255)).isEmpty();
    }

    @Test
    void readsALunListThatLiesAboutItsLengthAsFarAsItGoes() {
        assertThat(LogicalUnitList.read(hex("FF FF FF FF 00 00 00 00 0001000000000000 0002"), 9, 255))
                .containsExactly(0x0001_0000_0000_0000L);
        assertThat(LogicalUnitList.read(hex("00 00 00 09 00 00 00 00 0001000000000000 0002000000000000"), 9, 255))
                .containsExactly(0x0001_0000_0000_0000L);
        assertThat(LogicalUnitList.read(hex("00 00 00 08 00 00 00"), 9, 255)).isEmpty();
        assertThat(LogicalUnitList.read(new byte[0], 9, 255)).isEmpty();
    }

    @Test
    void readsNoMoreLunsThanTheLimit() {
        byte[] list = hex("00 00 00 10 00 00 00 00 0001000000000000 0002000000000000");
        assertThat(LogicalUnitList.read(list, 9, 1)).containsExactly(0x0001_0000_0000_0000L);
    }

    private static Set<ParallelFeature> features(int byte7, int byte56) {
        byte[] bytes = new byte[57];
        bytes[7] = (byte) byte7;
        bytes[56] = (byte) byte56;
        return new InquiryData(bytes).features();
    }

    private static String hex(byte[] bytes) {
        return HEX.formatHex(bytes);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }
}
