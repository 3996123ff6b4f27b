package io.trilane.tools.lab.scenario;

import io.trilane.engine.controller.Misuse;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `trilane lab list`: the table of scenarios.
@Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the scenarios.")
public final class LabListCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        List<Scenario> scenarios = ScenarioCatalogue.all();
        int width = scenarios.stream().mapToInt(scenario -> scenario.name().length()).max().orElse(0);
        String row = "%-" + Math.max(width, "name".length()) + "s  %-28s  %s%n";
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        out.printf(row, "name", "misuse", "title");
        for (Scenario scenario : scenarios) {
            out.printf(row, scenario.name(), scenario.misuse().map(Misuse::name).orElse("-"), scenario.title());
        }
        out.flush();
    }
}
