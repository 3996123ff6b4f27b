package io.trilane.tools.lab.scenario;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// One run of a scenario. Immutable.
///
/// @param scenario which
/// @param result   what came of it; empty when it threw or did not end
/// @param failure  why there is no result: what it threw, or where it stood; empty otherwise
record ScenarioRun(Scenario scenario, Optional<ScenarioResult> result, String failure) {

    /// Runs it on a daemon thread and waits `limit` at most, so that a scenario that hangs is a failure and not a hang.
    static ScenarioRun of(Scenario scenario, Duration limit) throws InterruptedException {
        AtomicReference<ScenarioRun> answer = new AtomicReference<>();
        CountDownLatch ended = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().daemon().name("scenario " + scenario.name()).start(() -> {
            try {
                answer.set(finished(scenario));
            } finally {
                ended.countDown();
            }
        });
        boolean _ = ended.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        ScenarioRun run = answer.get();
        if (run != null) {
            return run;
        }
        String stack = stack(thread.getStackTrace());
        thread.interrupt();
        return new ScenarioRun(scenario, Optional.empty(),
                "limitMs=" + limit.toMillis() + " passed, it stands at" + stack);
    }

    boolean isPassed() {
        return result.filter(ScenarioResult::passed).isPresent();
    }

    /// Why it passed or failed.
    String reason() {
        return result.map(ScenarioResult::reason).orElse(failure);
    }

    private static ScenarioRun finished(Scenario scenario) {
        try {
            return new ScenarioRun(scenario, Optional.of(scenario.body().run()), "");
        } catch (Throwable e) { // an AssertionError as well: a scenario may end in any way, the others still run
            return new ScenarioRun(scenario, Optional.empty(), "it threw " + e + stack(e.getStackTrace()));
        }
    }

    private static String stack(StackTraceElement[] frames) {
        StringBuilder text = new StringBuilder();
        for (StackTraceElement frame : frames) {
            text.append(System.lineSeparator()).append("    at ").append(frame);
        }
        return text.toString();
    }
}
