package io.trilane.perf.tune;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What latency may be at most: `p99<500us`.
///
/// @param percentile in 0..100, exclusive of 0
/// @param limitNs    the value at that percentile is less than this
public record Objective(double percentile, long limitNs) {
    private static final Pattern TEXT = Pattern.compile("p([0-9]{1,3}(?:\\.[0-9]{1,4})?)<([0-9]{1,9}(?:\\.[0-9]{1,6})?)"
            + "(ns|us|ms|s)");

    public Objective {
        if (!(percentile > 0 && percentile <= 100)) {
            throw new IllegalArgumentException("percentile=" + percentile + " not in 0..100, choose one such as 99");
        }
        if (limitNs < 1) {
            throw new IllegalArgumentException("limitNs=" + limitNs + " < 1, choose a latency that can be had");
        }
    }

    /// Reads `p99<500us`: `p`, a percentile, `<`, a time in ns, us, ms or s. Spaces and case do not matter.
    public static Objective parse(String text) {
        Matcher matcher = TEXT.matcher(text.replace(" ", "").toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("slo=" + text
                    + " is not a latency objective, write a percentile < a time in ns, us, ms or s: p99<500us");
        }
        double percentile = Double.parseDouble(matcher.group(1));
        if (!(percentile > 0 && percentile <= 100)) {
            throw new IllegalArgumentException("slo=" + text + " percentile=" + matcher.group(1)
                    + " not in 0..100, choose one such as p99");
        }
        BigDecimal limitNs = new BigDecimal(matcher.group(2)).multiply(BigDecimal.valueOf(nanos(matcher.group(3))));
        if (limitNs.compareTo(BigDecimal.ONE) < 0) {
            throw new IllegalArgumentException("slo=" + text + " limit < 1ns, choose a latency that can be had");
        }
        return new Objective(percentile, limitNs.longValue());
    }

    private static long nanos(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us" -> 1_000;
            case "ms" -> 1_000_000;
            default -> 1_000_000_000;
        };
    }
}
