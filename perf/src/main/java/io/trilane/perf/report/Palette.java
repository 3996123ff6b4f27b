package io.trilane.perf.report;

import java.util.List;
import java.util.Locale;

/// Colours from dark blue to yellow, even in lightness and the same for people who cannot tell red from green: ten points
/// of the cividis map (Nunez, Anderton, Renslow 2018).
final class Palette {
    private static final List<Integer> POINTS = List.of(0x00224e, 0x123570, 0x3b496c, 0x575d6d, 0x707173, 0x8a8678,
            0xa59c74, 0xc3b369, 0xe1cc55, 0xfee838);
    private static final int BLACK = 0x000000;
    private static final int WHITE = 0xffffff;

    private Palette() {}

    /// @param part 0..1; outside, the nearer end
    static int color(double part) {
        double place = Math.clamp(part, 0, 1) * (POINTS.size() - 1);
        int index = (int) Math.min(place, POINTS.size() - 2.0);
        double share = place - index;
        int color = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int low = POINTS.get(index) >> shift & 0xff;
            int high = POINTS.get(index + 1) >> shift & 0xff;
            color |= (int) Math.round(low + share * (high - low)) << shift;
        }
        return color;
    }

    static String hex(int color) {
        return String.format(Locale.ROOT, "#%06x", color);
    }

    /// True when white text on it is easier to read than black text.
    static boolean isDark(int color) {
        return contrast(color, WHITE) > contrast(color, BLACK);
    }

    /// Contrast ratio of two colours, 1..21 (WCAG 2.2, 1.4.3).
    static double contrast(int one, int other) {
        double lighter = Math.max(luminance(one), luminance(other));
        double darker = Math.min(luminance(one), luminance(other));
        return (lighter + 0.05) / (darker + 0.05);
    }

    private static double luminance(int color) {
        return 0.2126 * linear(color >> 16 & 0xff) + 0.7152 * linear(color >> 8 & 0xff)
                + 0.0722 * linear(color & 0xff);
    }

    private static double linear(int channel) {
        double part = channel / 255.0;
        return part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4);
    }

    /// The nearest of the 6 x 6 x 6 colours of a terminal with 256 colours.
    static int terminal(int color) {
        int index = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int channel = color >> shift & 0xff;
            index = index * 6 + (channel < 48 ? 0 : channel < 115 ? 1 : (channel - 35) / 40);
        }
        return 16 + index;
    }
}
