package io.trilane.hba.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "512, 512", "4k, 4096", "4K, 4096", "1m, 1048576", "1G, 1073741824",
            "1t, 1099511627776", "2p, 2251799813685248", "007, 7", "9223372036854775807, 9223372036854775807"})
    void readsSizes(String text, long bytes) {
        assertThat(ByteSize.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "k", "4kb", "4kk", "-1", "+1", "1.5g", "0x10", "1 g", "g1", "\u0661"})
    void refusesWhatIsNoSize(String text) {
        assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(ImageException.class)
                .hasMessage("size=" + text + " is not a size, write 4096, 4k, 1m, 1g or 1t");
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775808", "8192p", "99999999999999999999t"})
    void refusesWhatIsTooLarge(String text) {
        assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(ImageException.class)
                .hasMessageContaining("> maxSize=");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "1000, 1000", "1024, 1k", "1536, 1536", "1048576, 1m", "3221225472, 3g",
            "1099511627776, 1t", "1152921504606846976, 1024p"})
    void writesTheShortestFormThatItCanRead(long bytes, String text) {
        assertThat(ByteSize.format(bytes)).isEqualTo(text);
        assertThat(ByteSize.parse(text)).isEqualTo(bytes);
    }
}
