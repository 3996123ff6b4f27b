package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.ProbedController.Answer;
import io.trilane.engine.controller.Framework;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Targets whose media parameters have changed are asked anew: after the last change, and not more often than needed.
class RescanTest {
    private final ManualClock clock = new ManualClock();
    private final ProbedTarget target = new ProbedTarget();
    private final ProbedController controller = new ProbedController(target);
    private final Engine engine = Engine.launch(EngineConfig.defaults().withMaxTasks(8).withDataBudgetBytes(4 << 20)
            .withSimulatedTime(clock).withCountersDirectory(Optional.empty()).withCloseTimeoutNs(1_000_000),
            controller);
    private final Framework framework = engine.core().framework();

    @AfterEach
    void everyJobHasEnded() {
        pump();
        assertThat(engine.core().targets().isSettled()).isTrue();
        assertThat(engine.misuses().reports()).isEmpty();
        engine.close();
    }

    @Test
    void asksEveryTargetOnceHoweverOftenItIsTold() {
        pump();
        int asked = inquiries();
        for (int i = 0; i < 100_000; i++) {
            framework.mediaParametersHaveChanged();
        }
        pump();
        assertThat(inquiries() - asked).isEqualTo(engine.targets().size()).isPositive();
    }

    @Test
    void asksOnceMoreAfterTheLastChangeThatCameWhileItWasAsking() {
        pump();
        int asked = inquiries();
        framework.mediaParametersHaveChanged();
        while (capacityQuestions() == 0) {
            engine.doWork();
        }
        for (int blocks = 1; blocks <= 200; blocks++) {
            // READ CAPACITY (10) was answered with the old capacity; this one is the last.
            target.always(ProbedTarget.READ_CAPACITY_10, 0, Answer.good(0, 0, 0, blocks, 0, 0, 2, 0));
            framework.mediaParametersHaveChanged();
            engine.doWork();
        }
        pump();
        assertThat(engine.targetInfo(0).orElseThrow().units().getFirst().blocks()).isEqualTo(201);
        assertThat(inquiries() - asked).as("far fewer than changes").isLessThan(200 * engine.targets().size() / 4);
    }

    @Test
    void changesWhileAProbeHangsEndInOneProbeMore() {
        pump();
        int asked = inquiries();
        framework.mediaParametersHaveChanged();
        int targets = engine.targets().size();
        while (inquiries() - asked < targets) {
            engine.doWork();
        }
        for (int i = 0; i < 500; i++) {
            framework.mediaParametersHaveChanged();
            engine.core().targets().doWork(clock.getAsLong());
        }
        pump();
        assertThat(inquiries() - asked).isEqualTo(2 * targets);
    }

    private int inquiries() {
        return (int) controller.commands.stream().filter(c -> c.operationCode() == ProbedTarget.INQUIRY).count();
    }

    private long capacityQuestions() {
        return controller.commands.stream().skip(asked())
                .filter(c -> c.operationCode() == ProbedTarget.READ_CAPACITY_10)
                .count();
    }

    private long asked() {
        return 5L * engine.targets().size();
    }

    private void pump() {
        int cycles = 0;
        while (engine.doWork() > 0 || !engine.core().targets().isSettled()) {
            if (++cycles > 100_000) {
                throw new AssertionError("work without end");
            }
        }
    }
}
