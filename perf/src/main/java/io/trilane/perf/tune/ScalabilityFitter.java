package io.trilane.perf.tune;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Fits the universal scalability law (Gunther, 2007) by least squares of its linear form,
/// `n / rate = (1 + sigma (n - 1) + kappa n (n - 1)) / lambda`, each point weighted so that relative residuals count. Where a
/// coefficient would be less than 0 it is 0, and the best of the remaining fits is taken. Stateless.
final class ScalabilityFitter {
    /// Three unknowns and one point to contradict them.
    static final int LEAST_POINTS = 4;

    private static final int UNKNOWNS = 3;
    private static final double SINGULAR = 1e-12;
    /// Which of contention and coherency are there; that of one request always is.
    private static final List<boolean[]> CHOICES = List.of(new boolean[]{true, true, true},
            new boolean[]{true, true, false}, new boolean[]{true, false, true}, new boolean[]{true, false, false});

    private ScalabilityFitter() {}

    /// @param curve cells of one size, bundle and number of jobs
    /// @return empty for fewer than four different numbers of requests in flight
    static Optional<ScalabilityFit> fit(List<CellResult> curve) {
        List<CellResult> cells = curve.stream().filter(cell -> cell.iops().median() > 0).toList();
        long different = cells.stream().mapToInt(cell -> cell.cell().concurrency()).distinct().count();
        if (different < LEAST_POINTS) {
            return Optional.empty();
        }
        double[] inFlight = cells.stream().mapToDouble(cell -> cell.cell().concurrency()).toArray();
        double[] rates = cells.stream().mapToDouble(cell -> cell.iops().median()).toArray();
        double[] best = null;
        double least = Double.MAX_VALUE;
        for (boolean[] choice : CHOICES) {
            double[] fitted = solve(inFlight, rates, choice);
            double error = fitted == null ? Double.MAX_VALUE : linearError(inFlight, rates, fitted);
            if (error < least) {
                least = error;
                best = fitted;
            }
        }
        return best == null ? Optional.empty() : Optional.of(result(cells.getLast().cell(), inFlight, rates, best));
    }

    private static ScalabilityFit result(Cell cell, double[] inFlight, double[] rates, double[] fitted) {
        double lambda = 1 / fitted[0];
        double sigma = fitted[1] * lambda;
        double kappa = fitted[2] * lambda;
        double squares = 0;
        for (int i = 0; i < rates.length; i++) {
            double predicted = inFlight[i] / value(fitted, inFlight[i]);
            squares += Math.pow((predicted - rates[i]) / rates[i], 2);
        }
        double peak = kappa > 0 && sigma < 1 ? Math.sqrt((1 - sigma) / kappa) : 0;
        return new ScalabilityFit(cell, lambda, sigma, kappa, Math.sqrt(squares / rates.length), peak, rates.length);
    }

    private static double linearError(double[] inFlight, double[] rates, double[] fitted) {
        double squares = 0;
        for (int i = 0; i < rates.length; i++) {
            squares += Math.pow(value(fitted, inFlight[i]) * rates[i] / inFlight[i] - 1, 2);
        }
        return squares;
    }

    private static double value(double[] fitted, double n) {
        return fitted[0] + fitted[1] * (n - 1) + fitted[2] * n * (n - 1);
    }

    /// Coefficients of the linear form, none of them negative; null when there are no such.
    private static double @Nullable [] solve(double[] inFlight, double[] rates, boolean[] choice) {
        double[][] rows = new double[rates.length][];
        double[] scale = new double[UNKNOWNS];
        for (int i = 0; i < rates.length; i++) {
            double n = inFlight[i];
            double weight = rates[i] / n;
            rows[i] = new double[]{weight, choice[1] ? weight * (n - 1) : 0, choice[2] ? weight * n * (n - 1) : 0};
            for (int k = 0; k < UNKNOWNS; k++) {
                scale[k] = Math.max(scale[k], Math.abs(rows[i][k]));
            }
        }
        double[][] normal = new double[UNKNOWNS][UNKNOWNS + 1];
        for (double[] row : rows) {
            for (int r = 0; r < UNKNOWNS; r++) {
                double left = scale[r] == 0 ? 0 : row[r] / scale[r];
                for (int c = 0; c < UNKNOWNS; c++) {
                    normal[r][c] += scale[c] == 0 ? 0 : left * row[c] / scale[c];
                }
                normal[r][UNKNOWNS] += left;
            }
        }
        for (int k = 0; k < UNKNOWNS; k++) {
            // What is not there is 0, by an equation of its own.
            normal[k][k] = choice[k] ? normal[k][k] : 1;
        }
        double[] solved = eliminate(normal);
        if (solved == null) {
            return null;
        }
        for (int k = 0; k < UNKNOWNS; k++) {
            // No negative zero.
            solved[k] = scale[k] == 0 ? 0 : solved[k] / scale[k] + 0.0;
        }
        return solved[0] > 0 && solved[1] >= 0 && solved[2] >= 0 ? solved : null;
    }

    /// Gauss-Jordan with the largest pivot; null for a singular matrix.
    private static double @Nullable [] eliminate(double[][] matrix) {
        for (int column = 0; column < UNKNOWNS; column++) {
            int pivot = column;
            for (int row = column + 1; row < UNKNOWNS; row++) {
                pivot = Math.abs(matrix[row][column]) > Math.abs(matrix[pivot][column]) ? row : pivot;
            }
            double[] swapped = matrix[column];
            matrix[column] = matrix[pivot];
            matrix[pivot] = swapped;
            if (Math.abs(matrix[column][column]) < SINGULAR) {
                return null;
            }
            for (int row = 0; row < UNKNOWNS; row++) {
                double factor = row == column ? 0 : matrix[row][column] / matrix[column][column];
                for (int k = column; k <= UNKNOWNS; k++) {
                    matrix[row][k] -= factor * matrix[column][k];
                }
            }
        }
        double[] solved = new double[UNKNOWNS];
        Arrays.setAll(solved, k -> matrix[k][UNKNOWNS] / matrix[k][k]);
        return solved;
    }
}
