package io.trilane.tools.lab.scenario;

import io.trilane.tools.lab.check.Nearest;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `trilane lab run`: runs scenarios and says for each what was done, what macOS makes of it, what Trilane reported.
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Runs scenarios by name, or all; each has 30 seconds.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:all passed", "1:one failed", "2:no scenario of that name"})
public final class LabRunCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int FAILED = 1;

    @Parameters(arity = "0..*", paramLabel = "NAME", description = "Scenarios, see trilane lab list.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--all", description = "All of them.")
    private boolean all;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    private final Supplier<List<Scenario>> catalogue;
    private final Duration limit;

    /// Used by the command line.
    LabRunCommand() {
        this(ScenarioCatalogue::all, LIMIT);
    }

    /// @param catalogue asked only when the command runs
    LabRunCommand(Supplier<List<Scenario>> catalogue, Duration limit) {
        this.catalogue = catalogue;
        this.limit = limit;
    }

    @Override
    public Integer call() throws InterruptedException {
        List<Scenario> chosen = chosen();
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        List<ScenarioRun> runs = new ArrayList<>();
        for (Scenario scenario : chosen) {
            ScenarioRun run = ScenarioRun.of(scenario, limit);
            runs.add(run);
            if (!json) {
                out.print(ScenarioReport.describe(run));
                out.flush();
            }
        }
        out.print(json ? ScenarioReport.json(runs) : ScenarioReport.summary(runs) + "\n");
        out.flush();
        return runs.stream().allMatch(ScenarioRun::isPassed) ? 0 : FAILED;
    }

    private List<Scenario> chosen() {
        if (all && !names.isEmpty()) {
            throw new IllegalArgumentException("all=true excludes names=" + names + ", leave one of the two out");
        }
        if (all) {
            return catalogue.get();
        }
        if (names.isEmpty()) {
            throw new IllegalArgumentException("scenario is missing, name one or choose --all");
        }
        List<Scenario> known = catalogue.get();
        return new LinkedHashSet<>(names).stream().map(name -> byName(known, name)).toList();
    }

    private static Scenario byName(List<Scenario> known, String name) {
        return known.stream().filter(scenario -> scenario.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("scenario=" + name + " is unknown, "
                        + Nearest.of(name, known.stream().map(Scenario::name).toList())
                                .map(near -> "did you mean " + near + "?").orElse("see trilane lab list")));
    }
}
