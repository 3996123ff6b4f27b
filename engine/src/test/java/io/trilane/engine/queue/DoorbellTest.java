package io.trilane.engine.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DoorbellTest {
    private static final long LONG_NS = 3_600_000_000_000L;

    @Test
    void doesNotSleepWhenRungBetweenAnnouncementAndSleep() {
        Doorbell doorbell = Doorbell.sleeping();
        doorbell.prepareToSleep();
        doorbell.ring();
        doorbell.sleep(LONG_NS);
    }

    @Test
    void wakesASleeper() throws InterruptedException {
        Doorbell doorbell = Doorbell.sleeping();
        AtomicBoolean work = new AtomicBoolean();
        Thread consumer = Thread.ofPlatform().start(() -> {
            while (!work.get()) {
                doorbell.prepareToSleep();
                if (work.get()) {
                    doorbell.stayAwake();
                } else {
                    doorbell.sleep(LONG_NS);
                }
            }
        });
        work.set(true);
        doorbell.ring();
        consumer.join();
        assertThat(work).isTrue();
    }

    @Test
    void ringsNobodyAfterTheConsumerStayedAwake() {
        Doorbell doorbell = Doorbell.sleeping();
        doorbell.prepareToSleep();
        doorbell.stayAwake();
        doorbell.ring();
        long before = System.nanoTime();
        doorbell.sleep(1_000_000);
        assertThat(System.nanoTime()).isGreaterThan(before);
    }

    @Test
    void isRungOnceForEachOfferToItsQueue() {
        Doorbell doorbell = Doorbell.sleeping();
        SerialQueue<String> queue = new SerialQueue<>("rung", 4, doorbell);
        doorbell.prepareToSleep();
        assertThat(queue.offer("work")).isTrue();
        doorbell.sleep(LONG_NS);
        SerialQueue.Bundle<String> bundle = new SerialQueue.Bundle<>(2);
        bundle.add("more");
        doorbell.prepareToSleep();
        assertThat(queue.offer(bundle)).isEqualTo(1);
        doorbell.sleep(LONG_NS);
    }
}
