package io.trilane.perf.report;

import java.util.Locale;

/// Numbers as people read them. Always with a decimal point, whatever the locale.
public final class Units {
    private static final double KILO = 1000;
    private static final double GIBI = 1 << 30;
    private static final double MEBI = 1 << 20;

    private Units() {}

    /// `1.42M`, `550k`, `980`.
    public static String count(double value) {
        if (value >= KILO * KILO) {
            return format("%.2fM", value / (KILO * KILO));
        }
        return value >= 10 * KILO ? format("%.0fk", value / KILO)
                : value >= KILO ? format("%.2fk", value / KILO) : format("%.0f", value);
    }

    /// `5.42 GiB/s`, or MiB/s where that says more.
    public static String rate(double bytesPerSecond) {
        return bytesPerSecond >= GIBI / 10 ? format("%.2f GiB/s", bytesPerSecond / GIBI)
                : format("%.2f MiB/s", bytesPerSecond / MEBI);
    }

    /// `950 ns`, `22.1 us`, `1.30 ms`, `2.00 s`.
    public static String time(double ns) {
        if (ns < KILO) {
            return format("%.0f ns", ns);
        }
        if (ns < KILO * KILO) {
            return format("%.1f us", ns / KILO);
        }
        return ns < KILO * KILO * KILO ? format("%.2f ms", ns / (KILO * KILO)) : format("%.2f s", ns / 1e9);
    }

    /// As [#time(double)].
    public static String time(long ns) {
        return time((double) ns);
    }

    static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
