package io.trilane.perf.report;

import io.trilane.perf.tune.Cell;
import io.trilane.perf.tune.Interval;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Two results, cell by cell: is the second worse than the first? What tells: medians of throughput further apart than the
/// threshold, *and* intervals that do not touch. Cells that only one has are not judged. With an objective that both have, its latency too. Immutable.
///
/// @param threshold part of the first's median, 0..1
/// @param cells     those that both have, in the first's order
/// @param notes     what else is different, a line each
public record ReportCompare(ComparedReport first, ComparedReport second, double threshold, List<CellVerdict> cells,
        List<String> notes) {
    /// Fewer repetitions have no interval to speak of.
    static final int LEAST_ROUNDS = 5;

    /// What became of a cell, or of one measure of it.
    public enum Verdict {
        BETTER,
        SAME,
        WORSE,
        /// Fewer than 5 repetitions on one side.
        UNSURE
    }

    /// @param throughput of the second against the first
    /// @param latency    the same of the objective's percentile; `SAME` where not both have it
    /// @param ratio      of medians of throughput, second / first
    public record CellVerdict(Cell cell, ComparedReport.Entry first, ComparedReport.Entry second, Verdict throughput,
            Verdict latency, double ratio) {
        /// Of both measures: worse when one is.
        public Verdict verdict() {
            if (throughput == Verdict.UNSURE || throughput == Verdict.WORSE) {
                return throughput;
            }
            return latency == Verdict.SAME ? throughput : latency;
        }
    }

    /// Reads both files, each a tuning result ([TuneJson]) or a bench's ([JsonReport]).
    ///
    /// @throws IllegalArgumentException a file is neither, or there is nothing to compare
    public static ReportCompare of(Path first, Path second, double threshold) {
        return of(ComparedReport.read(first), ComparedReport.read(second), threshold);
    }

    /// @throws IllegalArgumentException other requests, no common cell, or none with enough repetitions
    static ReportCompare of(ComparedReport first, ComparedReport second, double threshold) {
        if (!(threshold >= 0 && threshold < 1)) {
            throw new IllegalArgumentException("threshold=" + threshold + " not in 0..1, write it as 5%");
        }
        if (!first.requests().equals(second.requests())) {
            throw new IllegalArgumentException("rw=" + first.requests() + " in " + first.name() + " != rw="
                    + second.requests() + " in " + second.name() + ", compare like with like");
        }
        boolean hasObjective = first.objective().isPresent() && first.objective().equals(second.objective());
        List<CellVerdict> cells = first.entries().stream().flatMap(entry -> second.entry(entry.cell())
                .map(other -> judge(entry, other, threshold, hasObjective)).stream()).toList();
        if (cells.isEmpty()) {
            throw new IllegalArgumentException("cells of " + first.name() + " and " + second.name()
                    + " have none in common, measure the same sizes and depths");
        }
        if (cells.stream().allMatch(cell -> cell.verdict() == Verdict.UNSURE)) {
            throw new IllegalArgumentException("repetitions < " + LEAST_ROUNDS + " in every common cell of "
                    + first.name() + " and " + second.name() + ", measure longer");
        }
        return new ReportCompare(first, second, threshold, cells, notes(first, second, cells.size()));
    }

    private static CellVerdict judge(ComparedReport.Entry first, ComparedReport.Entry second, double threshold,
            boolean hasObjective) {
        double ratio = second.rate().median() / first.rate().median();
        if (second.errors() > 0 && first.errors() == 0) {
            return new CellVerdict(first.cell(), first, second, Verdict.WORSE, Verdict.SAME, ratio);
        }
        if (Math.min(first.rounds(), second.rounds()) < LEAST_ROUNDS) {
            return new CellVerdict(first.cell(), first, second, Verdict.UNSURE, Verdict.SAME, ratio);
        }
        Verdict latency = hasObjective ? opposite(compare(first.latency(), second.latency(), threshold)) : Verdict.SAME;
        return new CellVerdict(first.cell(), first, second, compare(first.rate(), second.rate(), threshold), latency,
                ratio);
    }

    /// More is better.
    static Verdict compare(Interval first, Interval second, double threshold) {
        if (second.high() < first.low() && second.median() < first.median() * (1 - threshold)) {
            return Verdict.WORSE;
        }
        return second.low() > first.high() && second.median() > first.median() * (1 + threshold) ? Verdict.BETTER
                : Verdict.SAME;
    }

    private static Verdict opposite(Verdict verdict) {
        return verdict == Verdict.WORSE ? Verdict.BETTER : verdict == Verdict.BETTER ? Verdict.WORSE : verdict;
    }

    private static List<String> notes(ComparedReport first, ComparedReport second, int common) {
        List<String> notes = new ArrayList<>();
        note(notes, "target", first.target(), second.target());
        note(notes, "machine", first.machine(), second.machine());
        note(notes, "objective", first.objective().map(Labels::objective).orElse("none"),
                second.objective().map(Labels::objective).orElse("none"));
        left(notes, first, common);
        left(notes, second, common);
        if (!first.isComplete() || !second.isComplete()) {
            notes.add("not complete: " + (first.isComplete() ? second.name() : first.isComplete() == second.isComplete()
                    ? "both" : first.name()));
        }
        return List.copyOf(notes);
    }

    private static void left(List<String> notes, ComparedReport report, int common) {
        if (report.entries().size() > common) {
            notes.add(report.entries().size() - common + " cells are in " + report.name() + " only");
        }
    }

    private static void note(List<String> notes, String what, String first, String second) {
        if (!first.equals(second)) {
            notes.add(what + ": " + first + " -> " + second);
        }
    }

    /// Cells with this verdict.
    public long count(Verdict verdict) {
        return cells.stream().filter(cell -> cell.verdict() == verdict).count();
    }

    /// What is recommended in the second, against what is recommended in the first, by their own figures.
    public Optional<Verdict> recommendation() {
        return first.chosen().flatMap(before -> second.chosen()
                .map(after -> Math.min(before.rounds(), after.rounds()) < LEAST_ROUNDS ? Verdict.UNSURE
                        : compare(before.rate(), after.rate(), threshold)));
    }

    /// True when a common cell is worse, the best that can be had is worse, or there is no recommendation any more.
    public boolean isRegression() {
        return count(Verdict.WORSE) > 0 || recommendation().filter(Verdict.WORSE::equals).isPresent()
                || first.chosen().isPresent() && second.chosen().isEmpty();
    }
}
