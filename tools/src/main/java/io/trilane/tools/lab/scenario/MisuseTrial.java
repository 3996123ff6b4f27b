package io.trilane.tools.lab.scenario;

import io.trilane.engine.controller.Misuse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A misuse and its correct neighbour: the same body runs twice, with the mistake and without. The first run must be reported
/// as is said here, and not otherwise; the second must report nothing; what the body checks must hold in both. Immutable.
///
/// @param misuse   what is committed
/// @param done     what the controller did, for the report
/// @param expected the reports of the first run, in their order: `misuse`, and what necessarily follows from it
/// @param details  what the text of the reports must contain
/// @param body     commits it
record MisuseTrial(Misuse misuse, String done, List<Misuse> expected, List<String> details, Body body) {

    /// Commits a misuse, or leaves it out.
    @FunctionalInterface
    interface Body {
        /// @param wrong with the mistake
        /// @param seen  where to put reports and checks
        void run(boolean wrong, Observation seen) throws Exception;
    }

    MisuseTrial {
        expected = List.copyOf(expected);
        details = List.copyOf(details);
    }

    /// One that is reported once and has no consequences.
    static MisuseTrial of(Misuse misuse, String done, Body body, String... details) {
        return new MisuseTrial(misuse, done, List.of(misuse), List.of(details), body);
    }

    /// The same misuse with other reports.
    MisuseTrial expecting(Misuse... reports) {
        return new MisuseTrial(misuse, done, List.of(reports), details, body);
    }

    Scenario as(String name, String title) {
        return new Scenario(name, title, Optional.of(misuse), this::run);
    }

    ScenarioResult run() throws Exception {
        Observation wrong = new Observation();
        body.run(true, wrong);
        Observation right = new Observation();
        body.run(false, right);
        List<String> complaints = complaints(wrong, right);
        String reason = complaints.isEmpty()
                ? "reports=" + wrong.misuses() + " as expected, with " + details + "; without the mistake reports="
                        + right.misuses() + "; checks=" + (wrong.checks() + right.checks()) + " hold"
                : String.join("; ", complaints);
        return ScenarioResult.of(misuse, done, wrong.text(), complaints.isEmpty(), reason);
    }

    private List<String> complaints(Observation wrong, Observation right) {
        List<String> complaints = new ArrayList<>();
        if (!wrong.misuses().equals(expected)) {
            complaints.add("reports=" + wrong.misuses() + " are not expected=" + expected);
        }
        for (String detail : details) {
            if (!wrong.text().contains(detail)) {
                complaints.add("no report contains: " + detail);
            }
        }
        if (!right.misuses().isEmpty()) {
            complaints.add("without the mistake reports=" + right.misuses() + " are not none: " + right.text());
        }
        wrong.failedChecks().forEach(check -> complaints.add("does not hold: " + check));
        right.failedChecks().forEach(check -> complaints.add("does not hold without the mistake: " + check));
        return complaints;
    }
}
