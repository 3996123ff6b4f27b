package io.trilane.engine.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SerialQueueTest {
    private final SerialQueue<Integer> queue = new SerialQueue<>("submissions", 8, Doorbell.silent());

    @Test
    void keepsTheOrderOfOffers() {
        for (int i = 0; i < 5; i++) {
            assertThat(queue.offer(i)).isTrue();
        }
        assertThat(drain(3)).containsExactly(0, 1, 2);
        assertThat(queue.poll()).isEqualTo(3);
        assertThat(drain(32)).containsExactly(4);
        assertThat(queue.poll()).isNull();
    }

    @Test
    void refusesWhenFullAndServesAgainAfterAPoll() {
        fill(queue.capacity());
        assertThat(queue.offer(99)).isFalse();
        assertThat(queue.size()).isEqualTo(8);
        assertThat(queue.poll()).isZero();
        assertThat(queue.offer(99)).isTrue();
    }

    @Test
    void roundsItsCapacityUp() {
        assertThat(new SerialQueue<>("one", 1, Doorbell.silent()).capacity()).isEqualTo(2);
        assertThat(new SerialQueue<>("nine", 9, Doorbell.silent()).capacity()).isEqualTo(16);
    }

    @Test
    void takesOnlyTheFirstElementsOfABundleThatDoesNotFit() {
        fill(5);
        SerialQueue.Bundle<Integer> bundle = bundle(100, 6);
        assertThat(queue.offer(bundle)).isEqualTo(3);
        assertThat(bundle.remaining()).isEqualTo(3);
        assertThat(bundle.get()).isEqualTo(103);
        assertThat(drain(32)).containsExactly(0, 1, 2, 3, 4, 100, 101, 102);
    }

    @Test
    void takesNothingOfABundleWhenFull() {
        fill(8);
        SerialQueue.Bundle<Integer> bundle = bundle(100, 2);
        assertThat(queue.offer(bundle)).isZero();
        assertThat(bundle.remaining()).isEqualTo(2);
        assertThat(queue.offer(bundle(0, 0))).isZero();
    }

    /// The producers' cached limit must not make an emptied queue look nearly full.
    @Test
    void takesAWholeBundleWheneverThereIsRoomForIt() {
        for (int single = 0; single < 8; single++) {
            SerialQueue<Integer> fresh = new SerialQueue<>("fresh", 8, Doorbell.silent());
            for (int i = 0; i < single; i++) {
                assertThat(fresh.offer(i)).isTrue();
                assertThat(fresh.poll()).isEqualTo(i);
            }
            for (int round = 0; round < 20; round++) {
                assertThat(fresh.offer(bundle(0, 5))).as("after %d singles, round %d", single, round).isEqualTo(5);
                for (int i = 0; i < 5; i++) {
                    assertThat(fresh.poll()).isEqualTo(i);
                }
            }
        }
    }

    @Test
    void refusesASecondConsumerWithARemedy() throws InterruptedException {
        assertThat(queue.poll()).isNull();
        assertThat(failureOn("intruder", queue::poll))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("queue=submissions consumer=intruder is not " + Thread.currentThread().getName()
                        + ", drain a serial queue from one thread only");
        assertThat(failureOn("intruder", () -> queue.drain(_ -> {}, 1))).isInstanceOf(IllegalStateException.class);
        assertThat(queue.offer(1)).isTrue();
        assertThat(queue.poll()).isEqualTo(1);
    }

    @Test
    void letsAnotherThreadConsumeAfterRelease() throws InterruptedException {
        assertThat(queue.poll()).isNull();
        queue.releaseConsumer();
        assertThat(failureOn("successor", queue::poll)).isNull();
        assertThatThrownBy(queue::poll).hasMessageContaining("is not successor");
    }

    private List<Integer> drain(int limit) {
        List<Integer> taken = new ArrayList<>();
        assertThat(queue.drain(taken::add, limit)).isEqualTo(taken.size());
        return taken;
    }

    private void fill(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(queue.offer(i)).isTrue();
        }
    }

    private static SerialQueue.Bundle<Integer> bundle(int first, int count) {
        SerialQueue.Bundle<Integer> bundle = new SerialQueue.Bundle<>(32);
        for (int i = 0; i < count; i++) {
            bundle.add(first + i);
        }
        return bundle;
    }

    /// What `action` threw on a thread of that name, or null.
    private static Throwable failureOn(String name, Runnable action) throws InterruptedException {
        Throwable[] failure = new Throwable[1];
        Thread thread = new Thread(action, name);
        thread.setUncaughtExceptionHandler((_, error) -> failure[0] = error);
        thread.start();
        thread.join();
        return failure[0];
    }
}
