package io.trilane.tools.lab.scenario;

import io.trilane.engine.controller.Evidence;
import io.trilane.engine.controller.Misuse;

/// What came of a scenario. Immutable.
///
/// @param done     what the controller did
/// @param macOs    what is known of macOS
/// @param evidence how that is known
/// @param trilane  what Trilane reported
/// @param passed   true when that is what should come of it
/// @param reason   why it passed or not
public record ScenarioResult(String done, String macOs, Evidence evidence, String trilane, boolean passed,
        String reason) {

    /// Of a misuse: macOS as the misuse tells it.
    public static ScenarioResult of(Misuse misuse, String done, String trilane, boolean passed, String reason) {
        return new ScenarioResult(done, misuse.consequence(), misuse.evidence(), trilane, passed, reason);
    }
}
