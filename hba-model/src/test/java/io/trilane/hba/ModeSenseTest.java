package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// MODE SENSE (SPC-5 6.13, 6.14, 7.5; SBC-4 6.5): expected bytes are worked out by hand.
class ModeSenseTest {
    private static final String CACHING = "08 12 04 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00";
    private static final String CONTROL = "0A 0A 02 00 00 00 00 00 00 00 00 00";
    private static final String SHORT_BLOCKS = "00 00 00 80 00 00 02 00";

    private final Bench bench = Bench.standard();

    @AfterEach
    void close() {
        bench.close();
    }

    @ParameterizedTest
    @CsvSource({
            "1A 00 08 00 FF 00, 1F 00 10 08 " + SHORT_BLOCKS + " " + CACHING,
            "1A 08 08 00 FF 00, 17 00 10 00 " + CACHING,
            "1A 08 0A 00 FF 00, 0F 00 10 00 " + CONTROL,
            "1A 08 3F 00 FF 00, 23 00 10 00 " + CACHING + " " + CONTROL,
            "1A 08 3F FF FF 00, 23 00 10 00 " + CACHING + " " + CONTROL,
            "1A 08 0A FF FF 00, 0F 00 10 00 " + CONTROL,
            "1A 08 8A 00 FF 00, 0F 00 10 00 " + CONTROL,
            "1A 08 4A 00 FF 00, 0F 00 10 00 0A 0A 04 00 08 00 00 00 00 00 00 00",
            "1A 08 48 00 FF 00, 17 00 10 00 08 12 04 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00",
            "1A 08 88 00 FF 00, 17 00 10 00 " + CACHING,
            "5A 00 08 00 00 00 00 00 FF 00, 00 22 00 10 00 00 00 08 " + SHORT_BLOCKS + " " + CACHING,
            "5A 08 0A 00 00 00 00 00 FF 00, 00 12 00 10 00 00 00 00 " + CONTROL,
            "5A 18 0A 00 00 00 00 00 FF 00, 00 12 00 10 00 00 00 00 " + CONTROL,
            "5A 10 0A 00 00 00 00 00 FF 00, 00 22 00 10 01 00 00 10 00 00 00 00 00 00 00 80 00 00 00 00 00 00 02 00 "
                    + CONTROL,
    })
    void answersPages(String cdb, String expected) {
        assertThat(bench.in(cdb, 255).dataHex()).isEqualTo(expected);
    }

    @Test
    void truncatesAtEveryAllocationLength() {
        byte[] six = bench.in("1A 00 3F 00 FF 00", 255).data();
        byte[] ten = bench.in("5A 00 3F 00 00 00 00 00 FF 00", 255).data();
        for (int length = 0; length <= 64; length++) {
            assertThat(bench.in("1A 00 3F 00 %02X 00".formatted(length), 255).data())
                    .isEqualTo(Arrays.copyOf(six, Math.min(length, six.length)));
            assertThat(bench.in("5A 00 3F 00 00 00 00 00 %02X 00".formatted(length), 255).data())
                    .isEqualTo(Arrays.copyOf(ten, Math.min(length, ten.length)));
        }
    }

    @Test
    void showsWriteProtection() {
        try (Bench readOnly = Bench.of(new TestImage(512, 128, true), Bench.config())) {
            assertThat(readOnly.in("1A 08 0A 00 04 00", 4).dataHex()).isEqualTo("0F 00 90 00");
        }
    }

    @Test
    void showsThatManyBlocksDoNotFit() {
        try (Bench huge = Bench.of(new TestImage(4096, 1L << 32, false), Bench.config())) {
            assertThat(huge.in("1A 00 0A 00 0C 00", 12).dataHex()).endsWith("FF FF FF FF 00 00 10 00");
            assertThat(huge.in("5A 10 0A 00 00 00 00 00 18 00", 24).dataHex())
                    .endsWith("00 00 00 01 00 00 00 00 00 00 00 00 00 00 10 00");
        }
    }

    @Test
    void showsDescriptorFormatSense() {
        try (Bench descriptors = Bench.descriptorSense()) {
            assertThat(descriptors.in("1A 08 0A 00 FF 00", 255).dataHex()).startsWith("0F 00 10 00 0A 0A 06");
        }
    }

    @ParameterizedTest
    @CsvSource({"1A 00 C8 00 FF 00, 5/39/00, ''", "1A 00 01 00 FF 00, 5/24/00, 2.5", "1A 00 08 01 FF 00, 5/24/00, 3",
            "5A 00 3F 02 00 00 00 00 FF 00, 5/24/00, 3"})
    void refusesWhatItDoesNotHave(String cdb, String error, String pointer) {
        Reply reply = bench.in(cdb, 255);
        assertThat(reply.error()).isEqualTo(error);
        assertThat(reply.fieldPointer()).isEqualTo(pointer);
    }
}
