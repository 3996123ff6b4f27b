package io.trilane.tools.lab.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.controller.Evidence;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every pattern is tried; those on one thread are tried twice and tell the same.
@Timeout(120)
class PatternScenariosTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    static Stream<Scenario> patterns() {
        return Stream.of(PatternScenarios.all(), PatternTaskScenarios.all(), PatternPowerScenarios.all())
                .flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("patterns")
    void passesAndRepeatsItself(Scenario scenario) throws InterruptedException {
        ScenarioRun first = ScenarioRun.of(scenario, LIMIT);
        assertThat(first.isPassed()).as("%s: %s", scenario.name(), first.reason()).isTrue();
        assertThat(scenario.misuse()).isEmpty();
        if (!scenario.name().endsWith("-threads")) {
            assertThat(ScenarioRun.of(scenario, LIMIT)).isEqualTo(first);
        }
    }

    @ParameterizedTest
    @MethodSource("patterns")
    void isInTheCatalogue(Scenario scenario) {
        assertThat(ScenarioCatalogue.all()).extracting(Scenario::name).contains(scenario.name());
    }

    @Test
    void coversWhatAControllerMeets() {
        assertThat(patterns().map(Scenario::name)).containsExactly("pattern-create-from-auxiliary",
                "pattern-create-inside-start", "pattern-hot-plug-under-load", "pattern-hot-plug-under-load-threads",
                "pattern-removal-in-flight", "pattern-removal-in-flight-threads", "pattern-abort-under-load",
                "pattern-reset-storm", "pattern-task-set-full-storm", "pattern-late-completions",
                "pattern-double-completions", "pattern-suspend-fail-fast", "pattern-suspend-hold",
                "pattern-power-cycle");
    }

    @Test
    void aResultTellsTheFirstFaultsAndHowManyThereAre() {
        try (PatternBench bench = new PatternBench(PatternBench.Setting.of(1))) {
            PatternAudit audit = new PatternAudit(bench);
            for (int i = 0; i < 8; i++) {
                audit.requireEqual("n" + i, i, -1);
            }
            ScenarioResult result = audit.result("d", "m", Evidence.INFERRED);
            assertThat(result.passed()).isFalse();
            assertThat(result.reason()).startsWith("n0=0 != -1; ").endsWith("; and 2 more");
        }
    }
}
