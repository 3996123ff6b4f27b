package io.trilane.tools.lab.scenario;

import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.GuardedLock;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.TargetVerdict;
import io.trilane.engine.task.Role;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Locks that are held too long, or taken in a circle, for which two roles need a DEDICATED engine. Stateless.
final class LockScenarios {
    private static final long SECOND = 1;

    private LockScenarios() {}

    static List<Scenario> all() {
        return List.of(
                MisuseTrial.of(Misuse.LOCK_HELD_ACROSS_CALL,
                        "a thread held the lock of initializeTarget while it created target 1",
                        LockScenarios::lockAcrossCreate, "while it holds lock=targets, which callbacks of CREATE_TARGET"
                                + " take")
                        .as("lock-held-across-create", "A lock is held across a creation whose callbacks take it"),
                MisuseTrial.of(Misuse.LOCK_HELD_ACROSS_CALL,
                        "the same with a lock that no callback had taken before, so that nobody could know",
                        LockScenarios::lockUnknownBefore, "lock=second wanted by CONTROL is held by thread",
                        "CONTROL waits in acquire lock=second for thread")
                        .as("lock-held-across-create-unforeseen", "The same, found by the callback"),
                MisuseTrial.of(Misuse.LOCK_HELD_ACROSS_CALL,
                        "AuxiliaryQueue took a then b, InterruptQueue took b then a, each had its first one",
                        LockScenarios::lockOrder, "acquire lock=a for", "acquire lock=b for")
                        .as("lock-order", "Two queues take two locks in opposite order"));
    }

    /// Its targets are guarded by locks: `targets` for each of them, or a lock of its own for target 1.
    private static final class Locking extends LabController {
        private final boolean hasOwnLock;
        private @Nullable GuardedLock targets;
        private @Nullable GuardedLock second;

        Locking(boolean hasOwnLock) {
            this.hasOwnLock = hasOwnLock;
        }

        @Override
        public boolean start(Framework given) {
            targets = given.newLock("targets");
            second = given.newLock("second");
            return super.start(given);
        }

        GuardedLock lockOf(long targetId) {
            return Objects.requireNonNull(hasOwnLock && targetId == SECOND ? second : targets);
        }

        @Override
        public boolean initializeTarget(long targetId) {
            boolean taken = lockOf(targetId).acquire();
            if (taken) {
                lockOf(targetId).release();
            }
            return taken;
        }
    }

    private static void lockAcrossCreate(boolean wrong, Observation seen) {
        createUnderLock(new Locking(false), TargetVerdict.REFUSED, wrong, seen);
    }

    private static void lockUnknownBefore(boolean wrong, Observation seen) {
        createUnderLock(new Locking(true), TargetVerdict.INITIALIZE_FAILED, wrong, seen);
    }

    private static void createUnderLock(Locking controller, TargetVerdict refusal, boolean wrong, Observation seen) {
        try (LabBench bench = new LabBench(controller, seen)) {
            GuardedLock lock = controller.lockOf(SECOND);
            seen.that("the lock is free", lock.acquire());
            if (!wrong) {
                lock.release();
            }
            TargetVerdict verdict = bench.framework().createTarget(SECOND, Map.of());
            if (wrong) {
                lock.release();
            }
            TargetVerdict expected = wrong ? refusal : TargetVerdict.CREATED;
            seen.that("verdict=" + verdict + " is " + expected, verdict == expected);
            seen.that("it can be created without the lock",
                    !wrong || bench.plug(SECOND).filter(TargetVerdict.CREATED::equals).isPresent());
            seen.that("block 3 of target 1 is read", bench.reads(SECOND, 3));
        }
    }

    private static void lockOrder(boolean wrong, Observation seen) {
        try (LabBench bench = LabBench.dedicated(new LabController(), seen)) {
            GuardedLock a = bench.framework().newLock("a");
            GuardedLock b = bench.framework().newLock("b");
            // With the mistake each has its first lock before it wants the second; in the right order that cannot be.
            CountDownLatch both = new CountDownLatch(wrong ? 2 : 0);
            AtomicInteger ended = new AtomicInteger();
            AtomicInteger gotBoth = new AtomicInteger();
            Runnable ab = () -> takeTwo(a, b, both, gotBoth, ended);
            Runnable ba = () -> takeTwo(wrong ? b : a, wrong ? a : b, both, gotBoth, ended);
            seen.that("both are queued",
                    bench.framework().dispatch(Role.IO, ab) && bench.framework().dispatch(Role.INTERRUPT, ba));
            seen.that("both end", bench.await(() -> ended.get() == 2));
            seen.that("gotBoth=" + gotBoth + ", one is refused with the mistake", gotBoth.get() == (wrong ? 1 : 2));
            seen.that("no lock is left behind", !a.isHeld() && !b.isHeld());
            seen.that("block 3 is read", bench.reads(3));
        }
    }

    private static void takeTwo(GuardedLock first, GuardedLock second, CountDownLatch both, AtomicInteger gotBoth,
            AtomicInteger ended) {
        if (first.acquire()) {
            both.countDown();
            LabController.waitFor(both);
            if (second.acquire()) {
                int _ = gotBoth.incrementAndGet();
                second.release();
            }
            first.release();
        }
        int _ = ended.incrementAndGet();
    }
}
