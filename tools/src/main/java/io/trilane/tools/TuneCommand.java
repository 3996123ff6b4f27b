package io.trilane.tools;

import io.trilane.perf.harness.LoadDisk;
import io.trilane.perf.report.Machine;
import io.trilane.perf.report.TerminalHeatMap;
import io.trilane.perf.report.TerminalStyle;
import io.trilane.perf.report.TuneReport;
import io.trilane.perf.report.Units;
import io.trilane.perf.tune.Cell;
import io.trilane.perf.tune.GoalLimits;
import io.trilane.perf.tune.Interval;
import io.trilane.perf.tune.LoadCellMeter;
import io.trilane.perf.tune.SideBySide;
import io.trilane.perf.tune.TuneGoal;
import io.trilane.perf.tune.TuneResult;
import io.trilane.perf.tune.TuneText;
import io.trilane.perf.tune.Tuner;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `trilane tune`: which request size, queue depth, bundle and number of jobs serve a disk best, found together.
@Command(
        name = "tune",
        mixinStandardHelpOptions = true,
        description = {
                "Searches request size, queue depth, bundle and jobs together for the best throughput, or the best "
                        + "within a latency objective, and says how sure it is.",
                "Reads, unless --rw and --allow-overwrite say otherwise."})
final class TuneCommand implements Callable<Integer> {
    /// Of the budget, for each of two targets; the rest is for measuring them in alternation.
    private static final double SHARE_OF_EACH = 0.4;
    private static final int PAIRS = 15;

    @Mixin
    private TuneOptions options = new TuneOptions();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        TuneGoal goal = options.goal();
        TuneOutputs outputs = TuneOutputs.of(options);
        List<String> targets = options.targets();
        PrintWriter human = outputs.takesStandardOutput() ? err() : out();
        if (targets.size() > 1 && !outputs.isEmpty()) {
            throw new IllegalArgumentException(
                    "targets=2: a comparison prints text only, leave --json, --csv, --report and --svg out");
        }
        try (Interruption interruption = new Interruption();
                LoadDisk disk = TuneDisks.open(options, targets.getFirst())) {
            if (targets.size() == 1) {
                return tune(disk, goal, outputs, human, interruption);
            }
            try (LoadDisk other = TuneDisks.open(options, targets.getLast())) {
                return sideBySide(disk, other, goal, human, interruption);
            }
        }
    }

    private int tune(LoadDisk disk, TuneGoal goal, TuneOutputs outputs, PrintWriter human, Interruption interruption)
            throws IOException {
        TuneResult result = search(disk, goal, interruption);
        boolean isSimulated = options.deviceModel != null && !options.realTime;
        Optional<Instant> when = isSimulated ? Optional.empty() : Optional.of(Instant.now());
        human.print(TuneText.of(result, disk.blockBytes()));
        human.println();
        human.print(TerminalHeatMap.of(result, style()));
        human.flush();
        outputs.write(new TuneReport(result, Machine.current(), when), out());
        boolean isClean = result.cells().stream().allMatch(cell -> cell.errors() == 0);
        return result.recommendation().isPresent() && isClean ? 0 : Failures.FAILED;
    }

    /// Tunes each, then measures both at their own best in alternation.
    private int sideBySide(LoadDisk first, LoadDisk second, TuneGoal goal, PrintWriter human,
            Interruption interruption) {
        long eachNs = (long) (goal.budgetNs() * SHARE_OF_EACH);
        TuneGoal part = new TuneGoal(goal.mode(), goal.rwMixRead(), goal.sizes(), goal.depths(), goal.bundles(),
                goal.jobs(), goal.objective(), eachNs, goal.seed());
        Optional<Cell> best = answer(first, part, human, interruption);
        Optional<Cell> otherBest = answer(second, part, human, interruption);
        if (best.isEmpty() || otherBest.isEmpty() || interruption.isRequested()) {
            return Failures.FAILED;
        }
        try (LoadCellMeter meter = LoadCellMeter.of(first, part, options.rampNs());
                LoadCellMeter other = LoadCellMeter.of(second, part, options.rampNs())) {
            SideBySide pairs = new SideBySide(new SideBySide.Side(first.name(), meter, best.get()),
                    new SideBySide.Side(second.name(), other, otherBest.get()), goal.seed());
            interruption.onRequest(pairs::stop);
            SideBySide.Result result = pairs.run(PAIRS, (goal.budgetNs() - 2 * eachNs) / (2 * PAIRS));
            human.println(side(first, best.get(), result.first()));
            human.println(side(second, otherBest.get(), result.second()));
            human.println("side by side: " + result.sentence() + ", " + result.pairs() + " alternating rounds");
            human.flush();
            return result.errors() == 0 ? 0 : Failures.FAILED;
        }
    }

    private static String side(LoadDisk disk, Cell cell, Interval rate) {
        return disk.name() + " at " + TuneProgress.text(cell) + ": " + Units.rate(rate.median()) + " (95 %: "
                + Units.rate(rate.low()) + " .. " + Units.rate(rate.high()) + ")";
    }

    private Optional<Cell> answer(LoadDisk disk, TuneGoal goal, PrintWriter human, Interruption interruption) {
        TuneResult result = search(disk, goal, interruption);
        human.print(TuneText.of(result));
        human.println();
        human.flush();
        return result.recommendation().map(recommendation -> recommendation.chosen().cell());
    }

    private TuneResult search(LoadDisk disk, TuneGoal wanted, Interruption interruption) {
        GoalLimits limited = GoalLimits.of(wanted, disk);
        TuneProgress progress = new TuneProgress(err(), ProgressLine.onTerminal());
        try (LoadCellMeter meter = LoadCellMeter.of(disk, limited.goal(), options.rampNs())) {
            Tuner tuner = new Tuner(disk.name(), limited.goal(), meter, progress, limited.notes());
            interruption.onRequest(tuner::stop);
            return tuner.run();
        } finally {
            progress.end();
        }
    }

    private static TerminalStyle style() {
        return TerminalStyle.choose(ProgressLine.onTerminal(), System.getenv(), StandardCharsets.UTF_8);
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    private PrintWriter err() {
        return Objects.requireNonNull(spec).commandLine().getErr();
    }
}
