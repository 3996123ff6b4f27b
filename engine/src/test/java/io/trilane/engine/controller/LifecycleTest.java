package io.trilane.engine.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.metrics.EngineCounter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LifecycleTest {
    private static final Map<LifecycleState, Set<LifecycleState>> LEGAL = new EnumMap<>(LifecycleState.class);

    static {
        LEGAL.put(LifecycleState.NEW, EnumSet.of(LifecycleState.ALLOCATED, LifecycleState.GONE));
        LEGAL.put(LifecycleState.ALLOCATED, EnumSet.of(LifecycleState.STARTED, LifecycleState.STOPPED));
        LEGAL.put(LifecycleState.STARTED, EnumSet.of(LifecycleState.CONFIGURED, LifecycleState.STOPPED));
        LEGAL.put(LifecycleState.CONFIGURED, EnumSet.of(LifecycleState.PROVISIONED, LifecycleState.STOPPED));
        LEGAL.put(LifecycleState.PROVISIONED, EnumSet.of(LifecycleState.ACCEPTING, LifecycleState.STOPPED));
        LEGAL.put(LifecycleState.ACCEPTING, EnumSet.of(LifecycleState.ONLINE, LifecycleState.DRAINING));
        LEGAL.put(LifecycleState.ONLINE, EnumSet.of(LifecycleState.SUSPENDED, LifecycleState.PAUSED,
                LifecycleState.OFF, LifecycleState.DRAINING));
        LEGAL.put(LifecycleState.SUSPENDED, EnumSet.of(LifecycleState.ONLINE, LifecycleState.DRAINING));
        LEGAL.put(LifecycleState.PAUSED, EnumSet.of(LifecycleState.ONLINE, LifecycleState.DRAINING));
        LEGAL.put(LifecycleState.OFF, EnumSet.of(LifecycleState.ONLINE, LifecycleState.DRAINING));
        LEGAL.put(LifecycleState.DRAINING, EnumSet.of(LifecycleState.STOPPED));
        LEGAL.put(LifecycleState.STOPPED, EnumSet.of(LifecycleState.GONE));
        LEGAL.put(LifecycleState.GONE, EnumSet.noneOf(LifecycleState.class));
    }

    private final CountersFile counters = CountersFile.inMemory();
    private final Lifecycle lifecycle = new Lifecycle(counters);

    @ParameterizedTest
    @EnumSource(LifecycleState.class)
    void movesExactlyAsTheTableSaysAndPublishesTheState(LifecycleState from) {
        for (LifecycleState to : LifecycleState.values()) {
            counters.set(EngineCounter.LIFECYCLE_STATE, from.ordinal());
            if (LEGAL.get(from).contains(to)) {
                lifecycle.transition(to, "test");
                assertThat(lifecycle.state()).isSameAs(to);
                assertThat(lifecycle.reason()).isEqualTo("test");
                assertThat(counters.get(EngineCounter.LIFECYCLE_STATE)).isEqualTo(to.ordinal());
            } else {
                assertThatThrownBy(() -> lifecycle.transition(to, "test")).isInstanceOf(IllegalStateException.class)
                        .hasMessage("lifecycle=" + from + " cannot become " + to + " (test)");
                assertThat(lifecycle.state()).isSameAs(from);
            }
        }
    }

    @Test
    void startsNewAndCanEndFromEveryState() {
        assertThat(lifecycle.state()).isSameAs(LifecycleState.NEW);
        for (LifecycleState start : LifecycleState.values()) {
            assertThat(reachable(start)).as("from %s", start).contains(LifecycleState.GONE);
        }
    }

    @Test
    void acceptsTasksFromAcceptingUntilDraining() {
        assertThat(List.of(LifecycleState.values())).filteredOn(LifecycleState::acceptsTasks)
                .containsExactly(LifecycleState.ACCEPTING, LifecycleState.ONLINE, LifecycleState.SUSPENDED,
                        LifecycleState.PAUSED, LifecycleState.OFF);
        assertThat(List.of(LifecycleState.values())).filteredOn(LifecycleState::isSuspended)
                .containsExactly(LifecycleState.SUSPENDED, LifecycleState.PAUSED, LifecycleState.OFF);
    }

    private static Set<LifecycleState> reachable(LifecycleState start) {
        Set<LifecycleState> seen = EnumSet.of(start);
        Deque<LifecycleState> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            LifecycleState from = open.pop();
            for (LifecycleState to : LifecycleState.values()) {
                if (from.canBecome(to) && seen.add(to)) {
                    open.push(to);
                }
            }
        }
        return seen;
    }
}
