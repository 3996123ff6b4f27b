package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A launch that does not answer in time is given up, and what it has built is taken down as far as nobody uses it.
@Timeout(60)
class LaunchTimeoutTest {
    private static final long CALL_TIMEOUT_MILLIS = 50;
    private static final EngineConfig CONFIG = EngineConfig.defaults().withMaxTasks(64)
            .withThreading(ThreadingMode.DEDICATED).withCountersDirectory(Optional.empty())
            .withCloseTimeoutNs(100_000_000).withFramework(FrameworkConfig.defaults().withProbesTargets(false)
                    .withCallTimeoutNs(CALL_TIMEOUT_MILLIS * 1_000_000));

    private final CountDownLatch leave = new CountDownLatch(1);
    private final FakeController controller = new FakeController();

    @Test
    void aStartThatNeverReturnsFailsTheLaunchAndKeepsTheMemoryThatItMayWrite() {
        controller.onStart = () -> hang(Long.MAX_VALUE);
        try {
            assertThatThrownBy(() -> Engine.launch(CONFIG, controller)).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("did not start: no answer within callTimeoutNs=50000000, lifecycle=ALLOCATED "
                            + "role=CONTROL is in callback=LIFECYCLE");
            assertThat(memoryIsAlive()).isTrue();
            assertThat(controller.calls).containsExactly("init");
        } finally {
            leave.countDown();
        }
    }

    @Test
    void aStartThatReturnsTooLateIsTakenDownInOrderAndItsMemoryIsFreed() {
        controller.onStart = () -> hang(10 * CALL_TIMEOUT_MILLIS);
        assertThatThrownBy(() -> Engine.launch(CONFIG.withCloseTimeoutNs(30_000_000_000L), controller))
                .hasMessageContaining("no answer within callTimeoutNs=");
        assertThat(controller.calls).startsWith("init", "start").endsWith("stop");
        assertThat(memoryIsAlive()).isFalse();
    }

    private boolean memoryIsAlive() {
        return controller.framework().tasks().task(0).responses().scope().isAlive();
    }

    /// A driver that does not listen to interrupts.
    private void hang(long millis) {
        boolean isWaiting = true;
        while (isWaiting) {
            try {
                boolean _ = leave.await(millis, TimeUnit.MILLISECONDS);
                isWaiting = false;
            } catch (InterruptedException e) {
                // It hangs.
            }
        }
    }
}
