package io.trilane.perf.report;

import java.util.ArrayList;
import java.util.List;

/// Turns values into places on an axis. Immutable.
///
/// @param low  value at `from`
/// @param high value at `to`
/// @param from place, in the picture's units; may be more than `to`
record Scale(boolean isLog, double low, double high, double from, double to) {
    Scale {
        if (!(low < high) || isLog && low <= 0 || !Double.isFinite(low) || !Double.isFinite(high)) {
            throw new IllegalArgumentException("low=" + low + " high=" + high + " log=" + isLog
                    + " is no range, choose low < high, above 0 on a log scale");
        }
    }

    /// From 0 to a tick that is not less than `most`, in steps of a power of two, for bytes.
    static Scale bytes(double most, int wantedTicks, double from, double to) {
        double step = binaryStep(most, wantedTicks);
        return new Scale(false, 0, Math.max(1, Math.ceil(most / step)) * step, from, to);
    }

    /// From 0 to `most`.
    static Scale linear(double most, double from, double to) {
        return new Scale(false, 0, most > 0 ? most : 1, from, to);
    }

    /// Around all values from `least` to `most`, at least a factor of 2; values below 1 count as 1.
    static Scale log(double least, double most, double from, double to) {
        double low = niceBelow(Math.max(1, least));
        double high = niceAbove(Math.max(low * 2, most));
        return new Scale(true, low, high, from, to);
    }

    /// Where a value is; outside of the range, the nearer end.
    double at(double value) {
        double bound = Math.clamp(value, low, high);
        double part = isLog ? Math.log(bound / low) / Math.log(high / low) : (bound - low) / (high - low);
        return from + part * (to - from);
    }

    /// Steps of a power of two, from `low` to `high`; linear only.
    List<Double> binaryTicks(int wanted) {
        double step = binaryStep(high, wanted);
        List<Double> ticks = new ArrayList<>();
        for (double tick = 0; tick <= high * 1.0001; tick += step) {
            ticks.add(tick);
        }
        return ticks;
    }

    /// Steps of 1, 2 or 5 times a power of ten; linear only.
    List<Double> decimalTicks(int wanted) {
        double raw = high / wanted;
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double step = raw <= power ? power : raw <= 2 * power ? 2 * power : raw <= 5 * power ? 5 * power : 10 * power;
        List<Double> ticks = new ArrayList<>();
        for (int i = 0; i * step <= high * 1.0001; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /// Powers of ten, and 2 and 5 times these where there are few decades; log only.
    List<Double> logTicks() {
        double decades = Math.log10(high / low);
        double[] steps = decades > 3 ? new double[]{1} : new double[]{1, 2, 5};
        List<Double> ticks = new ArrayList<>();
        for (int exponent = (int) Math.floor(Math.log10(low)); exponent <= Math.ceil(Math.log10(high)); exponent++) {
            for (double step : steps) {
                double tick = step * Math.pow(10, exponent);
                if (tick >= low * 0.9999 && tick <= high * 1.0001) {
                    ticks.add(tick);
                }
            }
        }
        return ticks;
    }

    private static double binaryStep(double most, int wanted) {
        double step = 1;
        while (step * wanted < most) {
            step *= 2;
        }
        return step;
    }

    private static double niceBelow(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(value)));
        return value >= 5 * power ? 5 * power : value >= 2 * power ? 2 * power : power;
    }

    private static double niceAbove(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(value)));
        return value <= power ? power : value <= 2 * power ? 2 * power : value <= 5 * power ? 5 * power : 10 * power;
    }
}
