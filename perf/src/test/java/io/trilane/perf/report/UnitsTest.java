package io.trilane.perf.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnitsTest {
    @Test
    void numbersReadAsPeopleSayThem() {
        assertThat(Units.count(1_420_000)).isEqualTo("1.42M");
        assertThat(Units.count(550_000)).isEqualTo("550k");
        assertThat(Units.count(1234)).isEqualTo("1.23k");
        assertThat(Units.count(980)).isEqualTo("980");
        assertThat(Units.rate(5.42 * (1 << 30))).isEqualTo("5.42 GiB/s");
        assertThat(Units.rate(20 * (1 << 20))).isEqualTo("20.00 MiB/s");
        assertThat(Units.time(950)).isEqualTo("950 ns");
        assertThat(Units.time(22_100)).isEqualTo("22.1 us");
        assertThat(Units.time(1_300_000)).isEqualTo("1.30 ms");
        assertThat(Units.time(2_000_000_000L)).isEqualTo("2.00 s");
    }
}
