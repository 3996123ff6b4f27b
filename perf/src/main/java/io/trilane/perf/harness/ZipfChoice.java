package io.trilane.perf.harness;

import java.util.SplittableRandom;

/// Draws ranks `0..count-1`, rank `k` in proportion to `1 / (k + 1)^theta`, exactly and without a table: rejection
/// inversion (Hörmann, Derflinger: Rejection-inversion to generate variates from monotone discrete distributions, 1996).
/// fio's own approximation needs the sum over all ranks first and cannot have theta = 1.
final class ZipfChoice implements BlockChoice {
    /// Below this the quotients are taken from their series: they would lose their digits.
    private static final double TINY = 1e-8;
    /// Behind this rank hat and curve differ by less than the rounding of what would tell them apart.
    private static final long LAST_CHECKED = 1 << 20;

    private final double theta;
    private final long count;
    private final SplittableRandom random;
    /// Ends of the area under the hat.
    private final double areaOfFirst;
    private final double areaOfAll;
    /// A point so little left of its rank is always under the curve.
    private final double squeeze;

    ZipfChoice(double theta, long count, SplittableRandom random) {
        this.theta = theta;
        this.count = count;
        this.random = random;
        this.areaOfFirst = area(1.5) - 1;
        this.areaOfAll = area(count + 0.5);
        this.squeeze = 2 - inverse(area(2.5) - weight(2));
    }

    @Override
    public long next() {
        while (true) {
            double area = areaOfAll + random.nextDouble() * (areaOfFirst - areaOfAll);
            double x = inverse(area);
            long rank = Math.clamp(Math.round(x), 1, count);
            if (rank > LAST_CHECKED || rank - x <= squeeze || area >= area(rank + 0.5) - weight((double) rank)) {
                return rank - 1;
            }
        }
    }

    private double weight(double x) {
        return Math.exp(-theta * Math.log(x));
    }

    /// Integral of [#weight] from 1 to x: `(x^(1-theta) - 1) / (1-theta)`, the logarithm for theta = 1.
    private double area(double x) {
        double log = Math.log(x);
        double power = (1 - theta) * log;
        return log * (Math.abs(power) < TINY ? 1 + power / 2 : Math.expm1(power) / power);
    }

    /// The x of an [#area].
    private double inverse(double area) {
        double power = Math.max(-1, area * (1 - theta));
        return Math.exp(area * (Math.abs(power) < TINY ? 1 - power / 2 : Math.log1p(power) / power));
    }
}
