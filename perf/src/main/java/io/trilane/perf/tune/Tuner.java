package io.trilane.perf.tune;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// Searches size, depth, bundle and jobs together. Used once, by one thread; anyone may stop it, and it still has a result.
///
/// 1. Coarse grid: each size with each depth once, a third of the budget.
/// 2. Bundles and jobs at the cells that promise most.
/// 3. Refinement around the best and around the smallest that is nearly as good, down to steps of 3 x 2^k.
/// 4. Repetitions: round-robin over the candidates in an order of its own each time, so that a drift of the disk meets all of
///    them; who falls behind is dropped. They end when every candidate that is left has five repetitions or more, is
///    steady ([SteadyState]) and has an interval of at most +-2 %, or [Repetitions#MOST_ROUNDS] repetitions; or when the budget is spent.
/// 5. If time is left, 3 and 4 once more around the answer.
/// 6. The answer's load is kept up for 8 % of the budget in one go: what does not last is said ([Endurance]).
///
/// The budget is looked at before each round, so it is exceeded by one round at most; a round ends when it took twice the time it
/// was to take, so a disk that becomes slower within it does not keep it much longer.
public final class Tuner {
    private static final double COARSE_SHARE = 0.35;
    private static final double CHOICES_SHARE = 0.5;
    private static final double REFINED_SHARE = 0.65;
    /// Of what is left.
    private static final double AGAIN_SHARE = 0.3;
    private static final int REFINEMENTS = 3;
    private static final int SEARCHES = 2;
    /// A cell that takes more than this part of the budget by itself is left out.
    private static final double DEAREST_SHARE = 0.2;

    private final String target;
    private final TuneGoal goal;
    private final Grid grid;
    private final Field field;
    private final CellMeter meter;
    private final Random random;
    private final List<String> notes;
    private boolean coarseDone;

    /// @param meter stays open; closed by its owner
    /// @param notes about the disk, for the result
    public Tuner(String target, TuneGoal goal, CellMeter meter, TuneListener listener, List<String> notes) {
        requireSearchable(goal);
        this.target = target;
        this.goal = goal;
        this.grid = new Grid(goal);
        this.meter = meter;
        this.field = new Field(goal, meter, listener);
        this.random = new Random(goal.seed());
        this.notes = new ArrayList<>(notes);
    }

    /// The budget runs from the construction on.
    public TuneResult run() {
        try (field) {
            field.reserve((long) (goal.budgetNs() * Endurance.SHARE));
            String why = search();
            // What is left beyond its share stays unspent.
            field.reserve(Math.max(0, (long) (goal.budgetNs() * (1 - Endurance.SHARE)) - field.spentNs()));
            Optional<String> doubt = Judge.judge(field.candidates()).map(Judge.Verdict::chosen)
                    .flatMap(new Endurance(field, meter)::check);
            return new Findings(target, goal, field).result(why, coarseDone && !field.isStopped(), notes, doubt);
        }
    }

    /// Any thread: ends the search soon, with what is known by then.
    public void stop() {
        field.stop();
    }

    private String search() {
        coarseGrid();
        boolean settled = false;
        if (coarseDone) {
            once("bundles and jobs", unmeasured(choices()), CHOICES_SHARE);
        }
        for (int i = 0; i < SEARCHES && coarseDone && (i == 0 || field.hasTimeFor(0)); i++) {
            double spent = (double) field.spentNs() / goal.budgetNs();
            boolean refined = refine(i == 0 ? REFINED_SHARE : spent + (1 - spent) * AGAIN_SHARE);
            if (i > 0 && !refined) {
                break;
            }
            settled = new Repetitions(goal, field, random, notes).run();
        }
        if (field.isStopped()) {
            return "interrupted";
        }
        if (field.usable().isEmpty()) {
            return "all of them failed";
        }
        if (settled) {
            return "every candidate is settled";
        }
        if (!coarseDone) {
            return "the budget was spent before the coarse grid was done";
        }
        return field.hasTimeFor(0) ? "more repetitions would not settle every candidate" : "the budget is spent";
    }

    private void coarseGrid() {
        List<Cell> cells = grid.coarse();
        long shareNs = (long) (goal.budgetNs() * COARSE_SHARE);
        int leftOut = 0;
        for (int i = 0; i < cells.size(); i++) {
            Cell cell = cells.get(i);
            if (!field.hasTimeFor(0)) {
                return;
            }
            field.report("coarse grid", i, cells.size(), Optional.of(cell));
            if (isTooDear(cell)) {
                leftOut++;
                continue;
            }
            field.measure(cell, roundNs(shareNs, cells.size() - i), false);
        }
        coarseDone = !field.isStopped();
        field.report("coarse grid", cells.size(), cells.size(), Optional.empty());
        if (leftOut > 0) {
            notes.add(leftOut + " cells were left out: filling and draining their queues takes more than "
                    + Wording.percent(DEAREST_SHARE) + " of the budget; raise --budget to measure them");
        }
    }

    /// Measures each cell once, until the given part of the budget is spent.
    private void once(String phase, List<Cell> cells, double untilShare) {
        Collections.shuffle(cells, random);
        long untilNs = (long) (goal.budgetNs() * untilShare);
        for (int i = 0; i < cells.size(); i++) {
            if (!field.hasTimeFor(0) || field.spentNs() >= untilNs) {
                notes.add(phase + ": " + (cells.size() - i) + " of " + cells.size()
                        + " cells were not measured, the time for it was spent");
                return;
            }
            field.report(phase, i, cells.size(), Optional.of(cells.get(i)));
            field.measure(cells.get(i), roundNs(untilNs, cells.size() - i), false);
        }
    }

    /// So long that the rest of the cells fits, with what measuring costs beside.
    private long roundNs(long untilNs, int cells) {
        long overheadNs = (long) field.candidates().stream().mapToLong(Candidate::overheadNs).average().orElse(0);
        return Math.clamp((untilNs - field.spentNs()) / cells - overheadNs, Field.SHORTEST_ROUND_NS,
                Field.LONGEST_ROUND_NS);
    }

    /// Bundles and jobs where it matters.
    private Set<Cell> choices() {
        Set<Cell> cells = new LinkedHashSet<>();
        promising().forEach(cell -> cells.addAll(grid.bundlesAndJobs(cell)));
        return cells;
    }

    /// True when something new was measured.
    private boolean refine(double untilShare) {
        boolean any = false;
        for (int i = 0; i < REFINEMENTS && field.hasTimeFor(0); i++) {
            Set<Cell> cells = new LinkedHashSet<>();
            centres().forEach(cell -> cells.addAll(grid.around(cell)));
            List<Cell> fresh = unmeasured(cells);
            if (fresh.isEmpty()) {
                break;
            }
            double spent = (double) field.spentNs() / goal.budgetNs();
            if (spent >= untilShare) {
                notes.add("refinement ended early: the time for it was spent");
                break;
            }
            grid.refine(fresh);
            // What is found now decides what comes next: leave time for that.
            once("refinement", fresh, spent + (untilShare - spent) / (REFINEMENTS - i));
            any = true;
        }
        return any;
    }

    /// The best cells, and the smallest of those that are nearly as good.
    private List<Cell> promising() {
        List<Candidate> fit = fit();
        List<Candidate> byThroughput = fit.stream()
                .sorted(Comparator.comparingDouble(Candidate::throughput).reversed()).toList();
        if (goal.objective().isPresent() && field.usable().stream().noneMatch(Candidate::meetsObjective)) {
            return fit.stream().limit(Repetitions.FEW).map(Candidate::cell).toList();
        }
        Set<Cell> cells = new LinkedHashSet<>();
        byThroughput.stream().limit(Repetitions.FEW).forEach(candidate -> cells.add(candidate.cell()));
        Judge.nearly(byThroughput).stream().limit(2).forEach(candidate -> cells.add(candidate.cell()));
        return List.copyOf(cells);
    }

    private List<Cell> centres() {
        Set<Cell> cells = new LinkedHashSet<>();
        Judge.judge(field.candidates()).ifPresent(verdict -> cells.add(verdict.chosen().cell()));
        List<Candidate> fit = fit();
        if (goal.objective().isPresent() && field.usable().stream().noneMatch(Candidate::meetsObjective)) {
            fit.stream().limit(1).forEach(candidate -> cells.add(candidate.cell()));
        } else {
            Judge.fastest(fit).ifPresent(best -> cells.add(best.cell()));
            Judge.nearly(fit).stream().limit(1).forEach(candidate -> cells.add(candidate.cell()));
        }
        return List.copyOf(cells);
    }

    /// Those that meet the objective, or where none does, all of them, the closest first.
    private List<Candidate> fit() {
        List<Candidate> meeting = field.usable().stream().filter(Candidate::meetsObjective).toList();
        return meeting.isEmpty() ? Judge.closest(field.candidates()) : meeting;
    }

    private List<Cell> unmeasured(Collection<Cell> cells) {
        return new ArrayList<>(cells.stream().filter(cell -> !field.contains(cell) && !isTooDear(cell)).toList());
    }

    private boolean isTooDear(Cell cell) {
        return field.estimateNs(cell) > DEAREST_SHARE * goal.budgetNs();
    }

    private static void requireSearchable(TuneGoal goal) {
        requireAscending("sizes", goal.sizes());
        requireAscending("depths", goal.depths());
        requireAscending("bundles", goal.bundles());
        requireAscending("jobs", goal.jobs());
        if (goal.budgetNs() < Field.SHORTEST_ROUND_NS) {
            throw new IllegalArgumentException("budget=" + Wording.time(goal.budgetNs()) + " < "
                    + Wording.time(Field.SHORTEST_ROUND_NS) + ", raise --budget");
        }
    }

    private static <T extends Comparable<T>> void requireAscending(String name, List<T> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException(name + "= is empty, name one at least");
        }
        for (int i = 1; i < values.size(); i++) {
            if (values.get(i - 1).compareTo(values.get(i)) >= 0) {
                throw new IllegalArgumentException(name + "=" + values + " is not ascending, sort it");
            }
        }
    }
}
