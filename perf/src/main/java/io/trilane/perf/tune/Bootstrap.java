package io.trilane.perf.tune;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/// Percentile bootstrap of medians, 95 % (Efron, 1979): the sample is drawn again with replacement, and the middle 95 % of
/// the medians of these draws are the interval. Fewer than [#LEAST_VALUES] values say nothing about their spread that way: the
/// interval is then their range. The same values and seed give the same interval. Stateless.
final class Bootstrap {
    /// With five, the interval is their range; it narrows from then on.
    static final int LEAST_VALUES = 5;

    private static final int DRAWS = 1000;
    private static final double TAIL = 0.025;

    private Bootstrap() {}

    /// Of one sample.
    static Interval median(List<Double> values, long seed) {
        double[] sample = array(values);
        if (sample.length < LEAST_VALUES) {
            return range(sample);
        }
        double[] drawn = new double[sample.length];
        return interval(median(sample.clone()), seed, random -> median(draw(sample, drawn, random)));
    }

    /// Of the median of `values` as a multiple of that of `others`, which were measured on their own. All are above 0.
    static Interval ratio(List<Double> values, List<Double> others, long seed) {
        double[] over = array(values);
        double[] under = array(others);
        double middle = median(over.clone()) / median(under.clone());
        if (over.length < LEAST_VALUES || under.length < LEAST_VALUES) {
            Interval top = range(over);
            Interval bottom = range(under);
            return new Interval(top.low() / bottom.high(), middle, top.high() / bottom.low());
        }
        double[] drawnOver = new double[over.length];
        double[] drawnUnder = new double[under.length];
        return interval(middle, seed,
                random -> median(draw(over, drawnOver, random)) / median(draw(under, drawnUnder, random)));
    }

    /// The middle value, or the mean of the two middle ones; sorts `values`.
    static double median(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("values=0 < 1, measure at least one round");
        }
        Arrays.sort(values);
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    private static Interval interval(double middle, long seed, ToDoubleFunction<SplittableRandom> statistic) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] medians = new double[DRAWS];
        for (int i = 0; i < DRAWS; i++) {
            medians[i] = statistic.applyAsDouble(random);
        }
        Arrays.sort(medians);
        int tail = (int) (DRAWS * TAIL);
        return new Interval(Math.min(medians[tail], middle), middle, Math.max(medians[DRAWS - 1 - tail], middle));
    }

    private static double[] draw(double[] sample, double[] into, SplittableRandom random) {
        for (int i = 0; i < into.length; i++) {
            into[i] = sample[random.nextInt(sample.length)];
        }
        return into;
    }

    private static Interval range(double[] values) {
        double middle = median(values);
        return new Interval(values[0], middle, values[values.length - 1]);
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
