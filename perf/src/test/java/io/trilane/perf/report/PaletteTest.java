package io.trilane.perf.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PaletteTest {
    private static final Pattern LINE_COLOR = Pattern.compile("\\.plot \\.s(\\d)\\{stroke:#([0-9a-f]{6})\\}");

    /// WCAG 2.2, 1.4.3: 4.5 for text.
    @Test
    void textOnEveryColorCanBeRead() {
        for (int i = -10; i <= 1010; i++) {
            int color = Palette.color(i / 1000.0);
            assertThat(Palette.contrast(color, Palette.isDark(color) ? 0xffffff : 0)).isGreaterThanOrEqualTo(4.5);
        }
    }

    @Test
    void growsLighterAllTheWay() {
        double before = 0;
        for (int i = 0; i <= 100; i++) {
            double lightness = Palette.contrast(Palette.color(i / 100.0), 0);
            assertThat(lightness).isGreaterThan(before);
            before = lightness;
        }
        assertThat(Palette.hex(Palette.color(0))).isEqualTo("#00224e");
        assertThat(Palette.hex(Palette.color(1))).isEqualTo("#fee838");
    }

    /// WCAG 2.2, 1.4.11: 3 for shapes. Those of the day come first.
    @Test
    void linesStandOutFromTheirGround() {
        Matcher matcher = LINE_COLOR.matcher(PlotStyle.CSS);
        for (int ground : List.of(0xffffff, 0x181a1d)) {
            for (int i = 0; i < PlotStyle.LINE_STYLES; i++) {
                assertThat(matcher.find()).isTrue();
                assertThat(matcher.group(1)).isEqualTo(Integer.toString(i));
                assertThat(Palette.contrast(Integer.parseInt(matcher.group(2), 16), ground)).as(matcher.group())
                        .isGreaterThanOrEqualTo(3);
            }
        }
    }

    @Test
    void contrastIsAsTheGuidelineComputesIt() {
        assertThat(Palette.contrast(0, 0xffffff)).isCloseTo(21, within(1e-9));
        assertThat(Palette.contrast(0x777777, 0xffffff)).isCloseTo(4.48, within(0.01));
    }

    @Test
    void terminalsGetTheNearestOfTheirColors() {
        assertThat(Palette.terminal(0x000000)).isEqualTo(16);
        assertThat(Palette.terminal(0xffffff)).isEqualTo(231);
        assertThat(Palette.terminal(0xff0000)).isEqualTo(196);
        assertThat(Palette.terminal(0x5f87af)).isEqualTo(16 + 36 + 2 * 6 + 3);
    }
}
