package io.trilane.engine.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.metrics.EngineCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTableTest {
    private final CountersFile counters = CountersFile.inMemory();
    private final TargetTable table = new TargetTable(counters);

    @Test
    void knowsWhichIdsATargetMayHave() {
        table.setRange(7, 9);
        assertThat(table.isLegal(0)).isTrue();
        assertThat(table.isLegal(9)).as("inclusive").isTrue();
        assertThat(table.isLegal(10)).isFalse();
        assertThat(table.isLegal(7)).as("the initiator").isFalse();
        assertThat(table.isLegal(-1)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 63, 64, 65_535, 65_536, 1L << 50})
    void acceptsTasksOfOneIdOnly(long id) {
        table.setAccepts(id, true);
        assertThat(table.accepts(id)).isTrue();
        assertThat(table.accepts(id + 1)).isFalse();
        assertThat(table.accepts(id - 1)).isFalse();
        table.setAccepts(id, true);
        table.setAccepts(id, false);
        assertThat(table.accepts(id)).isFalse();
    }

    @Test
    void acceptsNoneBelowZero() {
        table.setAccepts(0, true);
        assertThat(table.accepts(-64)).isFalse();
        assertThat(table.accepts(Long.MIN_VALUE)).isFalse();
    }

    @Test
    void countsTargetsThatArePresent() {
        table.setState(3, TargetTable.State.CREATING);
        assertThat(table.present()).isEmpty();
        table.setState(3, TargetTable.State.PRESENT);
        table.setState(1, TargetTable.State.PRESENT);
        table.setState(5, TargetTable.State.DESTROYING);
        assertThat(table.present()).containsExactly(1L, 3L);
        assertThat(table.all()).containsExactly(1L, 3L, 5L);
        assertThat(counters.get(EngineCounter.TARGETS)).isEqualTo(2);
        table.setState(3, null);
        assertThat(table.state(3)).isNull();
        assertThat(counters.get(EngineCounter.TARGETS)).isEqualTo(1);
    }
}
