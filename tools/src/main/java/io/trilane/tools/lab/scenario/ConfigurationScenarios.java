package io.trilane.tools.lab.scenario;

import io.trilane.engine.controller.ConstraintKey;
import io.trilane.engine.controller.ControllerConstraints;
import io.trilane.engine.controller.DmaSegmentType;
import io.trilane.engine.controller.DmaSpecification;
import io.trilane.engine.controller.Framework;
import io.trilane.engine.controller.Misuse;
import io.trilane.engine.controller.Personality;
import io.trilane.engine.task.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// What ends the launch: each in one controller, and the same controller without it, which is launched and read from.
/// Stateless.
final class ConfigurationScenarios {
    private ConfigurationScenarios() {}

    static List<Scenario> all() {
        return List.of(
                trial(Misuse.PERSONALITY_INVALID, "IOUserClass named the class of the kernel", 0, WrongClass::new,
                        "IOUserClass=IOUserSCSIParallelInterfaceController is the kernel's class")
                        .as("personality-names-the-kernel-class", "The property list names the kernel's class"),
                trial(Misuse.QUEUE_MISSING, "initializeController set InterruptQueue only", 1, NoAuxiliary::new,
                        "queue=AuxiliaryQueue was not set")
                        .as("queue-missing", "No AuxiliaryQueue is set"),
                trial(Misuse.QUEUE_NOT_IN_CONTRACT, "initializeController set ProcessQueue as well", 1, ThirdQueue::new,
                        "queue=ProcessQueue is not in contract=DRIVERKIT")
                        .as("queue-not-in-contract", "A queue of the driver's own is set"),
                trial(Misuse.CONSTRAINTS_INCOMPLETE, "initializeController reported nothing", 1, NoConstraints::new,
                        "constraints were not reported")
                        .as("constraints-not-reported", "No constraints are reported"),
                trial(Misuse.CONSTRAINTS_INCOMPLETE, "the alignment mask was left out of the constraints", 1,
                        NoAlignmentMask::new, "constraints miss keys=[MINIMUM_HBA_DATA_ALIGNMENT_MASK]")
                        .as("constraints-miss-a-key", "A required constraint is missing"),
                trial(Misuse.TASK_COUNT_ZERO, "reportMaximumTaskCount answered 0", 1, NoTasks::new,
                        "maximumTaskCount=0 < 1")
                        .as("task-count-zero", "The controller holds no task"),
                trial(Misuse.TASK_ID_RESERVED, "mapTaskData answered the slot, which is 0 for the first", 1,
                        IdIsSlot::new, "uniqueTaskId=0 of slot=0")
                        .as("task-id-zero", "A task has the id 0"),
                trial(Misuse.TASK_ID_DUPLICATE, "mapTaskData gave two neighbours the same id", 1, IdForTwo::new,
                        "uniqueTaskId=1 of slot=1")
                        .as("task-id-duplicate", "Two tasks have the same id"),
                trial(Misuse.SEGMENT_LIMITS_INCONSISTENT, "the constraints allowed one segment", 1, OneSegment::new,
                        "maxSegments=1 x maxSegmentBytes=" + LabController.MAX_TRANSFER_BYTES)
                        .as("one-segment-only", "A task may have one segment only"),
                trial(Misuse.SEGMENT_LIMITS_INCONSISTENT, "4 segments of 4096 bytes, and transfers of 65536", 1,
                        ShortSegments::new, "maxSegments=4 x maxSegmentBytes=4096", "maxTransferBytes=65536")
                        .as("segments-below-transfer", "All segments together are shorter than a transfer"),
                trial(Misuse.DMA_SEGMENT_TYPE_UNSUPPORTED, "dmaSpecification asked for BIG_32", 1, BigEndian::new,
                        "segmentType=BIG_32 is not of this host")
                        .as("dma-big-endian", "The DMA specification asks for big-endian segments"));
    }

    /// @param stops how often the controller is stopped when its launch fails
    private static MisuseTrial trial(Misuse misuse, String done, int stops, Supplier<LabController> mistaken,
            String... details) {
        return MisuseTrial.of(misuse, done,
                (wrong, seen) -> launch(wrong ? mistaken.get() : new LabController(), wrong, stops, seen), details);
    }

    private static void launch(LabController controller, boolean wrong, int stops, Observation seen) {
        LabBench bench;
        try {
            bench = new LabBench(controller, seen);
        } catch (IllegalStateException e) {
            seen.launchFailure(String.valueOf(e.getMessage()));
            seen.that("the launch fails only with the mistake", wrong);
            seen.that("stops=" + controller.stops() + " are " + stops, controller.stops() == stops);
            seen.that("reads=" + controller.reads() + " are none", controller.reads() == 0);
            return;
        }
        try (bench) {
            seen.that("the launch succeeds only without the mistake", !wrong);
            seen.that("block 3 is read", bench.reads(3));
        }
    }

    private static final class WrongClass extends LabController {
        @Override
        public Personality personality() {
            Map<String, String> keys = new HashMap<>(super.personality().keys());
            keys.put(Personality.USER_CLASS, keys.getOrDefault(Personality.CLASS, ""));
            return new Personality(keys);
        }
    }

    private static final class NoAuxiliary extends LabController {
        @Override
        public boolean initializeController() {
            framework().setDispatchQueue(Framework.INTERRUPT_QUEUE);
            framework().reportConstraints(constraints());
            return true;
        }
    }

    private static final class ThirdQueue extends LabController {
        @Override
        public boolean initializeController() {
            framework().setDispatchQueue("ProcessQueue");
            return super.initializeController();
        }
    }

    private static final class NoConstraints extends LabController {
        @Override
        public boolean initializeController() {
            framework().setDispatchQueue(Framework.AUXILIARY_QUEUE);
            framework().setDispatchQueue(Framework.INTERRUPT_QUEUE);
            return true;
        }
    }

    private static final class NoAlignmentMask extends LabController {
        @Override
        public boolean initializeController() {
            Map<ConstraintKey, Long> keys = new HashMap<>(constraints().toMap());
            keys.remove(ConstraintKey.MINIMUM_HBA_DATA_ALIGNMENT_MASK);
            framework().setDispatchQueue(Framework.AUXILIARY_QUEUE);
            framework().setDispatchQueue(Framework.INTERRUPT_QUEUE);
            framework().reportConstraints(keys);
            return true;
        }
    }

    private static final class NoTasks extends LabController {
        @Override
        public int reportMaximumTaskCount() {
            return 0;
        }
    }

    private static final class IdIsSlot extends LabController {
        @Override
        public long mapTaskData(Task task) {
            return task.slot();
        }
    }

    private static final class IdForTwo extends LabController {
        @Override
        public long mapTaskData(Task task) {
            return task.slot() / 2 + 1L;
        }
    }

    private static final class OneSegment extends LabController {
        @Override
        ControllerConstraints constraints() {
            return ControllerConstraints.of(1, MAX_TRANSFER_BYTES);
        }
    }

    private static final class ShortSegments extends LabController {
        @Override
        ControllerConstraints constraints() {
            return ControllerConstraints.of(4, 4096);
        }
    }

    private static final class BigEndian extends LabController {
        @Override
        public DmaSpecification dmaSpecification(Task task) {
            return new DmaSpecification(MAX_TRANSFER_BYTES, 4, 32, DmaSegmentType.BIG_32);
        }
    }
}
