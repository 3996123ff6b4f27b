package io.trilane.perf.tune;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Finds where a curve of throughput over depth bends. The knee is the smallest depth from which no greater one is worth
/// having: the gain to it is less than 10 % of what that much more depth would bring on a straight line through zero, measured
/// in doublings (`log(x2/x1) / log(d2/d1) < 0.1`), or the two cannot be told apart by their intervals. A curve that rises to its
/// end has its knee there, and one of a single depth has none. Stateless.
final class KneeFinder {
    private static final double LEAST_SHARE_OF_DOUBLING = 0.1;

    private KneeFinder() {}

    /// @param curve cells of one size, bundle and number of jobs, in any order
    static Optional<Knee> find(List<CellResult> curve) {
        List<CellResult> cells = curve.stream().filter(cell -> cell.bytesPerSecond().median() > 0)
                .sorted(Comparator.comparingInt(cell -> cell.cell().depth())).toList();
        if (cells.size() < 2) {
            return Optional.empty();
        }
        double peak = cells.stream().mapToDouble(cell -> cell.bytesPerSecond().median()).max().orElseThrow();
        for (int i = 0; i < cells.size(); i++) {
            CellResult cell = cells.get(i);
            if (cells.subList(i + 1, cells.size()).stream().noneMatch(deeper -> isWorthIt(cell, deeper))) {
                return Optional.of(new Knee(cell.cell(), cell.bytesPerSecond().median() / peak));
            }
        }
        throw new AssertionError("the deepest cell has none deeper");
    }

    private static boolean isWorthIt(CellResult cell, CellResult deeper) {
        double gain = Math.log(deeper.bytesPerSecond().median() / cell.bytesPerSecond().median());
        double depth = Math.log((double) deeper.cell().depth() / cell.cell().depth());
        return gain >= LEAST_SHARE_OF_DOUBLING * depth && !deeper.bytesPerSecond().overlaps(cell.bytesPerSecond());
    }
}
