package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.engine.SimulatedController.Fault;
import io.trilane.engine.metrics.EngineCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A million tasks through random interleavings. A failure names its seed; `-Dseed=N` runs that one again.
class SimulationTest {
    private static final long FIRST_SEED = 20_260_101L;
    private static final int RUNS = 50;
    private static final int TASKS_PER_RUN = 20_000;

    @Test
    void completesEachOfAMillionTasksExactlyOnce() {
        Long chosen = Long.getLong("seed");
        if (chosen != null) {
            run(chosen, Fault.NONE);
            return;
        }
        long delivered = 0;
        long overtakings = 0;
        long timeouts = 0;
        long stale = 0;
        long abandoned = 0;
        for (int i = 0; i < RUNS; i++) {
            Simulation simulation = run(FIRST_SEED + i, Fault.NONE);
            delivered += simulation.delivered();
            overtakings += simulation.overtakings();
            abandoned += simulation.abandoned();
            timeouts += simulation.count(EngineCounter.TIMEOUTS);
            stale += simulation.count(EngineCounter.STALE_COMPLETIONS);
        }
        assertThat(delivered).isGreaterThanOrEqualTo((long) RUNS * TASKS_PER_RUN);
        assertThat(overtakings).as("the simulation must meet what it is for").isGreaterThan(10_000);
        assertThat(abandoned).as("the simulation must meet what it is for").isPositive();
        assertThat(timeouts).as("the simulation must meet what it is for").isGreaterThan(10_000);
        assertThat(stale).as("the simulation must meet what it is for").isGreaterThan(10_000);
    }

    /// The canaries: hardware that breaks a rule must be found, by at least one of a few seeds.
    @ParameterizedTest
    @EnumSource(value = Fault.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void findsHardwareThatBreaksARule(Fault fault) {
        assertThatThrownBy(() -> {
            for (int i = 0; i < 5; i++) {
                run(FIRST_SEED + i, fault);
            }
        }).isInstanceOf(AssertionError.class).hasMessageContaining("-Dseed=");
    }

    @Test
    void isTheSameRunForTheSameSeed() {
        Simulation first = run(7, Fault.NONE);
        Simulation second = run(7, Fault.NONE);
        for (EngineCounter counter : EngineCounter.values()) {
            assertThat(second.count(counter)).as("%s", counter).isEqualTo(first.count(counter));
        }
    }

    private static Simulation run(long seed, Fault fault) {
        Simulation simulation = new Simulation(seed, TASKS_PER_RUN, fault);
        try {
            simulation.run();
            return simulation;
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed=" + seed + " fault=" + fault + ", run again with -Dseed=" + seed + ": "
                    + e.getMessage(), e);
        }
    }
}
