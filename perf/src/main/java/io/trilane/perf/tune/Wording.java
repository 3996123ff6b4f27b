package io.trilane.perf.tune;

import io.trilane.hba.image.ByteSize;
import java.util.Locale;

/// Numbers and cells as people read them: three digits, a decimal point in every locale. Stateless.
final class Wording {
    private static final double KILO = 1000;
    private static final double KIBI = 1024;

    private Wording() {}

    /// `11.2 GiB/s`.
    static String rate(double bytesPerSecond) {
        double mebi = bytesPerSecond / KIBI / KIBI;
        return mebi >= KIBI ? digits(mebi / KIBI) + " GiB/s" : digits(mebi) + " MiB/s";
    }

    /// `190 us`.
    static String time(double ns) {
        if (ns < KILO) {
            return format("%.0f ns", ns);
        }
        if (ns < KILO * KILO) {
            return digits(ns / KILO) + " us";
        }
        return ns < KILO * KILO * KILO ? digits(ns / KILO / KILO) + " ms" : digits(ns / 1e9) + " s";
    }

    /// As [#time(double)].
    static String time(long ns) {
        return time((double) ns);
    }

    /// `256 KiB`.
    static String size(long bytes) {
        String text = ByteSize.format(bytes);
        char unit = text.charAt(text.length() - 1);
        return Character.isDigit(unit) ? text + " B"
                : text.substring(0, text.length() - 1) + " " + Character.toUpperCase(unit) + "iB";
    }

    /// `256 KiB x 8`, with the bundle and jobs where they are a choice that was made.
    static String cell(Cell cell, TuneGoal goal) {
        StringBuilder text = new StringBuilder(size(cell.requestBytes())).append(" x ").append(cell.depth());
        if (goal.bundles().size() > 1) {
            text.append(", bundle ").append(cell.bundle());
        }
        if (goal.jobs().size() > 1) {
            text.append(cell.jobs() == 1 ? ", 1 job" : ", " + cell.jobs() + " jobs");
        }
        return text.toString();
    }

    /// `p99<500 us`.
    static String objective(Objective objective) {
        return percentile(objective.percentile()) + "<" + time(objective.limitNs());
    }

    /// `p99.9`.
    static String percentile(double percentile) {
        return percentile == Math.rint(percentile) ? format("p%.0f", percentile) : "p" + percentile;
    }

    /// A share as `12 %`, with a digit more where it is small.
    static String percent(double share) {
        return Math.abs(share) < 0.1 ? format("%.1f %%", share * 100) : format("%.0f %%", share * 100);
    }

    static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private static String digits(double value) {
        return format(value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
    }
}
