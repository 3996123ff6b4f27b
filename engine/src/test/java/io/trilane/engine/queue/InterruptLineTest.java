package io.trilane.engine.queue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InterruptLineTest {
    private final InterruptLine line = new InterruptLine(Doorbell.silent());

    @Test
    void isLowUntilRaised() {
        assertThat(line.isRaised()).isFalse();
        assertThat(line.lower()).isFalse();
    }

    @Test
    void servesTwoRaisesAsOneInterrupt() {
        line.raise();
        line.raise();
        assertThat(line.lower()).isTrue();
        assertThat(line.lower()).isFalse();
    }

    @Test
    void keepsARaiseThatArrivesWhileTheHandlerRuns() {
        line.raise();
        assertThat(line.lower()).isTrue();
        line.raise();
        assertThat(line.isRaised()).isTrue();
        assertThat(line.lower()).isTrue();
    }
}
