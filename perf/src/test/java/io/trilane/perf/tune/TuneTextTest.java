package io.trilane.perf.tune;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.perf.harness.LatencySummary;
import io.trilane.perf.harness.RwMode;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TuneTextTest {
    private static final int ROOM = 120;

    private final CellResult shallow = cell(4096, 1, 1e9, 1);
    private final CellResult deep = cell(4096, 8, 4e9, 5);
    private final CellResult flat = cell(65536, 1, 5e9, 5);
    private final CellResult flatter = cell(65536, 8, 5e9, 5);

    @Test
    void aCurveThatRisesToItsEndIsNotSaidToHaveAKnee() {
        String text = TuneText.of(result(true, Optional.empty()));
        assertThat(text).contains("""
                knees (more depth gives less than a tenth of its share)
                  64 KiB x 1: 99 % of the curve's peak

                no knee yet, still rising at the greatest depth measured: 4 KiB x 8
                """);
    }

    @Test
    void aSingleRoundHasNoInterval() {
        List<String> rows = TuneText.of(result(true, Optional.empty())).lines()
                .filter(line -> line.matches("[*= ] [0-9]+ KiB +[0-9]+ +[0-9]+ +[0-9]+ +[0-9.]+ [GM]iB/s .*")).toList();
        assertThat(rows).hasSize(4).allMatch(row -> row.length() <= ROOM);
        assertThat(rows.getFirst()).containsPattern(" 954 MiB/s +- +244141 ").endsWith(" ?");
        assertThat(rows.get(1)).contains(" 3.73 GiB/s  3.35 GiB/s .. 4.10 GiB/s ");
    }

    @Test
    void saysThatAnAnswerIsPreliminary() {
        assertThat(TuneText.of(result(true, Optional.empty()))).startsWith("use 64 KiB x 1: ");
        assertThat(TuneText.of(result(false, Optional.empty()))).startsWith("so far: use 64 KiB x 1: ")
                .contains("\nNOT COMPLETE: ");
    }

    @Test
    void saysWhatTheObjectiveIsJudgedBy() {
        assertThat(TuneText.of(result(true, Optional.empty()))).doesNotContain("is judged by");
        assertThat(TuneText.of(result(true, Optional.of(Objective.parse("p99.9<1ms")))))
                .contains("the objective is judged by the p99.9 of each repetition");
    }

    @Test
    void adviceHasNoSpacesAtTheEndsOfLines() {
        assertThat(TuneText.of(result(true, Optional.empty()), 512)).contains("fio job file").doesNotContain(" \n");
    }

    @Test
    void moreThatWasSeenOnlyOnceIsSaidToBeUnsure() {
        TuneGoal goal = goal(Optional.empty());
        assertThat(Sentence.of(cell(4096, 1, 1e9, 5), List.of(cell(4096, 1, 1e9, 5), cell(4096, 8, 4e9, 1)), goal))
                .endsWith("; depth 8 gives 300 % more (not repeated enough to be sure)");
        assertThat(Sentence.of(cell(4096, 1, 1e9, 5), List.of(cell(4096, 1, 1e9, 5), cell(4096, 8, 4e9, 5)), goal))
                .endsWith("; depth 8 gives 300 % more");
    }

    private TuneResult result(boolean complete, Optional<Objective> objective) {
        List<CellResult> cells = List.of(shallow, deep, flat, flatter);
        TuneGoal goal = goal(objective);
        return new TuneResult("memory:1g", goal, cells,
                Optional.of(new Recommendation(flat, flatter, List.of(flat, flatter), Sentence.of(flat, cells, goal))),
                List.of(new Knee(deep.cell(), 1), new Knee(flat.cell(), 0.99)), List.of(), List.of(), 1_000_000_000L,
                "the budget is spent", complete, List.of());
    }

    private static TuneGoal goal(Optional<Objective> objective) {
        return new TuneGoal(RwMode.RANDREAD, 50, List.of(4096L, 65536L), List.of(1, 8), List.of(1), List.of(1),
                objective,
                1_000_000_000L, 1);
    }

    private static CellResult cell(long bytes, int depth, double rate, int rounds) {
        Interval interval = rounds == 1 ? new Interval(rate, rate, rate) : new Interval(0.9 * rate, rate, 1.1 * rate);
        Interval iops = new Interval(rate / bytes, rate / bytes, rate / bytes);
        return new CellResult(new Cell(bytes, depth, 1, 1), iops, interval,
                new LatencySummary(100, 1000, 1000, 1000, 0,
                        Collections.nCopies(LatencySummary.PERCENTILES.size(), 1000L)),
                Collections.nCopies(rounds, rate), Collections.nCopies(rounds, 0L), new Interval(0, 0, 0), true, true,
                false, 0);
    }
}
