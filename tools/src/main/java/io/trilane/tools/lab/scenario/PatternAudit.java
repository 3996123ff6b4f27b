package io.trilane.tools.lab.scenario;

import io.trilane.engine.controller.Evidence;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.MisuseReport;
import io.trilane.engine.metrics.EngineCounter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What must hold when a pattern has been tried, whatever the pattern: every task came back once, every acknowledged write is
/// where it belongs by two other paths, no slot is lost, nothing was reported that was not expected. Collects what does not
/// hold. One run.
final class PatternAudit {
    private static final int MOST_TOLD = 6;

    private final PatternBench bench;
    private final List<String> faults = new ArrayList<>();
    private final List<String> facts = new ArrayList<>();
    private Set<Misuse> expected = EnumSet.noneOf(Misuse.class);

    PatternAudit(PatternBench bench) {
        this.bench = bench;
    }

    /// A harmless misuse that must be reported, and no other.
    void expect(Misuse misuse) {
        expected = EnumSet.of(misuse);
    }

    /// Targets were destroyed with tasks in flight: the driver still has to return their tokens, and each of them counts as
    /// late. Waits for all of them.
    ///
    /// @param least how many tasks must have been in flight
    void expectLateAfterDrain(int least) {
        long drained = count(EngineCounter.DRAINED);
        require(bench.idleUntil(() -> count(EngineCounter.LATE_COMPLETIONS) >= drained),
                "the driver returned every token of a target that went");
        requireAtLeast("drained", drained, least);
        requireEqual("lateCompletions", count(EngineCounter.LATE_COMPLETIONS), drained);
        expect(Misuse.LATE_COMPLETION);
    }

    /// Something of the pattern itself.
    void require(boolean holds, String what) {
        if (!holds) {
            faults.add("not so: " + what);
        }
    }

    /// The same for a number, which is told.
    void requireEqual(String name, long actual, long wanted) {
        facts.add(name + "=" + actual);
        if (actual != wanted) {
            faults.add(name + "=" + actual + " != " + wanted);
        }
    }

    /// The same for a number that must not be too small.
    void requireAtLeast(String name, long actual, long least) {
        facts.add(name + "=" + actual);
        if (actual < least) {
            faults.add(name + "=" + actual + " < " + least);
        }
    }

    /// Waits for what is in flight and judges everything, reading through another client while the engine runs. Then closes
    /// the engine and reads the images.
    void finish() {
        require(bench.drain(), "every task came back");
        bench.readThroughAnotherClient();
        requireEqual("freeSlots", bench.freeSlots(), PatternBench.MAX_TASKS);
        finishWithoutEngine();
    }

    /// The same when the controller is gone.
    void finishWithoutEngine() {
        judgeCounters();
        bench.closeEngine();
        bench.readImages();
        long acknowledged = 0;
        long checked = 0;
        long tasks = 0;
        for (StampedLoad load : bench.loads()) {
            faults.addAll(load.faults());
            acknowledged += load.writes().acknowledged();
            checked += load.writes().checked();
            tasks += load.deliveries().submissions();
        }
        requireAtLeast("tasks", tasks, 1);
        requireAtLeast("acknowledgedWrites", acknowledged, 1);
        requireAtLeast("checkedPlaces", checked, 1);
        requireZero(EngineCounter.QUARANTINED);
        judgeMisuses();
    }

    List<String> faults() {
        return List.copyOf(faults);
    }

    ScenarioResult result(String done, String macOs, Evidence evidence) {
        String reason = faults.isEmpty()
                ? "every task came back once, every acknowledged write is there over two other paths"
                : faults.stream().limit(MOST_TOLD).collect(Collectors.joining("; "))
                        + (faults.size() > MOST_TOLD ? "; and " + (faults.size() - MOST_TOLD) + " more" : "");
        return new ScenarioResult(done, macOs, evidence, String.join(" ", facts), faults.isEmpty(), reason);
    }

    private void judgeCounters() {
        requireZero(EngineCounter.CONTROLLER_ERRORS);
        requireZero(EngineCounter.STALE_RELEASES);
        if (!expected.contains(Misuse.DOUBLE_COMPLETION)) {
            requireZero(EngineCounter.STALE_COMPLETIONS);
        }
        if (!expected.contains(Misuse.LATE_COMPLETION)) {
            requireZero(EngineCounter.LATE_COMPLETIONS);
        }
        long own = bench.loads().stream().mapToLong(load -> load.deliveries().submissions()).sum();
        long submitted = count(EngineCounter.SUBMITTED);
        require(submitted >= own, "SUBMITTED=" + submitted + " >= tasks=" + own);
    }

    private void judgeMisuses() {
        Set<Misuse> found = EnumSet.noneOf(Misuse.class);
        for (MisuseReport report : bench.engine().misuses().reports()) {
            if (found.add(report.misuse()) && !expected.contains(report.misuse())) {
                faults.add("misuse " + report.describe().strip());
            }
        }
        expected.stream().filter(misuse -> !found.contains(misuse))
                .forEach(misuse -> faults.add("misuse " + misuse + " was not reported"));
        facts.add("misuses=" + (found.isEmpty() ? "none" : found.toString()));
    }

    private void requireZero(EngineCounter counter) {
        long value = count(counter);
        require(value == 0, counter + "=" + value + " = 0");
    }

    private long count(EngineCounter counter) {
        return bench.engine().counters().get(counter);
    }
}
