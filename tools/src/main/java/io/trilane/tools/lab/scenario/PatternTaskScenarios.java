package io.trilane.tools.lab.scenario;

import io.trilane.engine.controller.Evidence;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.TaskStatus;
import io.trilane.tools.lab.scenario.CompletionTap.Fault;
import io.trilane.tools.lab.scenario.PatternBench.Setting;
import java.util.List;

/// What happens to tasks of a correct controller, under load: aborts, resets, refusals, completions that are late or come
/// twice. Stateless.
final class PatternTaskScenarios {
    private static final long SEED = 0x5EED_0101;
    private static final int ROUNDS = 60;
    private static final int TURNS = 300;
    private static final int TIMEOUT_MILLIS = 100;
    private static final List<TaskManagementFunction> RESETS = List.of(TaskManagementFunction.LOGICAL_UNIT_RESET,
            TaskManagementFunction.TARGET_RESET, TaskManagementFunction.I_T_NEXUS_RESET,
            TaskManagementFunction.CLEAR_TASK_SET, TaskManagementFunction.ABORT_TASK_SET);

    private PatternTaskScenarios() {}

    static List<Scenario> all() {
        return List.of(
                PatternScenarios.pattern("pattern-abort-under-load", "Single tasks are aborted while others run",
                        PatternTaskScenarios::aborts),
                PatternScenarios.pattern("pattern-reset-storm", "Resets follow each other under load",
                        PatternTaskScenarios::resets),
                PatternScenarios.pattern("pattern-task-set-full-storm",
                        "Every other task is refused with TASK SET FULL",
                        PatternTaskScenarios::taskSetFull),
                PatternScenarios.pattern("pattern-late-completions",
                        "Completions come after the deadline of their tasks",
                        PatternTaskScenarios::late),
                PatternScenarios.pattern("pattern-double-completions", "Some tokens are completed twice",
                        PatternTaskScenarios::twice));
    }

    private static ScenarioResult aborts() {
        try (PatternBench bench = new PatternBench(Setting.of(SEED).lagging())) {
            PatternAudit audit = new PatternAudit(bench);
            StampedLoad load = bench.openLoad(0);
            StampedLoad other = bench.openLoad(0);
            int complete = 0;
            for (int i = 0; i < ROUNDS; i++) {
                bench.load(2);
                // A tag of the last few: some are in flight, some have ended; both is FUNCTION COMPLETE.
                long tag = load.lastTag() - bench.random().nextInt(6);
                ServiceResponse verdict = load.client().manageTask(TaskManagementFunction.ABORT_TASK, 0, 0, tag);
                complete += verdict == ServiceResponse.FUNCTION_COMPLETE ? 1 : 0;
            }
            bench.load(TURNS);
            audit.requireEqual("functionComplete", complete, ROUNDS);
            audit.requireAtLeast("aborted", load.answers(TaskStatus.NO_STATUS), ROUNDS / 2);
            audit.requireEqual("abortedOfTheOther", other.answers(TaskStatus.NO_STATUS), 0);
            audit.finish();
            return audit.result("one client aborted " + ROUNDS + " of its tasks by tag, another one worked on",
                    "the six calls are forwarded to the driver, whose verdict is synchronous; they complete nothing by"
                            + " themselves, the driver completes each aborted task",
                    Evidence.INFERRED);
        }
    }

    private static ScenarioResult resets() {
        try (PatternBench bench = new PatternBench(Setting.of(SEED + 1).withTargets(2, 0).lagging())) {
            PatternAudit audit = new PatternAudit(bench);
            StampedLoad load = bench.openLoad(0);
            bench.openLoad(0);
            StampedLoad elsewhere = bench.openLoad(1);
            int complete = 0;
            for (int i = 0; i < ROUNDS; i++) {
                bench.load(3);
                TaskManagementFunction function = RESETS.get(bench.random().nextInt(RESETS.size()));
                complete += load.client().manageTask(function, 0, 0, 0) == ServiceResponse.FUNCTION_COMPLETE ? 1 : 0;
            }
            bench.load(TURNS);
            audit.requireEqual("functionComplete", complete, ROUNDS);
            audit.requireAtLeast("acknowledgedElsewhere", elsewhere.writes().acknowledged(), ROUNDS);
            audit.requireAtLeast("checkConditions", load.answers(TaskStatus.CHECK_CONDITION), 2);
            audit.finish();
            return audit.result(
                    ROUNDS + " resets and clears of target 0 in a row, with two clients on it and one on target 1",
                    "resets reach the driver on Default, behind the submissions that wait there",
                    Evidence.INFERRED);
        }
    }

    private static ScenarioResult taskSetFull() {
        try (PatternBench bench = new PatternBench(Setting.of(SEED + 2))) {
            PatternAudit audit = new PatternAudit(bench);
            StampedLoad load = bench.openLoad(0);
            bench.openLoad(0);
            bench.load(4);
            bench.controller().setStorming(true);
            audit.require(bench.loadUntil(() -> bench.controller().refusals() >= TURNS), "the storm goes on");
            audit.require(bench.drain(), "every task came back during the storm");
            bench.controller().setStorming(false);
            bench.load(TURNS);
            audit.requireAtLeast("refusals", bench.controller().refusals(), TURNS);
            audit.requireAtLeast("resends", bench.engine().counters().get(EngineCounter.RESENDS), 1);
            long exhausted = bench.engine().counters().get(EngineCounter.RESENDS_EXHAUSTED);
            audit.requireAtLeast("exhausted", exhausted, 1);
            long busy = bench.loads().stream().mapToLong(each -> each.answers(TaskStatus.BUSY)).sum();
            audit.requireEqual("busy", busy, exhausted);
            audit.requireEqual("seenByTheClient", load.answers(TaskStatus.TASK_SET_FULL), 0);
            audit.requireEqual("refusedAndSentAgain", bench.controller().refusals(),
                    bench.engine().counters().get(EngineCounter.RESENDS) + exhausted);
            audit.finish();
            return audit.result("the driver refused every other task; the framework sent them again, three times each",
                    "a refused task keeps its slot and is sent again by a completion, or after 10 s; after three times the"
                            + " client sees BUSY",
                    Evidence.DOCUMENTED);
        }
    }

    private static ScenarioResult late() {
        try (PatternBench bench = new PatternBench(Setting.of(SEED + 3))) {
            PatternAudit audit = new PatternAudit(bench);
            audit.expect(Misuse.LATE_COMPLETION);
            StampedLoad load = bench.openLoad(0);
            bench.load(4);
            // What has no deadline yet would never come back.
            audit.require(bench.drain(), "every task came back before");
            load.setTimeoutMillis(TIMEOUT_MILLIS);
            for (int round = 0; round < 4; round++) {
                bench.controller().tap().arm(Fault.LATE);
                bench.load(6);
                bench.controller().tap().arm(Fault.NONE);
                audit.require(bench.drain(), "every task came back, some by their deadline");
                audit.require(bench.controller().tap().releaseWithheld(), "the late ones were dispatched");
                bench.load(4);
            }
            long late = bench.controller().tap().picked();
            audit.requireAtLeast("late", late, 4);
            audit.requireEqual("timeouts", bench.engine().counters().get(EngineCounter.TIMEOUTS), late);
            audit.requireEqual("lateCompletions", bench.engine().counters().get(EngineCounter.LATE_COMPLETIONS), late);
            audit.requireEqual("seenByTheClient", load.answers(TaskStatus.TASK_TIMEOUT_OCCURRED), late);
            audit.finish();
            return audit.result("the driver completed one task in eight only after its deadline of " + TIMEOUT_MILLIS
                    + " ms", Misuse.LATE_COMPLETION.consequence(), Misuse.LATE_COMPLETION.evidence());
        }
    }

    private static ScenarioResult twice() {
        try (PatternBench bench = new PatternBench(Setting.of(SEED + 4))) {
            PatternAudit audit = new PatternAudit(bench);
            audit.expect(Misuse.DOUBLE_COMPLETION);
            bench.openLoad(0);
            bench.load(4);
            bench.controller().tap().arm(Fault.DOUBLE);
            bench.load(TURNS);
            bench.controller().tap().arm(Fault.NONE);
            audit.requireAtLeast("doubled", bench.controller().tap().picked(), 1);
            audit.requireEqual("staleCompletions", bench.engine().counters().get(EngineCounter.STALE_COMPLETIONS),
                    bench.controller().tap().picked());
            audit.finish();
            return audit.result("the driver completed one token in eight twice",
                    Misuse.DOUBLE_COMPLETION.consequence(), Misuse.DOUBLE_COMPLETION.evidence());
        }
    }
}
