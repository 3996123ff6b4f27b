package io.trilane.tools.lab.scenario;

import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.TargetVerdict;
import io.trilane.engine.task.Role;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Waits over queues that close a circle, and a callback that waits for something of its own, which runs on a DEDICATED engine.
/// Stateless.
final class WaitScenarios {
    private WaitScenarios() {}

    static List<Scenario> all() {
        return List.of(
                MisuseTrial.of(Misuse.REENTRANT_WAIT, "onInterrupt called dispatchSync on its own queue",
                        WaitScenarios::ownQueue, "dispatchSync(INTERRUPT) by INTERRUPT needs [INTERRUPT]",
                        "INTERRUPT waits in dispatchSync(INTERRUPT) for INTERRUPT, which is in callback INTERRUPT")
                        .as("wait-for-own-queue", "A queue waits for itself"),
                MisuseTrial.of(Misuse.REENTRANT_WAIT,
                        "AuxiliaryQueue waited for Default, Default for InterruptQueue, and that for AuxiliaryQueue",
                        WaitScenarios::threeQueues, "dispatchSync(IO) by INTERRUPT needs [IO]",
                        "INTERRUPT waits in dispatchSync(IO) for IO", "IO waits in dispatchSync(CONTROL) for CONTROL",
                        "CONTROL waits in dispatchSync(INTERRUPT) for INTERRUPT")
                        .as("wait-over-three-queues", "Three queues wait for each other in a circle"),
                MisuseTrial.of(Misuse.REENTRANT_WAIT, "processTask destroyed the target of its task and waited",
                        WaitScenarios::destroyInsideProcess, "destroyTarget(0) by CONTROL needs [CONTROL]")
                        .as("destroy-inside-process", "processTask destroys a target and waits for it"),
                MisuseTrial.of(Misuse.CALLBACK_BLOCKED,
                        "onInterrupt waited for an event of the driver's own for longer than 60 s",
                        WaitScenarios::blocked, "callback=INTERRUPT role=INTERRUPT runsNs=", "> limitNs=60000000000",
                        "CountDownLatch.await")
                        .as("callback-blocked", "A callback waits for something of its own"));
    }

    private static void ownQueue(boolean wrong, Observation seen) {
        AtomicBoolean ran = new AtomicBoolean();
        AtomicBoolean answer = new AtomicBoolean();
        LabController controller = new LabController() {
            @Override
            void onFinished(Task task, long token) {
                if (isRead(task) && reads() == 1) {
                    Runnable block = () -> ran.set(true);
                    answer.set(wrong ? framework().dispatchSync(Role.INTERRUPT, block)
                            : framework().dispatch(Role.INTERRUPT, block));
                }
                complete(token);
            }
        };
        try (LabBench bench = new LabBench(controller, seen)) {
            seen.that("block 3 is read", bench.reads(3));
            bench.pump();
            seen.that("the call is refused exactly with the mistake", answer.get() != wrong);
            seen.that("the block runs unless it is refused", ran.get() != wrong);
            seen.that("block 4 is read", bench.reads(4));
        }
    }

    /// The neighbour ends the chain before it closes.
    private static void threeQueues(boolean wrong, Observation seen) {
        AtomicInteger answers = new AtomicInteger();
        AtomicInteger closing = new AtomicInteger(-1);
        try (LabBench bench = new LabBench(new LabController(), seen)) {
            Framework framework = bench.framework();
            Runnable third = () -> closing.set((wrong ? framework.dispatchSync(Role.IO, () -> {})
                    : framework.dispatch(Role.IO, () -> {})) ? 1 : 0);
            Runnable second = () -> count(answers, framework.dispatchSync(Role.INTERRUPT, third));
            Runnable first = () -> count(answers, framework.dispatchSync(Role.CONTROL, second));
            seen.that("the first block returns", bench.on(Role.IO, first));
            seen.that("the two outer calls are answered true", answers.get() == 2);
            seen.that("the call that would close the circle is refused, the one that does not is not",
                    closing.get() == (wrong ? 0 : 1));
            seen.that("block 3 is read", bench.reads(3));
        }
    }

    private static void count(AtomicInteger answers, boolean answer) {
        int _ = answers.addAndGet(answer ? 1 : 0);
    }

    private static void destroyInsideProcess(boolean wrong, Observation seen) {
        AtomicInteger answer = new AtomicInteger(-1);
        LabController controller = new LabController() {
            @Override
            public ServiceResponse processTask(Task task, long token) {
                ServiceResponse response = super.processTask(task, token);
                if (isRead(task) && reads() == 1) {
                    destroy();
                }
                return response;
            }

            private void destroy() {
                if (wrong) {
                    answer.set(framework().destroyTarget(TARGET) ? 1 : 0);
                } else {
                    framework().destroyTarget(TARGET, destroyed -> answer.set(destroyed ? 1 : 0));
                }
            }
        };
        try (LabBench bench = new LabBench(controller, seen)) {
            long token = bench.submit(LabController.TARGET, 3);
            seen.that("the READ comes back", bench.await(() -> bench.delivery(token).isPresent()));
            seen.that("the call is refused exactly with the mistake",
                    bench.await(() -> answer.get() == (wrong ? 0 : 1)));
            seen.that("the target is there unless it was destroyed",
                    bench.framework().isTargetPresent(LabController.TARGET) == wrong);
            seen.that("it can be created again",
                    wrong || bench.plug(LabController.TARGET).filter(TargetVerdict.CREATED::equals).isPresent());
            seen.that("block 4 is read", bench.reads(4));
        }
    }

    private static void blocked(boolean wrong, Observation seen) {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch event = new CountDownLatch(1);
        LabController controller = new LabController() {
            @Override
            void onFinished(Task task, long token) {
                if (isRead(task) && reads() == 1) {
                    entered.countDown();
                    if (wrong) {
                        waitFor(event);
                    }
                }
                complete(token);
            }
        };
        try (LabBench bench = LabBench.dedicated(controller, seen)) {
            long token = bench.submit(LabController.TARGET, 3);
            seen.that("the callback is entered", bench.await(() -> entered.getCount() == 0));
            seen.that("the READ comes back at once unless it is blocked",
                    wrong || bench.await(() -> bench.delivery(token).isPresent()));
            // A callback that is just returning while the time is skipped would seem to have run as long.
            seen.that("the other callbacks have returned",
                    bench.on(Role.CONTROL, () -> {}) && (wrong || bench.on(Role.INTERRUPT, () -> {})));
            bench.clock().skip(Duration.ofSeconds(61));
            seen.that("it is told while the callback still waits",
                    !wrong || bench.await(() -> bench.engine().misuses().count(Misuse.CALLBACK_BLOCKED) == 1));
            seen.that("the READ waits as long as the callback", bench.delivery(token).isEmpty() == wrong);
            event.countDown();
            seen.that("the READ comes back with its data",
                    bench.await(() -> bench.delivery(token).filter(LabBench.Delivery::isRight).isPresent()));
            seen.that("block 4 is read", bench.reads(4));
        }
    }
}
