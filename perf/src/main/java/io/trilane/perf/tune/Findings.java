package io.trilane.perf.tune;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Makes the result of what was measured. On the search's thread, after the last measurement.
final class Findings {
    private static final int NAMED_CELLS = 5;

    private final String target;
    private final TuneGoal goal;
    private final Field field;

    Findings(String target, TuneGoal goal, Field field) {
        this.target = target;
        this.goal = goal;
        this.field = field;
    }

    /// @param why   the search stopped
    /// @param notes taken so far
    /// @param doubt what is to be said beside the answer
    TuneResult result(String why, boolean complete, List<String> notes, Optional<String> doubt) {
        Optional<Judge.Verdict> verdict = Judge.judge(field.candidates());
        Set<Candidate> equals = new HashSet<>();
        verdict.ifPresent(found -> equals.addAll(found.equals()));
        List<CellResult> cells = field.candidates().stream().filter(candidate -> candidate.rounds() > 0)
                .map(candidate -> candidate.result(equals.contains(candidate))).toList();
        List<List<CellResult>> curves = Curves.of(cells, goal);
        List<LittleCheck> little = cells.stream().map(LittleLaw::check).toList();
        List<String> all = new ArrayList<>(notes);
        failures(all);
        verdict.ifPresent(found -> trust(found, all));
        far(little, all);
        return new TuneResult(target, goal, cells, verdict.map(found -> recommendation(found, cells, doubt)),
                curves.stream().flatMap(curve -> KneeFinder.find(curve).stream()).toList(), little,
                curves.stream().flatMap(curve -> ScalabilityFitter.fit(curve).stream()).toList(), field.spentNs(),
                ending(why, verdict.isPresent(), cells), complete, all.stream().distinct().toList());
    }

    private Recommendation recommendation(Judge.Verdict verdict, List<CellResult> cells, Optional<String> doubt) {
        CellResult chosen = verdict.chosen().result(true);
        return new Recommendation(chosen, verdict.best().result(true),
                verdict.equals().stream().map(candidate -> candidate.result(true)).toList(),
                Sentence.of(chosen, cells, goal) + doubt.map(text -> "; " + text).orElse(""));
    }

    private String ending(String why, boolean found, List<CellResult> cells) {
        if (found || cells.isEmpty()) {
            return cells.isEmpty() ? "no cell was measured: " + why : why;
        }
        List<Candidate> closest = Judge.closest(field.candidates());
        if (closest.isEmpty() || goal.objective().isEmpty()) {
            return "no cell was free of errors; " + why;
        }
        return Sentence.unmet(goal.objective().get(), closest.getFirst().result(false), goal) + "; " + why;
    }

    private void failures(List<String> notes) {
        Map<String, List<Cell>> cells = new LinkedHashMap<>();
        field.candidates().forEach(candidate -> candidate.failure().ifPresent(
                reason -> cells.computeIfAbsent(reason, _ -> new ArrayList<>()).add(candidate.cell())));
        cells.forEach((reason, failed) -> name("left out (" + reason + ")", failed, notes));
    }

    /// How far the answer can be trusted.
    private void trust(Judge.Verdict verdict, List<String> notes) {
        int least = verdict.equals().stream().mapToInt(Candidate::rounds).min().orElseThrow();
        if (least < Bootstrap.LEAST_VALUES) {
            notes.add("repetitions=" + least + " < " + Bootstrap.LEAST_VALUES
                    + ": intervals are ranges, and what looks best may be chance; raise --budget");
        }
        name("did not reach a steady state (SNIA: range 20 %, slope 10 % of the average over five rounds)",
                field.candidates().stream().filter(candidate -> candidate.rounds() >= SteadyState.WINDOW
                        && !candidate.isSteady()).map(Candidate::cell).toList(),
                notes);
    }

    private void far(List<LittleCheck> checks, List<String> notes) {
        name("off Little's law by more than " + Wording.percent(LittleLaw.TOLERANCE)
                + ": depth was not kept up, or latency was taken at another load than throughput",
                checks.stream().filter(check -> check.ratio() > 0 && LittleLaw.isFar(check)).map(LittleCheck::cell)
                        .toList(),
                notes);
    }

    private void name(String what, List<Cell> cells, List<String> notes) {
        if (!cells.isEmpty()) {
            String names = String.join("; ",
                    cells.stream().limit(NAMED_CELLS).map(cell -> Wording.cell(cell, goal)).toList());
            notes.add(cells.size() + (cells.size() == 1 ? " cell" : " cells") + " " + what + ": " + names
                    + (cells.size() > NAMED_CELLS ? "; ..." : ""));
        }
    }
}
