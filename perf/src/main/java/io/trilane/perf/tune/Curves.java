package io.trilane.perf.tune;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Puts cells together to curves over depth. A cell whose bundle is its depth or the largest bundle is on the curve of full
/// bundles; the others are on that of their bundle. Stateless.
final class Curves {
    private Curves() {}

    private record Key(long requestBytes, int jobs, boolean full, int bundle) {
        static Key of(Cell cell, TuneGoal goal) {
            boolean full = cell.bundle() == Math.min(goal.bundles().getLast(), cell.depth());
            return new Key(cell.requestBytes(), cell.jobs(), full, full ? 0 : cell.bundle());
        }
    }

    /// The curves of at least two depths, by size, jobs, bundle; each by depth.
    static List<List<CellResult>> of(List<CellResult> cells, TuneGoal goal) {
        Map<Key, List<CellResult>> curves = new TreeMap<>(Comparator.comparingLong(Key::requestBytes)
                .thenComparingInt(Key::jobs).thenComparingInt(Key::bundle));
        cells.stream().filter(cell -> cell.errors() == 0 && !cell.rounds().isEmpty())
                .sorted(Comparator.comparingInt(cell -> cell.cell().depth()))
                .forEach(cell -> curves.computeIfAbsent(Key.of(cell.cell(), goal), _ -> new ArrayList<>()).add(cell));
        return curves.values().stream().filter(curve -> curve.size() > 1).map(List::copyOf).toList();
    }

    /// The cells of the same curve with more depth, by depth.
    static List<CellResult> deeper(CellResult cell, List<CellResult> cells, TuneGoal goal) {
        Key key = Key.of(cell.cell(), goal);
        return cells.stream().filter(other -> other.errors() == 0 && !other.rounds().isEmpty())
                .filter(other -> other.cell().depth() > cell.cell().depth() && Key.of(other.cell(), goal).equals(key))
                .sorted(Comparator.comparingInt(other -> other.cell().depth())).toList();
    }
}
