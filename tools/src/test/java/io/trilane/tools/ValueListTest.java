package io.trilane.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueListTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "4k | 4096",
            "4k,64k,1m | 4096 65536 1048576",
            "64k, 4k ,64k | 4096 65536",
            "4k..32k | 4096 8192 16384 32768",
            "4k..4k | 4096",
            "4k..20k | 4096 8192 16384 20480",
            "3k..12k,1m,4k | 3072 4096 6144 12288 1048576"})
    void readsSizesAscendingAndEachOnce(String text, String sizes) {
        assertThat(ValueList.sizes("bs", text).stream().map(String::valueOf).collect(Collectors.joining(" ")))
                .isEqualTo(sizes);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "1 | 1",
            "32,1,8,1 | 1 8 32",
            "1..64 | 1 2 4 8 16 32 64",
            "1..6 | 1 2 4 6",
            "3 .. 24 | 3 6 12 24",
            "1..4,100 | 1 2 4 100"})
    void readsCounts(String text, String counts) {
        assertThat(ValueList.counts("iodepth", text).stream().map(String::valueOf).collect(Collectors.joining(" ")))
                .isEqualTo(counts);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "'' | bs= is not a size",
            "'4k,,64k' | bs= is not a size",
            "'4k,' | bs= is not a size",
            "4q | bs=4q is not a size, write 4096, 4k",
            "0 | bs=0 < 1, choose a positive size",
            "-4k | bs=-4k is not a size",
            "4k.. | bs= is not a size",
            "..4k | bs= is not a size",
            "4k..8k..16k | bs=8k..16k is not a size",
            "64k..4k | bs=64k..4k begins above its end, write it the other way round"})
    void refusesWhatIsNoListOfSizes(String text, String sentence) {
        assertThatThrownBy(() -> ValueList.sizes("bs", text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(sentence);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "'' | iodepth= is not a positive number, write a list such as 1,8,32 or 1..64",
            "0 | iodepth=0 is not a positive number",
            "1,000 | iodepth=000 is not a positive number",
            "-1 | iodepth=-1 is not a positive number",
            "1k | iodepth=1k is not a positive number",
            "1000000 | iodepth=1000000 is not a positive number",
            "8..1 | iodepth=8..1 begins above its end",
            "1..x | iodepth=x is not a positive number"})
    void refusesWhatIsNoListOfCounts(String text, String sentence) {
        assertThatThrownBy(() -> ValueList.counts("iodepth", text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(sentence);
    }

    @Test
    void refusesMoreValuesThanASearchCanMeasure() {
        StringBuilder many = new StringBuilder("1");
        for (int i = 2; i <= 65; i++) {
            many.append(',').append(i);
        }
        assertThatThrownBy(() -> ValueList.counts("iodepth", many.toString()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("values=65 > 64, name fewer");
        assertThat(ValueList.counts("iodepth", many.substring(0, many.length() - 3))).hasSize(64);
    }

    @Test
    void aRangeEndsAtTheLargestSizeThereIs() {
        assertThat(ValueList.sizes("bs", "1..4611686018427387904")).hasSize(63);
    }
}
