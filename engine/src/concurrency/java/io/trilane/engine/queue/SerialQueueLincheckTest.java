package io.trilane.engine.queue;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/// Many producers, one consumer: nothing is lost, doubled or reordered.
class SerialQueueLincheckTest {
    private static final int CAPACITY = 4;

    /// The consumer polls until it has an element or the queue is empty: a relaxed poll may also say "not yet" while a
    /// producer is between claiming its place and filling it.
    @Param(name = "element", gen = IntGen.class, conf = "1:9")
    public static class Queue {
        private final SerialQueue<Integer> queue = new SerialQueue<>("checked", CAPACITY, Doorbell.silent());

        @Operation
        public boolean offer(@Param(name = "element") int element) {
            return queue.offer(element);
        }

        @Operation(nonParallelGroup = "consumer")
        public Integer poll() {
            queue.releaseConsumer();
            Integer element = queue.poll();
            while (element == null && !queue.isEmpty()) {
                element = queue.poll();
            }
            return element;
        }
    }

    /// Bundles of two; large enough that a bundle is never split.
    @Param(name = "element", gen = IntGen.class, conf = "1:9")
    public static class BundleQueue {
        private final SerialQueue<Integer> queue = new SerialQueue<>("checked", 64, Doorbell.silent());

        @Operation
        public int offerTwo(@Param(name = "element") int first, @Param(name = "element") int second) {
            SerialQueue.Bundle<Integer> bundle = new SerialQueue.Bundle<>(2);
            bundle.add(first);
            bundle.add(second);
            return queue.offer(bundle);
        }

        @Operation(nonParallelGroup = "consumer")
        public Integer poll() {
            queue.releaseConsumer();
            Integer element = queue.poll();
            while (element == null && !queue.isEmpty()) {
                element = queue.poll();
            }
            return element;
        }
    }

    /// The canary: producers that find their place by a look and a write.
    @Param(name = "element", gen = IntGen.class, conf = "1:9")
    public static class UnsynchronizedQueue {
        private final Integer[] elements = new Integer[64];
        private volatile int producers;
        private int consumer;

        @Operation
        public boolean offer(@Param(name = "element") int element) {
            int place = producers;
            elements[place] = element;
            producers = place + 1;
            return true;
        }

        @Operation(nonParallelGroup = "consumer")
        public Integer poll() {
            return consumer == producers ? null : elements[consumer++];
        }
    }

    @Test
    void losesDoublesAndReordersNothingInAnyInterleaving() {
        modelChecking().check(Queue.class);
    }

    @Test
    void keepsBundlesTogetherInAnyInterleaving() {
        modelChecking().check(BundleQueue.class);
    }

    @Test
    void losesDoublesAndReordersNothingUnderStress() {
        new StressOptions().iterations(10).invocationsPerIteration(3_000).threads(3).actorsPerThread(3)
                .check(Queue.class);
    }

    @Test
    void findsTheUnsynchronizedQueue() {
        assertThatThrownBy(() -> modelChecking().check(UnsynchronizedQueue.class)).isInstanceOf(AssertionError.class)
                .hasMessageContaining("Invalid execution results");
    }

    private static ModelCheckingOptions modelChecking() {
        return new ModelCheckingOptions().iterations(20).invocationsPerIteration(700).threads(3).actorsBefore(1)
                .actorsPerThread(2).actorsAfter(2);
    }
}
