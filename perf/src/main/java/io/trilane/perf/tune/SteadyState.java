package io.trilane.perf.tune;

import java.util.List;

/// Whether a disk has settled, after the SNIA Solid State Storage Performance Test Specification (version 2.0.2, definition of
/// "steady state"): within a window of five rounds, (a) the largest less the smallest value is at most 20 % of the average, and
/// (b) the straight line of least squares through them rises or falls by at most 10 % of the average from one end of the window
/// to the other. The window is the last five rounds. Stricter than SNIA, (b) has to hold for all rounds together too: the median
/// is taken from all of them, and a disk that creeps passes in each short window. Stateless.
final class SteadyState {
    /// Rounds that are looked at; fewer cannot pass.
    static final int WINDOW = 5;
    static final double MOST_RANGE = 0.20;
    static final double MOST_SLOPE = 0.10;

    private SteadyState() {}

    /// @param rounds in the order in which they were measured
    static boolean isSteady(List<Double> rounds) {
        if (rounds.size() < WINDOW) {
            return false;
        }
        List<Double> window = rounds.subList(rounds.size() - WINDOW, rounds.size());
        double most = window.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        double least = window.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
        double average = average(window);
        return average > 0 && most - least <= MOST_RANGE * average && isLevel(window) && isLevel(rounds);
    }

    private static boolean isLevel(List<Double> rounds) {
        double average = average(rounds);
        return Math.abs(slope(rounds, average)) * (rounds.size() - 1) <= MOST_SLOPE * average;
    }

    private static double average(List<Double> rounds) {
        return rounds.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    /// Per round, of the line of least squares.
    private static double slope(List<Double> window, double average) {
        double middle = (window.size() - 1) / 2.0;
        double products = 0;
        double squares = 0;
        for (int i = 0; i < window.size(); i++) {
            products += (i - middle) * (window.get(i) - average);
            squares += (i - middle) * (i - middle);
        }
        return products / squares;
    }
}
