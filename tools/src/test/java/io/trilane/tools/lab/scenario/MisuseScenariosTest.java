package io.trilane.tools.lab.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.controller.Misuse;
import io.trilane.engine.task.Role;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskToken;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every scenario of the catalogue passes, every misuse has one, and a trial can fail.
@Timeout(60)
class MisuseScenariosTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    static List<Scenario> scenarios() {
        return ScenarioCatalogue.all();
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void passes(Scenario scenario) throws InterruptedException {
        ScenarioRun run = ScenarioRun.of(scenario, LIMIT);
        assertThat(run.isPassed()).as("%s: %s", scenario.name(), run.reason()).isTrue();
    }

    @Test
    void everyMisuseHasAScenario() {
        Set<Misuse> without = EnumSet.allOf(Misuse.class);
        scenarios().forEach(scenario -> scenario.misuse().ifPresent(without::remove));
        assertThat(without).isEmpty();
    }

    @Test
    void tellsTheReportThatTheEngineMade() throws InterruptedException {
        ScenarioResult result = result("double-completion");
        assertThat(result.trilane()).startsWith("DOUBLE_COMPLETION: token=").contains("  macOS: ", "  remedy: ");
        assertThat(result.macOs()).isEqualTo(Misuse.DOUBLE_COMPLETION.consequence());
        assertThat(result.reason()).startsWith("reports=[DOUBLE_COMPLETION] as expected");
    }

    @Test
    void tellsTheTextOfALaunchThatFailed() throws InterruptedException {
        assertThat(result("task-count-zero").trilane()).startsWith("controller=NoTasks did not start: ")
                .contains("\nTASK_COUNT_ZERO: maximumTaskCount=0 < 1", "  remedy: ");
    }

    @Test
    void failsWhenAnotherMisuseIsReported() throws Exception {
        ScenarioResult result = MisuseTrial.of(Misuse.LATE_COMPLETION, "d",
                (wrong, seen) -> commits(1, wrong, seen)).run();
        assertThat(result.passed()).isFalse();
        assertThat(result.reason()).isEqualTo("reports=[DOUBLE_COMPLETION] are not expected=[LATE_COMPLETION]");
    }

    @Test
    void failsWhenNothingIsReported() throws Exception {
        ScenarioResult result = MisuseTrial.of(Misuse.DOUBLE_COMPLETION, "d", (_, seen) -> {
            try (LabBench bench = new LabBench(new LabController(), seen)) {
                seen.that("block 3 is read", bench.reads(3));
            }
        }).run();
        assertThat(result.passed()).isFalse();
        assertThat(result.reason()).isEqualTo("reports=[] are not expected=[DOUBLE_COMPLETION]");
    }

    @Test
    void failsWhenTheReportsDoNotReachTheLog() throws Exception {
        ScenarioResult result = MisuseTrial.of(Misuse.DOUBLE_COMPLETION, "d",
                (wrong, _) -> commits(1, wrong, new Observation())).run();
        assertThat(result.passed()).isFalse();
        assertThat(result.reason()).isEqualTo("reports=[] are not expected=[DOUBLE_COMPLETION]");
    }

    @Test
    void failsWhenItIsReportedTwice() throws Exception {
        ScenarioResult result = MisuseTrial.of(Misuse.DOUBLE_COMPLETION, "d",
                (wrong, seen) -> commits(2, wrong, seen)).run();
        assertThat(result.passed()).isFalse();
        assertThat(result.reason()).startsWith("reports=[DOUBLE_COMPLETION, DOUBLE_COMPLETION] are not");
    }

    @Test
    void failsWhenTheReportSaysSomethingElse() throws Exception {
        ScenarioResult result = MisuseTrial.of(Misuse.DOUBLE_COMPLETION, "d",
                (wrong, seen) -> commits(1, wrong, seen), "slot=77").run();
        assertThat(result.passed()).isFalse();
        assertThat(result.reason()).isEqualTo("no report contains: slot=77");
    }

    @Test
    void failsWhenTheNeighbourIsReportedToo() throws Exception {
        ScenarioResult result = MisuseTrial.of(Misuse.DOUBLE_COMPLETION, "d",
                (_, seen) -> commits(1, true, seen)).run();
        assertThat(result.passed()).isFalse();
        assertThat(result.reason()).startsWith("without the mistake reports=[DOUBLE_COMPLETION] are not none");
    }

    @Test
    void failsWhenACheckDoesNotHold() throws Exception {
        ScenarioResult result = MisuseTrial.of(Misuse.DOUBLE_COMPLETION, "d", (wrong, seen) -> {
            commits(1, wrong, seen);
            seen.that("the right one", wrong);
        }).run();
        assertThat(result.passed()).isFalse();
        assertThat(result.reason()).isEqualTo("does not hold without the mistake: the right one");
    }

    @Test
    void theBenchNoticesATaskThatIsLost() {
        Observation seen = new Observation();
        LabController loses = new LabController() {
            @Override
            void onFinished(Task task, long token) {
                if (!isRead(task)) {
                    complete(token);
                }
            }
        };
        try (LabBench bench = new LabBench(loses, seen)) {
            assertThat(bench.reads(3)).isFalse();
        }
        assertThat(seen.failedChecks()).anySatisfy(check -> assertThat(check).contains("delivered exactly once"))
                .anySatisfy(check -> assertThat(check).startsWith("free tasks=7"));
    }

    @Test
    void theBenchNoticesDataOfAnotherBlock() {
        Observation seen = new Observation();
        LabController swaps = new LabController() {
            @Override
            void onFinished(Task task, long token) {
                if (isRead(task)) {
                    long _ = task.extents().scatter(MemorySegment.ofArray(new byte[8]), 0, 504, 8);
                }
                complete(token);
            }
        };
        try (LabBench bench = new LabBench(swaps, seen)) {
            assertThat(bench.reads(3)).isFalse();
        }
        assertThat(seen.failedChecks()).isEmpty();
    }

    private static void commits(int times, boolean wrong, Observation seen) {
        LabController controller = new LabController();
        try (LabBench bench = new LabBench(controller, seen)) {
            for (int i = 0; i < times && wrong; i++) {
                assertThat(bench.on(Role.INTERRUPT, () -> controller.complete(TaskToken.NONE))).isTrue();
            }
        }
    }

    private static ScenarioResult result(String name) throws InterruptedException {
        Scenario scenario =
                scenarios().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
        return ScenarioRun.of(scenario, LIMIT).result().orElseThrow();
    }
}
