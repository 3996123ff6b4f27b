package io.trilane.hba.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// Sense data (SPC-5 4.4): expected bytes are worked out by hand.
class SenseDataTest {
    private final SenseData sense = new SenseData();

    @Test
    void fixedFormatWithoutDetails() {
        assertThat(fixed(sense.begin(0x6, 0x29, 0x03)))
                .isEqualTo("70 00 06 00 00 00 00 0a 00 00 00 00 29 03 00 00 00 00");
    }

    @Test
    void fixedFormatWithInformationOf32Bits() {
        assertThat(fixed(sense.begin(0x5, 0x21, 0x00).information(0xFFFF_FFFFL)))
                .isEqualTo("f0 00 05 ff ff ff ff 0a 00 00 00 00 21 00 00 00 00 00");
    }

    @Test
    void fixedFormatCannotSayMoreThan32Bits() {
        assertThat(fixed(sense.begin(0x5, 0x21, 0x00).information(0x1_0000_0000L)))
                .isEqualTo("70 00 05 00 00 00 00 0a 00 00 00 00 21 00 00 00 00 00");
    }

    @Test
    void fixedFormatWithFieldPointer() {
        int pointer = 0x0102 | 5 << SenseData.BIT_SHIFT | SenseData.BIT_VALID;
        assertThat(fixed(sense.begin(0x5, 0x24, 0x00).fieldPointer(pointer))).endsWith("24 00 00 cd 01 02");
        assertThat(fixed(sense.begin(0x5, 0x24, 0x00).fieldPointer(3))).endsWith("24 00 00 c0 00 03");
        assertThat(fixed(sense.begin(0x5, 0x26, 0x00).fieldPointer(3 | SenseData.IN_PARAMETER_LIST)))
                .endsWith("26 00 00 80 00 03");
    }

    @Test
    void descriptorFormatWithEveryDetail() {
        assertThat(descriptors(sense.begin(0x5, 0x24, 0x01).information(0x0102_0304_0506_0708L).fieldPointer(9)))
                .isEqualTo("72 05 24 01 00 00 00 14 00 0a 80 00 01 02 03 04 05 06 07 08 02 06 00 00 c0 00 09 00");
    }

    @Test
    void deferredErrors() {
        assertThat(fixed(sense.begin(0x3, 0x0C, 0x00).deferred())).startsWith("71 00 03");
        assertThat(descriptors(sense.begin(0x3, 0x0C, 0x00).deferred())).isEqualTo("73 03 0c 00 00 00 00 00");
    }

    @Test
    void beginForgetsEarlierDetails() {
        sense.begin(0x5, 0x24, 0x00).deferred().information(1).fieldPointer(1);
        assertThat(descriptors(sense.begin(0x5, 0x20, 0x00))).isEqualTo("72 05 20 00 00 00 00 00");
    }

    private static String fixed(SenseData sense) {
        return write(sense, false);
    }

    private static String descriptors(SenseData sense) {
        return write(sense, true);
    }

    private static String write(SenseData sense, boolean descriptorFormat) {
        byte[] bytes = new byte[64];
        Arrays.fill(bytes, (byte) 0xEE);
        MemorySegment memory = MemorySegment.ofArray(bytes);
        int length = sense.writeTo(memory, 4, descriptorFormat);
        return HexFormat.ofDelimiter(" ").formatHex(memory.asSlice(4, length).toArray(ValueLayout.JAVA_BYTE));
    }
}
