package io.trilane.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantitiesTest {
    @ParameterizedTest
    @CsvSource({"5,5000000000", "500ms,500000000", "10us,10000", "2m,120000000000", "1h,3600000000000", "3s,3000000000",
            "0,0"})
    void readsTimes(String text, long expectedNs) {
        assertThat(Quantities.timeNs("runtime", text)).isEqualTo(expectedNs);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5", "five", "5 s", "s", "999999999999999d"})
    void refusesOtherTimes(String text) {
        assertThatThrownBy(() -> Quantities.timeNs("runtime", text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("runtime=" + text);
    }

    @Test
    void readsSizes() {
        assertThat(Quantities.size("bs", "4k")).isEqualTo(4096);
        assertThat(Quantities.size("bs", "1G")).isEqualTo(1L << 30);
        assertThatThrownBy(() -> Quantities.positiveSize("bs", "0")).hasMessage("bs=0 < 1, choose a positive size");
    }
}
