package io.trilane.tools.lab.scenario;

import io.trilane.engine.controller.Misuse;
import java.util.Optional;
import java.util.regex.Pattern;

/// Something that a controller does, right or wrong, and what should come of it. Immutable; may be run again and again.
///
/// @param name   words with hyphens, for the command line
/// @param title  one line
/// @param misuse what it provokes; empty for a correct pattern
/// @param body   does it
public record Scenario(String name, String title, Optional<Misuse> misuse, Body body) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

    public Scenario {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("scenario=" + name + " is not of words with hyphens, rename it");
        }
    }

    /// What a scenario does. Runs on a thread of its own, which is given up when it takes too long; whatever it throws is a
    /// failure of the scenario.
    @FunctionalInterface
    public interface Body {
        /// Does it and says what came of it.
        ScenarioResult run() throws Exception;
    }
}
