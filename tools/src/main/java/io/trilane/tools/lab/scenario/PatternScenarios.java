package io.trilane.tools.lab.scenario;

import io.trilane.engine.ThreadingMode;
import io.trilane.engine.controller.Evidence;
import io.trilane.engine.controller.QueueContract;
import io.trilane.engine.controller.TargetVerdict;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.queue.Reply;
import io.trilane.hba.Removal;
import io.trilane.tools.lab.scenario.PatternBench.Setting;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// How targets come and go when it is done right, under load. Stateless.
final class PatternScenarios {
    private static final long SEED = 0x5EED_0001;
    private static final int TURNS = 200;
    private static final int ROUNDS = 12;

    private PatternScenarios() {}

    static List<Scenario> all() {
        return List.of(
                pattern("pattern-create-from-auxiliary", "Targets are created synchronously from the auxiliary queue",
                        PatternScenarios::createFromAuxiliary),
                pattern("pattern-create-inside-start", "Targets are created asynchronously inside startController",
                        PatternScenarios::createInsideStart),
                pattern("pattern-hot-plug-under-load", "A target comes and goes while it and another one are used",
                        () -> hotPlug(ThreadingMode.INVOKER)),
                pattern("pattern-hot-plug-under-load-threads", "The same with a thread for each role",
                        () -> hotPlug(ThreadingMode.DEDICATED)),
                pattern("pattern-removal-in-flight", "The controller is removed with tasks in flight",
                        () -> removal(ThreadingMode.INVOKER)),
                pattern("pattern-removal-in-flight-threads", "The same with a thread for each role",
                        () -> removal(ThreadingMode.DEDICATED)));
    }

    static Scenario pattern(String name, String title, Scenario.Body body) {
        return new Scenario(name, title, Optional.empty(), body);
    }

    private static ScenarioResult createFromAuxiliary() {
        Setting setting = Setting.of(SEED).with(QueueContract.DRIVERKIT).withTargets(3, 0).creatingOnAuxiliary();
        try (PatternBench bench = new PatternBench(setting)) {
            PatternAudit audit = new PatternAudit(bench);
            audit.require(bench.loadUntil(() -> bench.controller().verdicts().size() == 3), "three verdicts");
            audit.require(bench.controller().verdicts().values().stream().allMatch(TargetVerdict.CREATED::equals),
                    "verdicts=" + bench.controller().verdicts() + " are all CREATED");
            audit.requireEqual("targets", bench.engine().targets().size(), 3);
            bench.engine().targets().forEach(bench::openLoad);
            bench.load(TURNS);
            audit.finish();
            return audit.result(
                    "startController dispatched to the auxiliary queue, which called createTarget for 3 targets"
                            + " and waited for each",
                    "UserCreateTargetForID has the auxiliary queue by declaration, so that Default"
                            + " is free for the callbacks it provokes; one driver reports that it wedges all the same",
                    Evidence.DOCUMENTED);
        }
    }

    private static ScenarioResult createInsideStart() {
        try (PatternBench bench = new PatternBench(Setting.of(SEED + 1).withTargets(3, 0))) {
            PatternAudit audit = new PatternAudit(bench);
            audit.requireEqual("targets", bench.engine().targets().size(), 3);
            bench.engine().targets().forEach(bench::openLoad);
            bench.load(TURNS);
            audit.finish();
            return audit.result("startController asked for 3 targets and returned; the launch waited for them",
                    "the call is synchronous: a driver dispatches it to its auxiliary queue and returns from start",
                    Evidence.DOCUMENTED);
        }
    }

    private static ScenarioResult hotPlug(ThreadingMode threading) {
        // Threads that sleep and wake are slow; the interleavings are other ones each time.
        int rounds = threading == ThreadingMode.INVOKER ? ROUNDS : ROUNDS / 3;
        try (PatternBench bench = new PatternBench(
                Setting.of(SEED + 2).with(threading).withTargets(1, 1).lagging())) {
            PatternAudit audit = new PatternAudit(bench);
            StampedLoad stays = bench.openLoad(0);
            StampedLoad comesAndGoes = bench.openLoad(1);
            for (int round = 0; round < rounds; round++) {
                plug(bench, audit);
                bench.load(TURNS);
                if (round < rounds - 1) {
                    unplug(bench, audit);
                    bench.load(TURNS / 4);
                }
            }
            audit.requireAtLeast("acknowledgedHere", stays.writes().acknowledged(), TURNS);
            audit.requireAtLeast("acknowledgedThere", comesAndGoes.writes().acknowledged(), rounds);
            audit.requireEqual("targets", bench.engine().counters().get(EngineCounter.TARGETS), 2);
            audit.expectLateAfterDrain(rounds - 1);
            audit.finish();
            return audit.result("target 1 was plugged " + rounds + " times and pulled " + (rounds - 1)
                    + " times under load; the driver created and destroyed it from its interrupt, asynchronously",
                    "creation from a completion queue deadlocks, so a driver dispatches it; destroying drains the target's"
                            + " tasks as DEVICE NOT PRESENT",
                    Evidence.FIELD_REPORT);
        }
    }

    private static void plug(PatternBench bench, PatternAudit audit) {
        Reply<TargetVerdict> created = bench.hardware().plug(bench.unit(1));
        audit.require(bench.loadUntil(created::isDone), "plugging ended");
        audit.require(created.isDone() && created.get() == TargetVerdict.CREATED, "plugged target is CREATED");
    }

    private static void unplug(PatternBench bench, PatternAudit audit) {
        audit.require(bench.freeze(), "both targets have tasks in flight");
        Removal removal = bench.hardware().unplug(1);
        audit.require(bench.loadUntil(removal.destroyed()::isDone), "destruction ended with tasks in flight");
        bench.controller().setFrozen(false);
        audit.require(bench.loadUntil(() -> removal.letGo().isDone() && removal.destroyed().isDone()),
                "unplugging ended");
        audit.require(Boolean.TRUE.equals(Objects.requireNonNullElse(removal.letGo().get(), false)), "hardware let go");
    }

    private static ScenarioResult removal(ThreadingMode threading) {
        try (PatternBench bench = new PatternBench(
                Setting.of(SEED + 3).with(threading).withTargets(2, 0).lagging())) {
            PatternAudit audit = new PatternAudit(bench);
            bench.openLoad(0);
            bench.openLoad(1);
            bench.load(TURNS);
            audit.require(bench.freeze(), "both targets have tasks in flight");
            bench.engine().remove();
            bench.controller().setFrozen(false);
            audit.require(bench.drain(), "every task came back");
            audit.requireEqual("targets", bench.engine().targets().size(), 0);
            audit.expectLateAfterDrain(2);
            audit.finishWithoutEngine();
            return audit.result("the hardware went away under load; tasks that the controller held were completed as"
                    + " DEVICE NOT PRESENT, targets destroyed, the controller stopped",
                    "termination drains each target after its submission calls have returned, then destroys it",
                    Evidence.DOCUMENTED);
        }
    }
}
