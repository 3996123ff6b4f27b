package io.trilane.perf.report;

import io.trilane.perf.tune.Cell;
import io.trilane.perf.tune.CellResult;
import io.trilane.perf.tune.Knee;
import io.trilane.perf.tune.LittleCheck;
import io.trilane.perf.tune.Recommendation;
import io.trilane.perf.tune.TuneResult;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// A result as the pictures need it: sizes and depths as rows and columns, one cell in each place. Where several bundles or
/// numbers of jobs were measured in one place, the recommended one is shown, else that of most throughput.
final class TuneView {
    private final TuneResult result;
    private final Map<Place, CellResult> shown = new HashMap<>();
    private final Map<Place, Integer> variants = new HashMap<>();
    private final Set<Cell> knees = new HashSet<>();
    private final Map<Cell, Double> little = new HashMap<>();

    private record Place(long requestBytes, int depth) {
        static Place of(Cell cell) {
            return new Place(cell.requestBytes(), cell.depth());
        }
    }

    TuneView(TuneResult result) {
        this.result = result;
        for (CellResult cell : result.cells()) {
            shown.merge(Place.of(cell.cell()), cell, this::preferred);
            variants.merge(Place.of(cell.cell()), 1, Integer::sum);
        }
        result.knees().stream().map(Knee::cell).forEach(knees::add);
        for (LittleCheck check : result.little()) {
            little.put(check.cell(), check.ratio());
        }
    }

    private CellResult preferred(CellResult one, CellResult other) {
        if (isChosen(one.cell()) || isChosen(other.cell())) {
            return isChosen(one.cell()) ? one : other;
        }
        return other.bytesPerSecond().median() > one.bytesPerSecond().median() ? other : one;
    }

    TuneResult result() {
        return result;
    }

    /// Ascending.
    List<Long> sizes() {
        return result.cells().stream().map(cell -> cell.cell().requestBytes()).distinct().sorted().toList();
    }

    /// Ascending.
    List<Integer> depths() {
        return result.cells().stream().map(cell -> cell.cell().depth()).distinct().sorted().toList();
    }

    /// Empty where nothing was measured.
    Optional<CellResult> at(long requestBytes, int depth) {
        return Optional.ofNullable(shown.get(new Place(requestBytes, depth)));
    }

    /// What is shown for this size, by depth.
    List<CellResult> curve(long requestBytes) {
        return depths().stream().map(depth -> shown.get(new Place(requestBytes, depth))).filter(Objects::nonNull)
                .toList();
    }

    /// At most `most` sizes, evenly taken, the recommended one among them; ascending.
    List<Long> someSizes(int most) {
        List<Long> all = sizes();
        if (all.size() <= most) {
            return all;
        }
        Set<Long> taken = new TreeSet<>();
        chosen().ifPresent(cell -> taken.add(cell.cell().requestBytes()));
        for (int i = 0; i < most && taken.size() < most; i++) {
            taken.add(all.get(i * (all.size() - 1) / (most - 1)));
        }
        return List.copyOf(taken);
    }

    /// Cells that were measured in this one's place, itself among them.
    int variants(Cell cell) {
        return variants.getOrDefault(Place.of(cell), 0);
    }

    Optional<CellResult> chosen() {
        return result.recommendation().map(Recommendation::chosen);
    }

    boolean isChosen(Cell cell) {
        return chosen().filter(chosen -> chosen.cell().equals(cell)).isPresent();
    }

    /// The curve bends in this place, whichever bundle and jobs are shown there.
    boolean isKnee(Cell cell) {
        return knees.stream().anyMatch(knee -> Place.of(knee).equals(Place.of(cell)));
    }

    Optional<Double> little(Cell cell) {
        return Optional.ofNullable(little.get(cell));
    }

    /// Most throughput first.
    List<CellResult> fastest() {
        return result.cells().stream()
                .sorted((a, b) -> Double.compare(b.bytesPerSecond().median(), a.bytesPerSecond().median())).toList();
    }

    double mostBytesPerSecond() {
        return result.cells().stream().mapToDouble(cell -> cell.bytesPerSecond().high()).filter(Double::isFinite).max()
                .orElse(0);
    }

    /// The steady-state test was made, and not passed.
    static boolean isUnsteady(CellResult cell) {
        return !cell.isSteady() && !isSeldomRepeated(cell);
    }

    /// Too seldom for the steady-state test and for an interval that is more than a range.
    static boolean isSeldomRepeated(CellResult cell) {
        return cell.rounds().size() < ReportCompare.LEAST_ROUNDS;
    }

    /// Everything about a cell that fits into a tooltip.
    static String describe(CellResult cell) {
        return Labels.fullCell(cell.cell()) + ": " + Units.rate(cell.bytesPerSecond().median()) + " ("
                + Units.rate(cell.bytesPerSecond().low()) + " to " + Units.rate(cell.bytesPerSecond().high()) + "), "
                + Units.count(cell.iops().median()) + " IOPS, p50 " + Units.time(cell.latency().valueNs(50)) + ", p99 "
                + Units.time(cell.latency().valueNs(99))
                + (isUnsteady(cell) ? ", unsteady" : isSeldomRepeated(cell) ? ", few repetitions" : "")
                + (cell.errors() == 0 ? "" : ", " + cell.errors() + " errors");
    }
}
