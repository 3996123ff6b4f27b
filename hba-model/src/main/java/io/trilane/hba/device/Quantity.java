package io.trilane.hba.device;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;

/// Numbers with units, as models write them. `KB`, `MB`, `GB` are powers of 1000; `KiB`, `MiB`, `GiB` and the single
/// letters of sizes are powers of 1024.
enum Quantity {
    COUNT("a whole number, such as 4", Map.of("", 1L)),
    TIME("a time, such as 250ns, 1.5us, 4ms or 2s",
            Map.of("ns", 1L, "us", 1000L, "ms", 1_000_000L, "s", 1_000_000_000L)),
    SIZE("a size, such as 512, 64k, 1MiB or 2GB",
            Map.of("", 1L, "k", 1L << 10, "m", 1L << 20, "g", 1L << 30, "kib", 1L << 10, "mib", 1L << 20, "gib",
                    1L << 30,
                    "kb", 1000L, "mb", 1_000_000L, "gb", 1_000_000_000L)),
    RATE("a rate, such as 322.5MB/s or 3GiB/s",
            Map.of("kb/s", 1000L, "mb/s", 1_000_000L, "gb/s", 1_000_000_000L, "kib/s", 1L << 10, "mib/s", 1L << 20,
                    "gib/s", 1L << 30, "b/s", 1L));

    private final String example;
    private final Map<String, Long> units;

    Quantity(String example, Map<String, Long> units) {
        this.example = example;
        this.units = units;
    }

    /// The number in nanoseconds, bytes or bytes per second, rounded to a whole one; upper and lower case mean the same.
    long parse(String name, String text) {
        int split = 0;
        while (split < text.length() && (Character.isDigit(text.charAt(split)) || text.charAt(split) == '.')) {
            split++;
        }
        Long unit = units.get(text.substring(split).strip().toLowerCase(Locale.ROOT));
        boolean isBareZero = text.equals("0");
        try {
            if (unit == null && !isBareZero || this == COUNT && text.contains(".")) {
                throw new NumberFormatException();
            }
            BigDecimal number = new BigDecimal(text.substring(0, split));
            return number.multiply(BigDecimal.valueOf(unit == null ? 1 : unit)).setScale(0, RoundingMode.HALF_UP)
                    .longValueExact();
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException(name + "=" + text + " is not " + example, e);
        }
    }

    /// What [#parse] reads as the same number.
    String format(long value) {
        return switch (this) {
            case COUNT, SIZE -> Long.toString(value);
            case TIME -> value + "ns";
            case RATE -> value + "B/s";
        };
    }
}
