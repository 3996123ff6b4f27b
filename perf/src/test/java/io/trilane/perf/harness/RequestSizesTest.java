package io.trilane.perf.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestSizesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "4k/60:64k/40 | 4k/60:64k/40",
            "4k/60:64k/ | 4k/60:64k/40",
            "4k/60:64k | 4k/60:64k/40",
            "512:4k:64k | 512/33:4k/33:64k/34",
            "4k:64k/30:1m/ | 4k/35:64k/30:1m/35",
            "4k | 4k",
            "4k/100 | 4k",
            "4K/99:8192/1 | 4k/99:8k/1"})
    void readsSharesAsFioDoes(String text, String shares) {
        assertThat(RequestSizes.parse(text).option()).isEqualTo(shares);
        assertThat(RequestSizes.parse(shares)).isEqualTo(RequestSizes.parse(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "4k/60:64k/30 | add up to 90 != 100",
            "4k/60:64k/50 | add up to 110 != 100",
            "4k/60:64k/40:1m | leaves 0 % for 1 lengths without a percentage",
            "4k/90:64k/40:1m | leaves 0 % for 1 lengths",
            "4k/50:4k/50 | names 4k twice",
            "4k/0:8k/100 | bssplit=4k/0 not in 1..100 percent",
            "4k/101 | not in 1..100 percent",
            "4k/-1:8k | is not a percentage",
            "4k/1/2 | is not a percentage",
            "4k/99999999999 | is not a percentage",
            "'' | is not a size",
            "4k/50: | is not a size",
            ":4k | is not a size",
            "4q/50:8k/50 | is not a size",
            "4k/50,8k/50 | is not a percentage",
            "32m/50:4k/50 | bs=33554432 not in 1..16777216",
            "0/50:4k/50 | bs=0 not in 1.."})
    void refusesWhatItCannotRead(String text, String reason) {
        assertThatIllegalArgumentException().isThrownBy(() -> RequestSizes.parse(text)).withMessageContaining(reason);
    }

    @Test
    void refusesMoreLengthsThanARequestCanName() {
        String sixteen = String.join(":", IntStream.rangeClosed(1, 16).mapToObj(i -> i * 512 + "").toList());
        assertThat(RequestSizes.parse(sixteen).count()).isEqualTo(Request.MAX_SIZES);
        assertThatIllegalArgumentException().isThrownBy(() -> RequestSizes.parse(sixteen + ":1m"))
                .withMessageContaining("17 lengths, not in 1..16");
    }

    @Test
    void knowsItsExtremesAndItsMean() {
        RequestSizes sizes = RequestSizes.parse("4k/60:1m/10:64k/30");
        assertThat(sizes.longest()).isEqualTo(1 << 20);
        assertThat(sizes.shortest()).isEqualTo(4096);
        assertThat(sizes.bytes(2)).isEqualTo(64 << 10);
        assertThat(sizes.mean()).isEqualTo(0.6 * 4096 + 0.1 * (1 << 20) + 0.3 * 65536, within(1e-6));
        assertThat(IntStream.range(0, 100).filter(percent -> sizes.index(percent) == 0).count()).isEqualTo(60);
        assertThat(IntStream.range(0, 100).filter(percent -> sizes.index(percent) == 1).count()).isEqualTo(10);
        assertThat(sizes.index(99)).isEqualTo(2);
    }
}
