package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.engine.controller.QueueContract;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EngineConfigTest {
    private static final EngineConfig DEFAULTS = EngineConfig.defaults();

    @Test
    void saysWhichValueIsWrongAgainstWhichLimitAndWhatToDo() {
        refuses(() -> DEFAULTS.withMaxTasks(0), "maxTasks=0 not in 1..65536, choose a value in that range");
        refuses(() -> DEFAULTS.withMaxTasks(65537), "maxTasks=65537 not in 1..65536, choose a value in that range");
        refuses(() -> DEFAULTS.withDataBudgetBytes(4096),
                "dataBudgetBytes=4096 not in 1048576..1099511627776, choose a value in that range");
        refuses(() -> DEFAULTS.withDataBudgetBytes(1L << 41),
                "dataBudgetBytes=2199023255552 not in 1048576..1099511627776, choose a value in that range");
        refuses(() -> DEFAULTS.withMaxTasks(8).withClientMaxTasks(9),
                "clientMaxTasks=9 not in 1..maxTasks=8, lower clientMaxTasks or raise maxTasks");
        refuses(() -> DEFAULTS.withClientMaxTasks(0),
                "clientMaxTasks=0 not in 1..maxTasks=1024, lower clientMaxTasks or raise maxTasks");
        refuses(() -> DEFAULTS.withShard(256), "shard=256 not in 0..255, run fewer engines");
        refuses(() -> DEFAULTS.withShard(-1), "shard=-1 not in 0..255, run fewer engines");
        refuses(() -> DEFAULTS.withCloseTimeoutNs(0), "closeTimeoutNs=0 < 1, choose positive times");
    }

    @Test
    void acceptsItsLimits() {
        assertThat(DEFAULTS.withMaxTasks(1).withDataBudgetBytes(1 << 20).withShard(255).maxTasks()).isEqualTo(1);
        assertThat(DEFAULTS.withMaxTasks(65536).withDataBudgetBytes(1L << 40).clientMaxTasks()).isEqualTo(65536);
    }

    @Test
    void changesOneThingAtATime() {
        EngineConfig changed = DEFAULTS.withMaxTasks(16).withDataBudgetBytes(2 << 20).withClientMaxTasks(4)
                .withThreading(ThreadingMode.DEDICATED).withContract(QueueContract.DRIVERKIT).withShard(3)
                .withCountersDirectory(Optional.of(Path.of("counters"))).withCloseTimeoutNs(7);
        assertThat(changed).isEqualTo(new EngineConfig(16, 2 << 20, 4, ThreadingMode.DEDICATED, QueueContract.DRIVERKIT,
                3, Optional.of(Path.of("counters")), DEFAULTS.nanoClock(), DEFAULTS.stallThresholdNs(), 7, false,
                DEFAULTS.framework(), Optional.empty()));
    }

    @Test
    void simulatedTimeBringsInlineSlowWorkAndNoFile() {
        EngineConfig simulated = DEFAULTS.withSimulatedTime(() -> 42);
        assertThat(simulated.nanoClock().getAsLong()).isEqualTo(42);
        assertThat(simulated.inlineSlowWork()).isTrue();
        assertThat(simulated.countersDirectory()).isEmpty();
    }

    @Test
    void statesTheMostMemoryItCanCommit() {
        assertThat(DEFAULTS.withMaxTasks(10).withDataBudgetBytes(1 << 20).totalMemoryBytes())
                .isEqualTo(10 * (128 + 384 + 256) + (1 << 20));
    }

    private static void refuses(Runnable change, String message) {
        assertThatThrownBy(change::run).isInstanceOf(IllegalArgumentException.class).hasMessageEndingWith(message);
    }
}
