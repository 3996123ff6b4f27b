package io.trilane.perf.tune;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/// Which cells there are to be measured. Knows the values of each axis, and the ones in between that refinement added. On the
/// search's thread.
final class Grid {
    /// By size, depth, bundle, jobs.
    static final Comparator<Cell> ORDER = Comparator.comparingLong(Cell::requestBytes).thenComparingInt(Cell::depth)
            .thenComparingInt(Cell::bundle).thenComparingInt(Cell::jobs);

    private final TuneGoal goal;
    private final NavigableSet<Long> sizes;
    private final NavigableSet<Long> depths;
    /// Every size is a multiple of it: the disk takes those.
    private final long granularity;

    Grid(TuneGoal goal) {
        this.goal = goal;
        this.sizes = new TreeSet<>(goal.sizes());
        this.depths = new TreeSet<>(goal.depths().stream().map(Integer::longValue).toList());
        this.granularity = goal.sizes().stream().mapToLong(Long::lowestOneBit).min().orElseThrow();
    }

    /// Every size with every depth, in bundles as large as they get, through as few ways in as were asked for; the least
    /// bytes in flight first, so that what a slow disk chokes on comes last.
    List<Cell> coarse() {
        List<Cell> cells = new ArrayList<>();
        for (long size : goal.sizes()) {
            for (int depth : goal.depths()) {
                cells.add(new Cell(size, depth, Math.min(goal.bundles().getLast(), depth), goal.jobs().getFirst()));
            }
        }
        cells.sort(Comparator.comparingLong(Cell::bytesInFlight).thenComparing(ORDER));
        return cells;
    }

    /// The other bundles, and the other numbers of jobs with the same depth each and with the same depth in all.
    Set<Cell> bundlesAndJobs(Cell cell) {
        Set<Cell> cells = new LinkedHashSet<>();
        for (int bundle : goal.bundles()) {
            cells.add(new Cell(cell.requestBytes(), cell.depth(), Math.min(bundle, cell.depth()), cell.jobs()));
        }
        for (int jobs : goal.jobs()) {
            cells.add(new Cell(cell.requestBytes(), cell.depth(), cell.bundle(), jobs));
            int depth = Math.max(1, cell.depth() * cell.jobs() / jobs);
            if (depth >= goal.depths().getFirst()) {
                cells.add(at(cell, cell.requestBytes(), depth, jobs));
            }
        }
        cells.remove(cell);
        return cells;
    }

    /// The cells around one: half way to the next size and depth, or these where there is nothing between. From powers of two
    /// come 3 x 2^k, a step of about the square root of two.
    Set<Cell> around(Cell cell) {
        Set<Cell> cells = new LinkedHashSet<>();
        for (long size : neighbours(sizes, cell.requestBytes(), granularity)) {
            for (long depth : neighbours(depths, cell.depth(), 1)) {
                cells.add(at(cell, size, Math.toIntExact(depth), cell.jobs()));
            }
        }
        cells.remove(cell);
        return cells;
    }

    /// From now on these are values of the axes.
    void refine(Collection<Cell> cells) {
        cells.forEach(cell -> {
            sizes.add(cell.requestBytes());
            depths.add((long) cell.depth());
        });
    }

    /// A bundle that was as large as it gets stays so.
    private Cell at(Cell cell, long size, int depth, int jobs) {
        int bundle = cell.bundle() == cell.depth() ? goal.bundles().getLast() : cell.bundle();
        return new Cell(size, depth, Math.min(bundle, depth), jobs);
    }

    private static List<Long> neighbours(NavigableSet<Long> values, long value, long granularity) {
        List<Long> around = new ArrayList<>();
        Long below = values.lower(value);
        if (below != null) {
            around.add(between(below, value, value > 2 * below ? value / 2 : value / 4 * 3, granularity, below));
        }
        around.add(value);
        Long above = values.higher(value);
        if (above != null) {
            around.add(between(value, above, above > 2 * value ? value * 2 : value / 2 * 3, granularity, above));
        }
        return around;
    }

    /// The wanted value where it lies between the two and the step between them is a factor of two at least.
    private static long between(long low, long high, long wanted, long granularity, long otherwise) {
        return high >= 2 * low && wanted > low && wanted < high && wanted % granularity == 0 ? wanted : otherwise;
    }
}
