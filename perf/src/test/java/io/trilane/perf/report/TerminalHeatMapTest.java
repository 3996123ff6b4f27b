package io.trilane.perf.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.trilane.perf.tune.TuneResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TerminalHeatMapTest {
    private static final String ESCAPES = "\u001b\\[[0-9;]*m";

    @ParameterizedTest
    @EnumSource(TerminalStyle.class)
    void isNoWiderThanAHundredColumns(TerminalStyle style) {
        for (TuneResult result : List.of(TuneSamples.rich(), TuneSamples.large(4, 14), TuneSamples.large(3, 60))) {
            assertThat(TerminalHeatMap.of(result, style).replaceAll(ESCAPES, "").lines()).allSatisfy(
                    line -> assertThat(line.length()).isLessThanOrEqualTo(TerminalHeatMap.MOST_COLUMNS));
        }
    }

    @ParameterizedTest
    @EnumSource(TerminalStyle.class)
    void marksTheRecommendationOnce(TerminalStyle style) {
        String map = TerminalHeatMap.of(TuneSamples.rich(), style).replaceAll(ESCAPES, "");
        List<String> rows = map.lines().skip(2).toList();
        assertThat(rows).hasSize(TuneSamples.SIZES.size() + 1);
        assertThat(rows.stream().filter(row -> row.contains("*"))).singleElement().asString().startsWith("  128 KiB")
                .contains("3.21*");
    }

    @Test
    void keepsTheRecommendedDepthWhenNotAllFit() {
        TuneResult large = TuneSamples.large(40, 60);
        assertThat(TerminalHeatMap.of(large, TerminalStyle.NUMBERS).lines().skip(1)).anyMatch(row -> row.contains("*"));
    }

    @Test
    void usesNoEscapesWithoutColorAndNoUnicodeInNumbers() {
        assertThat(TerminalHeatMap.of(TuneSamples.rich(), TerminalStyle.COLOR)).contains("\u001b[48;5;");
        assertThat(TerminalHeatMap.of(TuneSamples.rich(), TerminalStyle.SHADES)).doesNotContain("\u001b")
                .contains("█", "▓", "░");
        assertThat(TerminalHeatMap.of(TuneSamples.rich(), TerminalStyle.NUMBERS)).matches("[\\n -~]+");
    }

    @Test
    void isEmptyWhenNothingWasMeasured() {
        assertThat(TerminalHeatMap.of(TuneSamples.empty(), TerminalStyle.COLOR)).isEmpty();
    }

    @Test
    void colorsOnlyATerminalThatWantsThem() {
        Map<String, String> terminal = Map.of("TERM", "xterm-256color");
        assertThat(TerminalStyle.choose(true, terminal, StandardCharsets.UTF_8)).isEqualTo(TerminalStyle.COLOR);
        assertThat(TerminalStyle.choose(false, terminal, StandardCharsets.UTF_8)).isEqualTo(TerminalStyle.SHADES);
        assertThat(TerminalStyle.choose(true, Map.of("TERM", "xterm", "NO_COLOR", "1"), StandardCharsets.UTF_8))
                .isEqualTo(TerminalStyle.SHADES);
        assertThat(TerminalStyle.choose(true, Map.of("TERM", "xterm", "NO_COLOR", ""), StandardCharsets.UTF_8))
                .isEqualTo(TerminalStyle.COLOR);
        assertThat(TerminalStyle.choose(true, Map.of("TERM", "dumb"), StandardCharsets.UTF_8))
                .isEqualTo(TerminalStyle.SHADES);
        assertThat(TerminalStyle.choose(true, terminal, StandardCharsets.US_ASCII)).isEqualTo(TerminalStyle.NUMBERS);
    }

    @Test
    void sparklinesGoFromNothingToTheMost() {
        assertThat(Sparkline.of(List.of(0.0, 1.0, 2.0, 4.0), 10, TerminalStyle.SHADES)).isEqualTo("▁▃▅█");
        assertThat(Sparkline.of(List.of(0.0, 1.0, 2.0, 4.0), 10, TerminalStyle.NUMBERS)).isEqualTo("_:=#");
        assertThat(Sparkline.of(List.of(), 10, TerminalStyle.SHADES)).isEmpty();
        assertThat(Sparkline.of(List.of(0.0, 0.0), 10, TerminalStyle.SHADES)).isEqualTo("▁▁");
        assertThat(Sparkline.of(Arrays.asList(1.0, Double.NaN, 1.0), 10, TerminalStyle.SHADES)).isEqualTo("█ █");
        assertThat(Sparkline.of(Collections.nCopies(1000, 3.0), 20, TerminalStyle.SHADES)).hasSize(20);
        assertThatIllegalArgumentException().isThrownBy(() -> Sparkline.of(List.of(1.0), 0, TerminalStyle.SHADES))
                .withMessageContaining("characters=0 < 1");
    }
}
