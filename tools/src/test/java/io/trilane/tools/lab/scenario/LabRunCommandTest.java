package io.trilane.tools.lab.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.engine.controller.Evidence;
import io.trilane.engine.controller.Misuse;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class LabRunCommandTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final StringWriter out = new StringWriter();

    @Test
    void printsWhatWasDoneWhatMacOsDoesAndWhatTrilaneSays() {
        assertThat(run(LONG, List.of(result("good", true)), "good")).isZero();
        assertThat(out.toString()).contains("good: a title", "done     done it", "macOS    panics (inferred)",
                "Trilane  line one", "PASS     because", "scenarios=1 passed=1 failed=0");
    }

    @Test
    void failsWhenOneFailsAndRunsTheOthers() {
        assertThat(run(LONG, List.of(result("bad", false), result("good", true)), "--all")).isEqualTo(1);
        assertThat(out.toString()).contains("FAIL     because", "PASS     because", "passed=1 failed=1");
    }

    @Test
    void whatAScenarioThrowsIsAFailureOfItsOwn() {
        Scenario broken = new Scenario("broken", "t", Optional.empty(), () -> {
            throw new AssertionError("expected 3");
        });
        assertThat(run(LONG, List.of(broken, result("good", true)), "--all")).isEqualTo(1);
        assertThat(out.toString()).contains("it threw java.lang.AssertionError: expected 3", "LabRunCommandTest",
                "passed=1 failed=1");
    }

    @Test
    void aScenarioThatHangsFailsWithTheStackWhereItStands() {
        CountDownLatch never = new CountDownLatch(1);
        Scenario hanging = new Scenario("hanging", "t", Optional.empty(), () -> {
            never.await();
            throw new IllegalStateException("not reached");
        });
        assertThat(run(Duration.ofMillis(200), List.of(hanging), "hanging")).isEqualTo(1);
        assertThat(out.toString()).contains("FAIL     limitMs=200 passed, it stands at", "CountDownLatch.await");
    }

    @Test
    void runsANameThatIsGivenTwiceOnce() {
        assertThat(run(LONG, List.of(result("good", true)), "good", "good")).isZero();
        assertThat(out.toString()).contains("scenarios=1");
    }

    @Test
    void refusesBadChoices() {
        assertThat(run(LONG, List.of(result("hot-plug", true)), "hotplug")).isEqualTo(2);
        assertThat(out.toString()).contains("scenario=hotplug is unknown, did you mean hot-plug?");
        assertThat(run(LONG, List.of(result("hot-plug", true)), "zzzzzzzz")).isEqualTo(2);
        assertThat(out.toString()).contains("see trilane lab list");
        assertThat(run(LONG, List.of(result("a", true)), "--all", "a")).isEqualTo(2);
        assertThat(out.toString()).contains("all=true excludes names=[a]");
        assertThat(run(LONG, List.of(result("a", true)))).isEqualTo(2);
        assertThat(out.toString()).contains("scenario is missing");
    }

    @Test
    void anUnknownNameStopsBeforeAnythingRuns() {
        assertThat(run(LONG, List.of(result("good", true)), "good", "unknown")).isEqualTo(2);
        assertThat(out.toString()).doesNotContain("PASS");
    }

    @Test
    void writesJsonAndNothingElse() {
        Scenario broken = new Scenario("broken", "t", Optional.of(Misuse.TARGET_EXISTS), () -> {
            throw new IllegalStateException("x \"y\"");
        });
        assertThat(run(LONG, List.of(result("good", true), broken), "--all", "--json")).isEqualTo(1);
        assertThat(out.toString()).startsWith("{\"passed\":1,\"failed\":1,\"scenarios\":[{\"name\":\"good\"")
                .contains("\"misuse\":null", "\"misuse\":\"TARGET_EXISTS\"", "\"evidence\":\"inferred\"",
                        "\"passed\":false,\"reason\":\"it threw java.lang.IllegalStateException: x \\\"y\\\"")
                .endsWith("]}\n");
    }

    @Test
    void namesAreOfWordsWithHyphensAndUnique() {
        assertThatThrownBy(() -> result("Not Good", true)).hasMessageContaining("scenario=Not Good");
        assertThatThrownBy(() -> ScenarioCatalogue.uniqueNames(List.of(result("a", true), result("a", true))))
                .hasMessageContaining("scenario=a is there twice");
    }

    private static Scenario result(String name, boolean passed) {
        return new Scenario(name, "a title", Optional.empty(),
                () -> new ScenarioResult("done it", "panics", Evidence.INFERRED, "line one\nline two", passed,
                        "because"));
    }

    private int run(Duration limit, List<Scenario> scenarios, String... args) {
        PrintWriter writer = new PrintWriter(out, true);
        return new CommandLine(new LabRunCommand(() -> scenarios, limit)).setOut(writer).setErr(writer)
                .setExecutionExceptionHandler((e, _, _) -> {
                    writer.println(e.getMessage());
                    return e instanceof IllegalArgumentException ? 2 : 99;
                }).execute(args);
    }
}
