package io.trilane.engine.task;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Test;

/// No slot is ever handed out twice: the stack of free slots is linearizable although slots come back (ABA).
class IndexStackLincheckTest {
    private static final int SLOTS = 3;
    private static final int THREADS = 2;

    /// What the pool does with its stack: each thread takes slots and gives back what it took first.
    abstract static class Scenario {
        private final List<Deque<Integer>> owned = Stream.<Deque<Integer>>generate(ArrayDeque::new).limit(THREADS + 2L)
                .toList();

        abstract int popSlot();

        abstract void pushSlot(int slot);

        int take(int thread) {
            int slot = popSlot();
            if (slot != IndexStack.EMPTY) {
                owned.get(thread).add(slot);
            }
            return slot;
        }

        int giveBack(int thread) {
            Integer slot = owned.get(thread).poll();
            if (slot == null) {
                return -2;
            }
            pushSlot(slot);
            return slot;
        }
    }

    @Param(name = "thread", gen = ThreadIdGen.class)
    public static class Tagged extends Scenario {
        private final IndexStack stack = new IndexStack(SLOTS);

        public Tagged() {
            for (int slot = 0; slot < SLOTS; slot++) {
                stack.push(slot);
            }
        }

        @Override
        int popSlot() {
            return stack.pop();
        }

        @Override
        void pushSlot(int slot) {
            stack.push(slot);
        }

        @Override
        @Operation
        public int take(@Param(name = "thread") int thread) {
            return super.take(thread);
        }

        @Override
        @Operation
        public int giveBack(@Param(name = "thread") int thread) {
            return super.giveBack(thread);
        }
    }

    /// Two slots at once, in and out.
    @Param(name = "thread", gen = ThreadIdGen.class)
    public static class Bundled {
        private final IndexStack stack = new IndexStack(4);
        private final int[][] owned = new int[THREADS + 2][2];
        private final int[] counts = new int[THREADS + 2];

        public Bundled() {
            stack.push(new int[]{0, 1, 2, 3}, 4);
        }

        @Operation
        public int take(@Param(name = "thread") int thread) {
            if (counts[thread] != 0) {
                return -2;
            }
            counts[thread] = stack.pop(owned[thread], 2);
            return counts[thread] == 0 ? -1 : owned[thread][0] * 10 + (counts[thread] == 2 ? owned[thread][1] : 9);
        }

        @Operation
        public int giveBack(@Param(name = "thread") int thread) {
            int count = counts[thread];
            if (count != 0) {
                stack.push(owned[thread], count);
                counts[thread] = 0;
            }
            return count;
        }
    }

    /// The canary: the same stack without a tag in its head.
    @Param(name = "thread", gen = ThreadIdGen.class)
    public static class Tagless extends Scenario {
        private final int[] next = new int[SLOTS];
        private final AtomicInteger head = new AtomicInteger();

        public Tagless() {
            for (int slot = 0; slot < SLOTS; slot++) {
                pushSlot(slot);
            }
        }

        @Override
        final int popSlot() {
            int top;
            do {
                top = head.get();
                if (top == 0) {
                    return IndexStack.EMPTY;
                }
            } while (!head.compareAndSet(top, next[top - 1]));
            return top - 1;
        }

        @Override
        final void pushSlot(int slot) {
            int seen;
            do {
                seen = head.get();
                next[slot] = seen;
            } while (!head.compareAndSet(seen, slot + 1));
        }

        @Override
        @Operation
        public int take(@Param(name = "thread") int thread) {
            return super.take(thread);
        }

        @Override
        @Operation
        public int giveBack(@Param(name = "thread") int thread) {
            return super.giveBack(thread);
        }
    }

    @Test
    void handsNoSlotOutTwiceInAnyInterleaving() {
        modelChecking().check(Tagged.class);
    }

    @Test
    void handsNoSlotOutTwiceInBundles() {
        modelChecking().check(Bundled.class);
    }

    @Test
    void handsNoSlotOutTwiceUnderStress() {
        new StressOptions().iterations(10).invocationsPerIteration(3_000).threads(THREADS).actorsPerThread(4)
                .check(Tagged.class);
    }

    @Test
    void findsTheStackWithoutATag() {
        assertThatThrownBy(() -> modelChecking().check(Tagless.class)).isInstanceOf(AssertionError.class)
                .hasMessageContaining("Invalid execution results");
    }

    private static ModelCheckingOptions modelChecking() {
        return new ModelCheckingOptions().iterations(25).invocationsPerIteration(1_000).threads(THREADS)
                .actorsBefore(0).actorsPerThread(4).actorsAfter(2);
    }
}
