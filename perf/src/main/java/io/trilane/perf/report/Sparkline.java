package io.trilane.perf.report;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Numbers as a row of bars, one character each, from 0 to their maximum.
public final class Sparkline {
    private static final String BARS = "▁▂▃▄▅▆▇█";
    private static final String PLAIN = "_.:-=+*#";

    private Sparkline() {}

    /// @param most  characters; of more values, each character is the mean of its share
    /// @param style [TerminalStyle#NUMBERS] means ASCII
    public static String of(List<Double> values, int most, TerminalStyle style) {
        String bars = style == TerminalStyle.NUMBERS ? PLAIN : BARS;
        List<Double> shown = shown(values, most);
        double high = shown.stream().mapToDouble(value -> value).filter(Double::isFinite).max().orElse(0);
        return shown.stream().map(value -> bar(bars, value, high)).collect(Collectors.joining());
    }

    private static String bar(String bars, double value, double high) {
        if (!Double.isFinite(value)) {
            return " ";
        }
        double part = high <= 0 ? 0 : Math.clamp(value / high, 0, 1);
        return String.valueOf(bars.charAt((int) Math.min(bars.length() - 1.0, part * bars.length())));
    }

    private static List<Double> shown(List<Double> values, int most) {
        if (most < 1) {
            throw new IllegalArgumentException("characters=" + most + " < 1, choose at least 1");
        }
        int count = Math.min(values.size(), most);
        return IntStream.range(0, count)
                .mapToObj(i -> values.subList((int) ((long) i * values.size() / count),
                        (int) ((i + 1L) * values.size() / count)))
                .map(part -> part.stream().mapToDouble(value -> value).average().orElse(0)).toList();
    }
}
