package io.trilane.tools.lab.scenario;

import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.TargetVerdict;
import io.trilane.engine.task.Role;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskStatus;
import io.trilane.engine.task.TaskToken;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Tokens that are completed twice, late, at once or never. Stateless.
final class CompletionScenarios {
    private CompletionScenarios() {}

    static List<Scenario> all() {
        return List.of(
                MisuseTrial.of(Misuse.DOUBLE_COMPLETION, "one interrupt completed the token of a READ twice",
                        CompletionScenarios::twice, "does not name a task of the controller")
                        .as("double-completion", "A token is completed twice"),
                MisuseTrial.of(Misuse.DOUBLE_COMPLETION,
                        "a token was completed again when its slot was already used by the next READ",
                        CompletionScenarios::afterReuse, "does not name a task of the controller")
                        .as("double-completion-after-reuse", "A token is completed again after its slot was reused"),
                MisuseTrial.of(Misuse.DOUBLE_COMPLETION, "a token was completed that no task ever had",
                        CompletionScenarios::neverGiven, "token=none does not name a task of the controller")
                        .as("completion-of-nothing", "A token is completed that was never given out"),
                MisuseTrial.of(Misuse.LATE_COMPLETION, "a READ with a deadline of 1 s was completed after 2 s",
                        CompletionScenarios::afterDeadline,
                        "was completed after its client was told TASK_TIMEOUT_OCCURRED")
                        .as("late-completion", "A token is completed after its deadline"),
                MisuseTrial.of(Misuse.LATE_COMPLETION, "a READ was completed after its target had been destroyed",
                        CompletionScenarios::afterRemoval, "was told DEVICE_NOT_PRESENT")
                        .as("late-completion-after-removal", "A token is completed after the removal of its target"),
                MisuseTrial.of(Misuse.SYNC_COMPLETION_UNSUPPORTED, "processTask answered TASK_COMPLETE to a READ",
                        CompletionScenarios::synchronous, "processTask answered TASK_COMPLETE")
                        .as("synchronous-completion", "processTask completes a task by its answer"),
                MisuseTrial.of(Misuse.RESPONSE_VERSION_BAD, "a response carried version 2",
                        CompletionScenarios::version, "version=2 is not 1")
                        .as("response-version", "A response carries another version"),
                MisuseTrial.of(Misuse.POOL_STARVED, "a controller with one task lost it",
                        CompletionScenarios::starved, "tasks=1 completedFor=10 s: 0", "slot=0 state=PENDING")
                        .as("pool-starved", "The only task never comes back"));
    }

    private static void twice(boolean wrong, Observation seen) {
        LabController controller = new LabController() {
            @Override
            void onFinished(Task task, long token) {
                boolean again = wrong && isRead(task) && reads() == 1;
                complete(token);
                if (again) {
                    complete(token);
                }
            }
        };
        try (LabBench bench = new LabBench(controller, seen)) {
            seen.that("block 3 is read", bench.reads(3));
            seen.that("block 4 is read", bench.reads(4));
        }
    }

    /// On macOS the token is the slot's for ever, so the second I/O would complete.
    private static void afterReuse(boolean wrong, Observation seen) {
        LabController controller = new LabController();
        try (LabBench bench = new LabBench(controller, seen)) {
            long first = bench.submit(LabController.TARGET, 3);
            seen.that("the first READ comes back",
                    bench.await(() -> bench.delivery(first).filter(LabBench.Delivery::isRight).isPresent()));
            controller.disk().holdReads();
            long second = bench.submit(LabController.TARGET, 4);
            bench.pump();
            seen.that("the second READ is in the slot of the first",
                    TaskToken.slot(second) == TaskToken.slot(first) && second != first);
            seen.that("the block on INTERRUPT returns",
                    !wrong || bench.on(Role.INTERRUPT, () -> controller.complete(first)));
            bench.pump();
            seen.that("the second READ is not completed by the first one's token",
                    bench.delivery(second).isEmpty());
            controller.disk().letGo();
            seen.that("the second READ comes back with its own data",
                    bench.await(() -> bench.delivery(second).filter(LabBench.Delivery::isRight).isPresent()));
        }
    }
    private static void neverGiven(boolean wrong, Observation seen) {
        LabController controller = new LabController();
        try (LabBench bench = new LabBench(controller, seen)) {
            seen.that("the block on INTERRUPT returns",
                    !wrong || bench.on(Role.INTERRUPT, () -> controller.complete(TaskToken.NONE)));
            seen.that("block 3 is read", bench.reads(3));
        }
    }

    private static void afterDeadline(boolean wrong, Observation seen) {
        LabController controller = new LabController();
        try (LabBench bench = new LabBench(controller, seen)) {
            controller.disk().holdReads();
            long token = bench.submit(LabController.TARGET, 3, 1, 1000);
            bench.elapse(Duration.ofMillis(500));
            if (!wrong) {
                seen.that("the driver gives it up", bench.on(Role.INTERRUPT, controller::giveUpHeld));
            }
            bench.elapse(Duration.ofMillis(1500));
            seen.that("the client is told of the timeout",
                    bench.hasEnded(token, TaskStatus.TASK_TIMEOUT_OCCURRED));
            controller.disk().letGo();
            seen.that("block 4 is read", bench.reads(4));
        }
    }

    private static void afterRemoval(boolean wrong, Observation seen) {
        LabController controller = new LabController();
        try (LabBench bench = new LabBench(controller, seen)) {
            controller.disk().holdReads();
            long token = bench.submit(LabController.TARGET, 3);
            bench.pump();
            if (!wrong) {
                controller.disk().letGo();
                bench.pump();
            }
            seen.that("the target is destroyed", bench.framework().destroyTarget(LabController.TARGET));
            bench.pump();
            seen.that("the client is told that the device is gone, or had its data before",
                    bench.hasEnded(token, wrong ? TaskStatus.DEVICE_NOT_PRESENT : TaskStatus.GOOD));
            controller.disk().letGo();
            bench.pump();
            seen.that("the target can be created again",
                    bench.plug(LabController.TARGET).equals(Optional.of(TargetVerdict.CREATED)));
            seen.that("block 4 is read", bench.reads(4));
        }
    }

    private static void synchronous(boolean wrong, Observation seen) {
        LabController controller = new LabController() {
            @Override
            public ServiceResponse processTask(Task task, long token) {
                if (wrong && isRead(task) && task.userData() == 3) {
                    task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.GOOD, task.transferCount());
                    return ServiceResponse.TASK_COMPLETE;
                }
                return super.processTask(task, token);
            }
        };
        try (LabBench bench = new LabBench(controller, seen)) {
            long token = bench.submit(LabController.TARGET, 3);
            bench.pump();
            seen.that("the task ends as a delivery failure, or well",
                    bench.hasEnded(token, wrong ? TaskStatus.DELIVERY_FAILURE : TaskStatus.GOOD));
            seen.that("block 4 is read", bench.reads(4));
        }
    }

    private static void version(boolean wrong, Observation seen) {
        LabController controller = new LabController() {
            @Override
            void onFinished(Task task, long token) {
                if (isRead(task) && task.userData() == 3) {
                    task.setResponseVersion(wrong ? 2 : 1);
                }
                complete(token);
            }
        };
        try (LabBench bench = new LabBench(controller, seen)) {
            long token = bench.submit(LabController.TARGET, 3);
            bench.pump();
            seen.that("the task ends as a delivery failure, or well",
                    bench.hasEnded(token, wrong ? TaskStatus.DELIVERY_FAILURE : TaskStatus.GOOD));
            seen.that("block 4 is read", bench.reads(4));
        }
    }

    private static void starved(boolean wrong, Observation seen) {
        LabController controller = new LabController() {
            @Override
            public int reportMaximumTaskCount() {
                return 1;
            }
        };
        try (LabBench bench = new LabBench(controller, seen)) {
            if (wrong) {
                controller.disk().holdReads();
            }
            long first = bench.submit(LabController.TARGET, 3);
            bench.elapse(Duration.ofSeconds(1));
            long second = bench.submit(LabController.TARGET, 4);
            bench.elapse(Duration.ofSeconds(11));
            seen.that("the second READ finds no task, or comes back", wrong ? second == TaskToken.NONE
                    : bench.delivery(second).filter(LabBench.Delivery::isRight).isPresent());
            controller.disk().letGo();
            seen.that("the first READ comes back in the end",
                    bench.await(() -> bench.delivery(first).filter(LabBench.Delivery::isRight).isPresent()));
            seen.that("block 5 is read", bench.reads(5));
        }
    }
}
