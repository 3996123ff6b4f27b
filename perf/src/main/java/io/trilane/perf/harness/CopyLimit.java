package io.trilane.perf.harness;

import java.util.Arrays;
import java.util.List;

/// The share of the copy limit that the engine reaches. The best contender is chosen once, by its median over all
/// rounds; then each round gives a ratio, contender time over engine time, and the median of these is the result.
///
/// @param contender        the one compared with
/// @param ratio            median of `ratios`: "x copy"
/// @param ratios           one per round
/// @param engineNsPerOp    one per round
/// @param contenders       all of them
/// @param place            where the contenders copied
public record CopyLimit(String contender, double ratio, List<Double> ratios, List<Double> engineNsPerOp,
        List<Contender> contenders, String place) {
    /// Fewer rounds give no median worth printing.
    public static final int MIN_ROUNDS = 5;

    /// One contender's rounds.
    public record Contender(String name, List<Double> nsPerOp) {
        public double medianNsPerOp() {
            return median(nsPerOp);
        }
    }

    /// @param engineNsPerOp one per round, at least one
    /// @param contenders    at least one, each with as many rounds
    public static CopyLimit of(List<Double> engineNsPerOp, List<Contender> contenders, String place) {
        Contender best = contenders.getFirst();
        for (Contender contender : contenders) {
            if (contender.nsPerOp.size() != engineNsPerOp.size()) {
                throw new IllegalArgumentException("rounds=" + contender.nsPerOp.size() + " of " + contender.name
                        + " != rounds=" + engineNsPerOp.size() + " of the engine, alternate them");
            }
            best = contender.medianNsPerOp() < best.medianNsPerOp() ? contender : best;
        }
        double[] ratios = new double[engineNsPerOp.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = best.nsPerOp.get(i) / engineNsPerOp.get(i);
        }
        List<Double> list = Arrays.stream(ratios).boxed().toList();
        return new CopyLimit(best.name, median(list), list, engineNsPerOp, contenders, place);
    }

    /// The middle value, or the mean of the two middle ones.
    public static double median(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("values=0 < 1, measure at least one round");
        }
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
