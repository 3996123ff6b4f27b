package io.trilane.tools.lab.scenario;

import io.trilane.engine.controller.ControllerConstraints;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskStatus;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Memory that the controller must not touch, or not then, and data that it cannot take. Stateless.
final class MemoryScenarios {
    private static final int SEGMENTS = 2;

    private MemoryScenarios() {}

    static List<Scenario> all() {
        return List.of(
                MisuseTrial.of(Misuse.IOVA_AS_HOST_ADDRESS,
                        "processTask followed the address that is for the DMA engine", MemoryScenarios::iova,
                        "is not a host address, role=CONTROL followed it")
                        .as("iova-as-host-address", "The processor follows a DMA address"),
                MisuseTrial.of(Misuse.DATA_BUFFER_OUTSIDE_SUBMIT, "onInterrupt asked for the data buffer of its task",
                        MemoryScenarios::bufferInInterrupt, "is not in its process call")
                        .as("data-buffer-in-interrupt", "A data buffer is asked for in the interrupt handler"),
                MisuseTrial.of(Misuse.DATA_BUFFER_OUTSIDE_SUBMIT,
                        "processTask asked for the data buffer of the task before it",
                        MemoryScenarios::bufferOfAnother, "is not in its process call")
                        .as("data-buffer-of-another-task", "The data buffer of another task is asked for"),
                MisuseTrial.of(Misuse.SLOT_NOT_OWNED, "a response was written after the completion",
                        MemoryScenarios::writeAfterCompletion, "state=DONE is not the controller's, setResponse")
                        .as("response-after-completion", "A response is written after the completion"),
                MisuseTrial.of(Misuse.SEGMENTS_OVER_LIMIT,
                        "the constraints allowed 2 segments, and a READ of 3 segments was submitted",
                        MemoryScenarios::segments, "segments=3 > maxSegments=2")
                        .as("segments-over-limit", "A task has more segments than the constraints allow"));
    }

    /// Asks for memory inside processTask, and remembers what it got.
    private static class Asking extends LabController {
        private boolean asked;
        private boolean got;

        final void note(@Nullable MemorySegment memory) {
            asked = true;
            got = memory != null;
        }

        final boolean asked() {
            return asked;
        }

        final boolean got() {
            return got;
        }
    }

    private static void iova(boolean wrong, Observation seen) {
        check(wrong, seen, new Asking() {
            @Override
            public ServiceResponse processTask(Task task, long token) {
                if (isRead(task) && !asked()) {
                    note(wrong ? framework().dma(task.bufferIovmAddress(), LabDisk.BLOCK_BYTES)
                            : framework().dataBuffer(token));
                }
                return super.processTask(task, token);
            }
        });
    }

    private static void bufferInInterrupt(boolean wrong, Observation seen) {
        check(wrong, seen, new Asking() {
            @Override
            public ServiceResponse processTask(Task task, long token) {
                if (!wrong && isRead(task) && !asked()) {
                    note(framework().dataBuffer(token));
                }
                return super.processTask(task, token);
            }

            @Override
            void onFinished(Task task, long token) {
                if (wrong && isRead(task) && !asked()) {
                    note(framework().dataBuffer(token));
                }
                complete(token);
            }
        });
    }

    private static void bufferOfAnother(boolean wrong, Observation seen) {
        check(wrong, seen, new Asking() {
            private long before;

            @Override
            public ServiceResponse processTask(Task task, long token) {
                if (isRead(task) && reads() == 1) {
                    note(framework().dataBuffer(wrong ? before : token));
                }
                before = token;
                return super.processTask(task, token);
            }
        });
    }

    /// The memory is refused exactly when it is asked for in the wrong way; I/O goes on.
    private static void check(boolean wrong, Observation seen, Asking controller) {
        try (LabBench bench = new LabBench(controller, seen)) {
            seen.that("block 3 is read", bench.reads(3));
            seen.that("block 4 is read", bench.reads(4));
            seen.that("memory was asked for", controller.asked());
            seen.that("memory is refused exactly with the mistake", controller.got() != wrong);
        }
    }

    private static void writeAfterCompletion(boolean wrong, Observation seen) {
        LabController controller = new LabController() {
            @Override
            void onFinished(Task task, long token) {
                boolean isFirst = isRead(task) && reads() == 1;
                if (isFirst && !wrong) {
                    task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.BUSY, 0);
                }
                complete(token);
                if (isFirst && wrong) {
                    task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.BUSY, 0);
                }
            }
        };
        try (LabBench bench = new LabBench(controller, seen)) {
            long token = bench.submit(LabController.TARGET, 3);
            bench.pump();
            seen.that("the client sees the response as it was at the completion",
                    bench.hasEnded(token, wrong ? TaskStatus.GOOD : TaskStatus.BUSY));
            seen.that("block 4 is read", bench.reads(4));
        }
    }

    private static void segments(boolean wrong, Observation seen) {
        LabController controller = new LabController() {
            @Override
            ControllerConstraints constraints() {
                return ControllerConstraints.of(SEGMENTS, MAX_TRANSFER_BYTES);
            }
        };
        try (LabBench bench = new LabBench(controller, seen)) {
            long token = bench.submit(LabController.TARGET, 3, wrong ? SEGMENTS + 1 : SEGMENTS, 0);
            bench.pump();
            seen.that("the task fails, or brings its data", wrong ? bench.hasEnded(token, TaskStatus.DELIVERY_FAILURE)
                    : bench.delivery(token).filter(LabBench.Delivery::isRight).isPresent());
            seen.that("reads=" + controller.reads() + ", the driver never sees a task that it cannot take",
                    controller.reads() == (wrong ? 0 : 1));
            seen.that("block 9 is read", bench.reads(9));
        }
    }
}
