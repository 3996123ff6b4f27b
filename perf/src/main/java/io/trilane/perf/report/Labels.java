package io.trilane.perf.report;

import io.trilane.perf.harness.RwMode;
import io.trilane.perf.tune.Cell;
import io.trilane.perf.tune.Objective;
import io.trilane.perf.tune.TuneGoal;
import java.util.Locale;

/// Short names of the things that a report shows.
final class Labels {
    private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    private static final double KIBI = 1024;

    private Labels() {}

    /// `256 KiB`, `1.5 MiB`, `300 B`: at most three digits after the point, none that is 0.
    static String bytes(double bytes) {
        int unit = 0;
        double value = bytes;
        while (value >= KIBI && unit < BINARY.length - 1) {
            value /= KIBI;
            unit++;
        }
        return number(value) + " " + BINARY[unit];
    }

    /// As [#bytes(double)].
    static String bytes(long bytes) {
        return bytes((double) bytes);
    }

    /// For an axis: `2 GiB/s`.
    static String rate(double bytesPerSecond) {
        return bytes(bytesPerSecond) + "/s";
    }

    /// With enough digits to compare: `124.3 MiB/s`, `3.214 GiB/s`.
    static String exactRate(double bytesPerSecond) {
        return bytesPerSecond < 1 << 30 ? String.format(Locale.ROOT, "%.1f MiB/s", bytesPerSecond / (1 << 20))
                : String.format(Locale.ROOT, "%.3f GiB/s", bytesPerSecond / (1 << 30));
    }

    /// For an axis: `500 us`, `2 ms`.
    static String time(double ns) {
        return ns < 1e3 ? number(ns) + " ns"
                : ns < 1e6 ? number(ns / 1e3) + " us" : ns < 1e9 ? number(ns / 1e6) + " ms" : number(ns / 1e9) + " s";
    }

    /// `256 KiB x 8`, with jobs where there are several.
    static String cell(Cell cell) {
        String text = bytes(cell.requestBytes()) + " x " + cell.depth();
        return cell.jobs() == 1 ? text : text + " x " + cell.jobs() + " jobs";
    }

    /// `256 KiB x 8, bundle 8, 1 job`.
    static String fullCell(Cell cell) {
        return bytes(cell.requestBytes()) + " x " + cell.depth() + ", bundle " + cell.bundle() + ", " + cell.jobs()
                + (cell.jobs() == 1 ? " job" : " jobs");
    }

    /// `p99 < 500 us`.
    static String objective(Objective objective) {
        return percentile(objective.percentile()) + " < " + time((double) objective.limitNs());
    }

    /// `p99.9`.
    static String percentile(double percentile) {
        return "p" + number(percentile);
    }

    /// `randread`, `randrw with 70% reads`.
    static String requests(TuneGoal goal) {
        RwMode mode = goal.mode();
        return mode.mixed() ? mode.option() + " with " + goal.rwMixRead() + "% reads" : mode.option();
    }

    /// Four places at most: `0.12`, `1.23`, `12.3`, `1234`.
    static String three(double value) {
        return String.format(Locale.ROOT, value < 9.995 ? "%.2f" : value < 99.95 ? "%.1f" : "%.0f", value);
    }

    /// Up to three digits after the point, without zeros at the end.
    static String number(double value) {
        String text = String.format(Locale.ROOT, "%.3f", value);
        return text.replaceAll("\\.?0+$", "");
    }
}
