package io.trilane.engine.role;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CallGateTest {
    private long nowNs;
    private int pumped;

    @Test
    void asksOnceMoreAtTheDeadline() {
        CallGate gate = new CallGate(() -> nowNs += 10, null);
        assertThat(gate.await(() -> nowNs > 100, 90)).isTrue();
        assertThat(gate.await(() -> false, 1_000)).isFalse();
    }

    @Test
    void pumpsOnTheThreadThatDrives() {
        CallGate gate = new CallGate(() -> nowNs += 10, pump(true));
        assertThat(gate.await(() -> pumped == 5, 10_000)).isTrue();
        assertThat(pumped).isEqualTo(5);
    }

    @Test
    void neverPumpsOnAnotherThread() {
        CallGate gate = new CallGate(() -> nowNs += 10, pump(false));
        assertThat(gate.await(() -> false, 1_000)).isFalse();
        assertThat(pumped).isZero();
    }

    @Test
    void doesNotReadTheResultLateWhenTheConditionHoldsAtOnce() {
        CallGate gate = new CallGate(() -> nowNs += 10, pump(true));
        assertThat(gate.await(() -> true, 0)).isTrue();
        assertThat(pumped).isZero();
    }

    private CallGate.Pump pump(boolean driver) {
        return new CallGate.Pump() {
            @Override
            public boolean isDriver() {
                return driver;
            }

            @Override
            public int pump() {
                return ++pumped;
            }
        };
    }
}
