package io.trilane.tools.lab.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.engine.controller.Completer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// On a clock that goes one nanosecond per look, so that what was paid can be read off.
class CrossingTollTest {
    private static final int CALL_NS = 1000;
    private static final int WAKE_UP_NS = 100;

    private long nowNs;
    private final CrossingToll toll = new CrossingToll(new CrossingPrice(CALL_NS, WAKE_UP_NS, true), () -> nowNs++);
    private final List<Integer> calls = new ArrayList<>();

    @Test
    void aCallCostsItsPrice() {
        assertThat(paid(() -> toll.call(CrossingToll.COMMAND_BYTES))).isEqualTo(CALL_NS);
    }

    @Test
    void aWakeUpIsPaidOnlyWhereTheWorkMovesToAnotherQueue() {
        assertThat(paid(() -> toll.enter(CrossingToll.Queue.PROCESS))).isEqualTo(WAKE_UP_NS);
        assertThat(paid(() -> toll.enter(CrossingToll.Queue.PROCESS))).isZero();
        assertThat(paid(() -> toll.enter(CrossingToll.Queue.INTERRUPT))).isEqualTo(WAKE_UP_NS);
    }

    @Test
    void nothingCostsNothing() {
        CrossingToll free = new CrossingToll(CrossingPrice.FREE, () -> nowNs++);
        assertThat(paid(() -> {
            free.enter(CrossingToll.Queue.PROCESS);
            free.call(CrossingToll.COMMAND_BYTES);
        })).isZero();
    }

    @Test
    void singleCompletionsArePaidOneByOne() {
        assertThat(paid(() -> completer(CrossingCost.SINGLE).complete(new long[32], 3))).isEqualTo(3 * CALL_NS);
        assertThat(calls).containsExactly(1, 1, 1);
    }

    @Test
    void bundledCompletionsArePaidByTheBundle() {
        assertThat(paid(() -> completer(8).complete(new long[32], 20))).isEqualTo(3 * CALL_NS);
        assertThat(calls).containsExactly(8, 8, 4);
    }

    @Test
    void copiesForEverWithoutRunningOutOfScratchMemory() {
        CrossingToll copies = new CrossingToll(new CrossingPrice(0, 0, true), () -> nowNs++);
        for (int i = 0; i < 10_000; i++) {
            copies.call(CrossingToll.RESPONSE_BYTES);
        }
        assertThat(nowNs).isZero();
    }

    @Test
    void refusesAPriceBelowZero() {
        assertThatThrownBy(() -> new CrossingPrice(-1, 0, false)).hasMessageStartingWith("callNs=-1 or wakeUpNs=0 < 0");
    }

    private Completer completer(int bundle) {
        return new TollCompleter(new Completer() {
            @Override
            public void complete(long token) {
                calls.add(1);
            }

            @Override
            public void complete(long[] tokens, int count) {
                calls.add(count);
            }
        }, toll, bundle);
    }

    /// Looks at the clock beyond the first and the last one of each spin cost a nanosecond more.
    private int paid(Runnable payment) {
        long before = nowNs;
        payment.run();
        return (int) (nowNs - before) / WAKE_UP_NS * WAKE_UP_NS;
    }
}
