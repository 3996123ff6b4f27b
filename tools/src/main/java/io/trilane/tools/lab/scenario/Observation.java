package io.trilane.tools.lab.scenario;

import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.MisuseReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What was seen in one run of a [MisuseTrial]: the misuses that were reported, the text of the reports, and checks of what
/// must hold besides. Belongs to the thread of the scenario.
final class Observation {
    private final List<Misuse> misuses = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final List<String> failedChecks = new ArrayList<>();
    private int checks;

    /// Something that must hold.
    void that(String what, boolean holds) {
        checks++;
        if (!holds) {
            failedChecks.add(what);
        }
    }

    /// All reports of an engine.
    void reports(List<MisuseReport> reports) {
        for (MisuseReport report : reports) {
            misuses.add(report.misuse());
            text.append(report.describe());
        }
    }

    /// The text of a launch that failed: its first line says why, the reports follow.
    void launchFailure(String failure) {
        text.append(failure).append('\n');
        failure.lines().skip(1).forEach(line -> Arrays.stream(Misuse.values())
                .filter(misuse -> line.startsWith(misuse + ": ")).forEach(misuses::add));
    }

    /// Something that Trilane tells elsewhere than in a report.
    void said(String line) {
        text.append(line).append('\n');
    }

    /// Oldest first, one for each report.
    List<Misuse> misuses() {
        return List.copyOf(misuses);
    }

    String text() {
        return text.toString();
    }

    int checks() {
        return checks;
    }

    List<String> failedChecks() {
        return List.copyOf(failedChecks);
    }
}
