package io.trilane.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.trilane.engine.metrics.EngineCounter;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Clients whose nexus is not answered for, because the driver thread does something else.
@Timeout(60)
class NexusTest {
    private static final String NO_ANSWER =
            "nexus=0 got no answer within closeTimeoutNs=1000000, let the driver thread call doWork";

    private final EngineFixture fixture = new EngineFixture();

    @AfterEach
    void closeEngine() {
        fixture.close();
    }

    @Test
    void aClientThatCouldNotBeOpenedIsForgotten() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            assertThat(failureElsewhere(fixture::open)).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(NO_ANSWER);
            assertThat(fixture.count(EngineCounter.CLIENTS)).isZero();
        }
        Client client = fixture.open();
        assertThat(client.nexus().id()).as("its id was not taken").isZero();
        assertThat(fixture.controller.calls).filteredOn("onNexusReset(0)"::equals).as("each reset still came, in order")
                .hasSize(4);
        assertThat(client.submit(fixture.claim(client))).isTrue();
        fixture.pump();
        assertThat(EngineFixture.poll(client)).hasSize(1);
    }

    @Test
    void aClientThatIsClosedWithoutAnAnswerIsForgotten() throws InterruptedException {
        Client client = fixture.open();
        assertThat(failureElsewhere(client::close)).hasMessageContaining(NO_ANSWER);
        assertThat(fixture.count(EngineCounter.CLIENTS)).isZero();
        assertThat(fixture.open().nexus().id()).isZero();
    }

    /// On a thread that does not drive, while nobody does.
    private static Throwable failureElsewhere(Runnable action) throws InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread.ofPlatform().start(() -> failure.set(catchThrowable(action::run))).join();
        return failure.get();
    }
}
