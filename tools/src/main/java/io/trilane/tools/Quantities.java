package io.trilane.tools;

import io.trilane.hba.image.ByteSize;
import io.trilane.hba.image.ImageException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Sizes and times as fio takes them, with the name of the option in every refusal. Stateless.
final class Quantities {
    private static final Pattern TIME = Pattern.compile("(\\d{1,15})(us|ms|s|m|h|d)?");
    private static final Map<String, Long> UNIT_NS = Map.of("us", 1_000L, "ms", 1_000_000L, "s", 1_000_000_000L,
            "m", 60_000_000_000L, "h", 3_600_000_000_000L, "d", 86_400_000_000_000L);

    private Quantities() {}

    /// `4096`, `4k`, `1m`: bytes.
    static long size(String option, String text) {
        try {
            return ByteSize.parse(text);
        } catch (ImageException e) {
            throw new IllegalArgumentException(option + "=" + text + " is not a size, write 4096, 4k, 1m, 1g or 1t", e);
        }
    }

    /// As [#size], but at least one byte.
    static long positiveSize(String option, String text) {
        long size = size(option, text);
        if (size == 0) {
            throw new IllegalArgumentException(option + "=0 < 1, choose a positive size");
        }
        return size;
    }

    /// `5`, `500ms`, `2m`: nanoseconds; without a unit, seconds.
    static long timeNs(String option, String text) {
        Matcher matcher = TIME.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(option + "=" + text + " is not a time, write 5, 500ms, 2m or 1h");
        }
        String unit = matcher.group(2) == null ? "s" : matcher.group(2);
        try {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), UNIT_NS.getOrDefault(unit, 1L));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(option + "=" + text + " > 292 years, choose a shorter time", e);
        }
    }
}
