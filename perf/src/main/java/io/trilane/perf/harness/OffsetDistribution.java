package io.trilane.perf.harness;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Pattern;

/// Which blocks of a region random requests prefer, fio's `--random_distribution`. Immutable.
///
/// @param parameter theta of ZIPF, h of PARETO, deviation of NORMAL in percent of the region; 0 for RANDOM
public record OffsetDistribution(Kind kind, double parameter) {
    /// The shape.
    public enum Kind {
        /// Every block alike.
        RANDOM,
        /// The block of rank k is asked for in proportion to `1 / k^theta`. Ranks are scattered over the region.
        ZIPF,
        /// A part `h` of the blocks gets a part `1 - h` of the requests, and so within that part again: 0.2 is 80/20.
        /// Ranks are scattered over the region.
        PARETO,
        /// A bell around the middle of the region, not scattered; what would fall outside is drawn again.
        NORMAL
    }

    public static final OffsetDistribution UNIFORM = new OffsetDistribution(Kind.RANDOM, 0);

    private static final double MAX_THETA = 100;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?|\\.\\d{1,9}");

    public OffsetDistribution {
        switch (kind) {
            case RANDOM -> require(kind, parameter, parameter == 0, "nothing behind it");
            case ZIPF -> require(kind, parameter, parameter > 0 && parameter <= MAX_THETA, "0 < THETA <= 100");
            case PARETO -> require(kind, parameter, parameter > 0 && parameter < 1, "0 < H < 1");
            case NORMAL -> require(kind, parameter, parameter > 0 && parameter <= 100, "0 < DEVIATION <= 100 percent");
        }
    }

    /// Reads `random`, `zipf:1.2`, `pareto:0.2`, `normal:10`. fio's zipf takes no 1.0, this one does.
    public static OffsetDistribution parse(String text) {
        int colon = text.indexOf(':');
        Kind kind = kind(text, colon < 0 ? text : text.substring(0, colon));
        if (kind == Kind.RANDOM && colon < 0) {
            return UNIFORM;
        }
        String number = colon < 0 ? "" : text.substring(colon + 1);
        if (kind == Kind.RANDOM || !NUMBER.matcher(number).matches()) {
            throw new IllegalArgumentException("random_distribution=" + text + " '" + number
                    + "' is not what belongs there, write random, zipf:1.2, pareto:0.2 or normal:10");
        }
        return new OffsetDistribution(kind, Double.parseDouble(number));
    }

    /// As [#parse] reads it.
    public String option() {
        String name = kind.name().toLowerCase(Locale.ROOT);
        return kind == Kind.RANDOM ? name : name + ":" + plain(parameter);
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value)
                : new BigDecimal(Double.toString(value)).toPlainString();
    }

    private static Kind kind(String text, String name) {
        return switch (name) {
            case "random" -> Kind.RANDOM;
            case "zipf" -> Kind.ZIPF;
            case "pareto" -> Kind.PARETO;
            case "normal" -> Kind.NORMAL;
            default -> throw new IllegalArgumentException("random_distribution=" + text
                    + " is unknown, choose random, zipf:THETA, pareto:H or normal:DEVIATION");
        };
    }

    private static void require(Kind kind, double parameter, boolean legal, String range) {
        if (!legal) {
            throw new IllegalArgumentException("random_distribution=" + kind.name().toLowerCase(Locale.ROOT) + ":"
                    + plain(parameter) + " is out of range, choose " + range);
        }
    }
}
