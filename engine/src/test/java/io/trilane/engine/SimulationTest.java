package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.engine.metrics.EngineCounter;
import java.util.EnumMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every invariant in random interleavings. A failure names its seed; `-Dseed=N` runs that one again, and
/// `-Dtrilane.simulation.seeds=N` says how many there are (the profile `nightly`: ten thousand).
class SimulationTest {
    private static final long FIRST_SEED = 20_260_101L;
    private static final int USUAL_SEEDS = 500;
    private static final int TASKS_PER_SEED = 800;
    private static final int CANARY_SEEDS = 40;

    private final Logger logger = Logger.getLogger("io.trilane.engine");

    /// Controllers throw on purpose, and each exception is logged.
    @BeforeEach
    void keepTheLogQuiet() {
        logger.setLevel(Level.OFF);
    }

    @AfterEach
    void letTheLogSpeak() {
        logger.setLevel(null);
    }

    @Test
    void keepsEveryInvariantInRandomInterleavings() {
        Long chosen = Long.getLong("seed");
        if (chosen != null) {
            Simulation _ = run(chosen, SimulatedFault.NONE);
            return;
        }
        int seeds = Integer.getInteger("trilane.simulation.seeds", USUAL_SEEDS);
        Map<SimulatedEvent, Long> events = new EnumMap<>(SimulatedEvent.class);
        for (int i = 0; i < seeds; i++) {
            run(FIRST_SEED + i, SimulatedFault.NONE).events().forEach((event, n) -> events.merge(event, n, Long::sum));
        }
        for (SimulatedEvent event : SimulatedEvent.values()) {
            assertThat(events.getOrDefault(event, 0L)).as("the simulation must meet what it is for: %s", event)
                    .isGreaterThanOrEqualTo((long) event.leastOf500() * seeds / USUAL_SEEDS);
        }
    }

    /// The canaries: hardware that breaks a rule must be found, by at least one of a few seeds.
    @ParameterizedTest
    @EnumSource(value = SimulatedFault.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void findsHardwareThatBreaksARule(SimulatedFault fault) {
        assertThatThrownBy(() -> {
            for (int i = 0; i < CANARY_SEEDS; i++) {
                Simulation _ = run(FIRST_SEED + i, fault);
            }
        }).isInstanceOf(AssertionError.class).hasMessageContaining("-Dseed=");
    }

    @Test
    void isTheSameRunForTheSameSeed() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + 5; seed++) {
            Simulation first = run(seed, SimulatedFault.NONE);
            Simulation second = run(seed, SimulatedFault.NONE);
            assertThat(second.events()).isEqualTo(first.events());
            for (EngineCounter counter : EngineCounter.values()) {
                assertThat(second.count(counter)).as("%s", counter).isEqualTo(first.count(counter));
            }
        }
    }

    private static Simulation run(long seed, SimulatedFault fault) {
        try {
            Simulation simulation = new Simulation(seed, TASKS_PER_SEED, fault);
            simulation.run();
            return simulation;
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed=" + seed + " fault=" + fault
                    + ", run again with ./mvnw test -pl engine -Dtest=SimulationTest -Dseed=" + seed + ": "
                    + e.getMessage(), e);
        }
    }
}
