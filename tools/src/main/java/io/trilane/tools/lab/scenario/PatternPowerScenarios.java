package io.trilane.tools.lab.scenario;

import io.trilane.engine.SuspendPolicy;
import io.trilane.engine.controller.Evidence;
import io.trilane.engine.controller.PowerState;
import io.trilane.engine.task.TaskStatus;
import io.trilane.tools.lab.scenario.PatternBench.Setting;
import java.util.List;

/// Suspending, resuming and power, under load. Stateless.
final class PatternPowerScenarios {
    private static final long SEED = 0x5EED_0201;
    private static final int ROUNDS = 10;
    private static final int TURNS = 40;

    private PatternPowerScenarios() {}

    static List<Scenario> all() {
        return List.of(
                PatternScenarios.pattern("pattern-suspend-fail-fast", "Suspend and resume; tasks fail meanwhile",
                        PatternPowerScenarios::failFast),
                PatternScenarios.pattern("pattern-suspend-hold", "Suspend and resume; tasks wait meanwhile",
                        PatternPowerScenarios::hold),
                PatternScenarios.pattern("pattern-power-cycle", "The controller is paused, switched off and on again",
                        PatternPowerScenarios::powerCycle));
    }

    private static ScenarioResult failFast() {
        try (PatternBench bench = new PatternBench(Setting.of(SEED).lagging())) {
            PatternAudit audit = new PatternAudit(bench);
            StampedLoad load = bench.openLoad(0);
            for (int round = 0; round < ROUNDS; round++) {
                bench.load(TURNS);
                audit.require(bench.engine().suspend(), "suspended");
                long before = load.answers(TaskStatus.DELIVERY_FAILURE);
                bench.load(TURNS);
                audit.require(load.answers(TaskStatus.DELIVERY_FAILURE) > before, "tasks failed while suspended");
                audit.require(bench.drain(), "every task came back while suspended");
                audit.require(bench.engine().resume(), "resumed");
            }
            bench.load(TURNS);
            audit.requireAtLeast("failedAtOnce", load.answers(TaskStatus.DELIVERY_FAILURE), ROUNDS);
            audit.finish();
            return audit.result(ROUNDS + " times suspended and resumed under load with FAIL_FAST",
                    "the accept flag is cleared: tasks fail at once with a delivery failure, although comments suggest that"
                            + " they are queued again",
                    Evidence.DOCUMENTED);
        }
    }

    private static ScenarioResult hold() {
        try (PatternBench bench = new PatternBench(Setting.of(SEED + 1).lagging().with(SuspendPolicy.HOLD))) {
            PatternAudit audit = new PatternAudit(bench);
            StampedLoad load = bench.openLoad(0);
            int held = 0;
            for (int round = 0; round < ROUNDS; round++) {
                bench.load(TURNS);
                audit.require(bench.engine().suspend(), "suspended");
                bench.load(TURNS);
                long acknowledged = load.writes().acknowledged();
                bench.load(TURNS);
                audit.require(load.writes().acknowledged() == acknowledged, "nothing is done while suspended");
                held += load.deliveries().outstanding();
                audit.require(bench.engine().resume(), "resumed");
                audit.require(bench.drain(), "what was held came back");
            }
            audit.requireAtLeast("held", held, ROUNDS);
            audit.requireEqual("failed", load.answers(TaskStatus.DELIVERY_FAILURE), 0);
            audit.finish();
            return audit.result(ROUNDS + " times suspended and resumed under load with HOLD",
                    "not what macOS does: it fails tasks while suspended", Evidence.DOCUMENTED);
        }
    }

    private static ScenarioResult powerCycle() {
        try (PatternBench bench = new PatternBench(Setting.of(SEED + 2).lagging())) {
            PatternAudit audit = new PatternAudit(bench);
            StampedLoad load = bench.openLoad(0);
            for (int round = 0; round < ROUNDS; round++) {
                bench.load(TURNS);
                PowerState down = round % 2 == 0 ? PowerState.PAUSED : PowerState.OFF;
                audit.require(bench.engine().setPowerState(down), "power " + down);
                bench.load(TURNS);
                audit.require(bench.engine().setPowerState(PowerState.ON), "power ON");
            }
            bench.load(TURNS);
            audit.requireAtLeast("failedMeanwhile", load.answers(TaskStatus.DELIVERY_FAILURE), ROUNDS);
            audit.requireEqual("targets", bench.engine().targets().size(), 1);
            audit.finish();
            return audit.result(ROUNDS + " transitions to PAUSED or OFF and back under load, each acknowledged",
                    "SetPowerState is acknowledged by the call of super, last; without it the machine panics after 21 s",
                    Evidence.FIELD_REPORT);
        }
    }
}
