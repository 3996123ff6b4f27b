package io.trilane.engine.queue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/// Wake-ups and interrupts that must not be lost: for jcstress, run by `StressTest`.
public final class DoorbellStress {
    private static final long FOR_EVER_NS = Long.MAX_VALUE;

    private DoorbellStress() {}

    @JCStressTest(Mode.Termination)
    @Outcome(id = "TERMINATED", expect = Expect.ACCEPTABLE, desc = "The sleeper was woken.")
    @Outcome(id = "STALE", expect = Expect.FORBIDDEN, desc = "Work arrived and the consumer sleeps.")
    @State
    public static class OfferWakesTheConsumer {
        private final Doorbell doorbell = Doorbell.sleeping();
        private final SerialQueue<String> queue = new SerialQueue<>("work", 2, doorbell);

        @Actor
        public void consumer() {
            while (queue.poll() == null) {
                doorbell.prepareToSleep();
                if (queue.isEmpty()) {
                    doorbell.sleep(FOR_EVER_NS);
                } else {
                    doorbell.stayAwake();
                }
            }
        }

        @Signal
        public void producer() {
            boolean _ = queue.offer("work");
        }
    }

    /// Raised while it is being lowered: either it is still raised, or the handler sees what was written before.
    @JCStressTest
    @Outcome(id = {"0, 1", "1, 1", "1, 0"}, expect = Expect.ACCEPTABLE, desc = "Seen, or still raised.")
    @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "The interrupt was lost.")
    @State
    public static class RaiseWhileLowering {
        private final InterruptLine line = new InterruptLine(Doorbell.silent());
        private final SerialQueue<String> completions = new SerialQueue<>("completions", 2, Doorbell.silent());

        public RaiseWhileLowering() {
            line.raise();
        }

        @Actor
        public void hardware() {
            boolean _ = completions.offer("completion");
            line.raise();
        }

        @Actor
        public void role(II_Result result) {
            boolean _ = line.lower();
            boolean seen = completions.poll() != null;
            result.r1 = seen ? 1 : 0;
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r2 = line.isRaised() ? 1 : 0;
        }
    }

    /// The canary: the producer rings before the element is visible.
    @JCStressTest(Mode.Termination)
    @Outcome(id = "TERMINATED", expect = Expect.ACCEPTABLE, desc = "The sleeper was woken.")
    @Outcome(id = "STALE", expect = Expect.FORBIDDEN, desc = "Work arrived and the consumer sleeps: must be found.")
    @State
    public static class CanaryRingsTooEarly {
        private static final int PAUSE = 20_000;

        private final Doorbell doorbell = Doorbell.sleeping();
        private final SerialQueue<String> queue = new SerialQueue<>("work", 2, Doorbell.silent());

        @Actor
        public void consumer() {
            while (queue.poll() == null) {
                doorbell.prepareToSleep();
                if (queue.isEmpty()) {
                    doorbell.sleep(FOR_EVER_NS);
                } else {
                    doorbell.stayAwake();
                }
            }
        }

        @Signal
        public void producer() {
            doorbell.ring();
            for (int i = 0; i < PAUSE; i++) {
                Thread.onSpinWait();
            }
            boolean _ = queue.offer("work");
        }
    }

    /// The canary of the interrupt line: it is lowered after its handler has run.
    @JCStressTest
    @Outcome(id = {"0, 1", "1, 1", "1, 0"}, expect = Expect.ACCEPTABLE, desc = "Seen, or still raised.")
    @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "The interrupt was lost: must be found.")
    @State
    public static class CanaryLowersTooLate {
        private final InterruptLine line = new InterruptLine(Doorbell.silent());
        private final SerialQueue<String> completions = new SerialQueue<>("completions", 2, Doorbell.silent());

        public CanaryLowersTooLate() {
            line.raise();
        }

        @Actor
        public void hardware() {
            boolean _ = completions.offer("completion");
            line.raise();
        }

        @Actor
        public void role(II_Result result) {
            result.r1 = completions.poll() != null ? 1 : 0;
            boolean _ = line.lower();
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r2 = line.isRaised() ? 1 : 0;
        }
    }
}
