package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.engine.Client;
import io.trilane.engine.Engine;
import io.trilane.engine.EngineConfig;
import io.trilane.engine.ThreadingMode;
import io.trilane.engine.controller.QueueContract;
import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskStatus;
import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageRegistry;
import io.trilane.hba.image.ImageResult;
import io.trilane.hba.image.PendingImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The model hardware behind its driver, from claim to release.
@Timeout(60)
class HbaModelTest {
    private static final LogicalUnitConfig UNIT = LogicalUnitConfig.ofSerial("HBA1");

    private final ImageRegistry images = new ImageRegistry();

    @ParameterizedTest
    @EnumSource(QueueContract.class)
    void readsBackWhatWasWritten(QueueContract contract) {
        try (DiskImage image = memory();
                Initiator initiator = new Initiator(HbaConfig.of(64, UNIT, image),
                        EngineConfig.defaults().withContract(contract))) {
            initiator.testUnitReady(0, 0);
            assertThat(initiator.write(0, 5, 0xA7).isGood()).isTrue();
            assertThat(initiator.write(0, 6, 0xB8).isGood()).isTrue();
            Task read = initiator.read(0, 5);
            assertThat(read.isGood()).isTrue();
            assertThat(read.bytesTransferred()).isEqualTo(512);
            assertThat(initiator.firstByte(read)).isEqualTo(0xA7);
            assertThat(initiator.firstByte(initiator.read(0, 6))).isEqualTo(0xB8);
            assertThat(initiator.firstByte(initiator.read(0, 7))).isZero();
        }
    }

    @Test
    void everyUnitHasAnImageOfItsOwn() {
        try (DiskImage first = memory(); DiskImage second = memory(); DiskImage third = memory()) {
            HbaConfig config = new HbaConfig(64, 1 << 20, 1, List.of(new HbaConfig.Unit(0, 0, UNIT, first),
                    new HbaConfig.Unit(0, 3, LogicalUnitConfig.ofSerial("HBA2"), second),
                    new HbaConfig.Unit(9, 0, LogicalUnitConfig.ofSerial("HBA3"), third)));
            try (Initiator initiator = new Initiator(config)) {
                initiator.testUnitReady(0, 0);
                initiator.testUnitReady(0, 3);
                initiator.testUnitReady(9, 0);
                Task _ = initiator.write(0, 1, 0x11);
                Task _ = initiator.write(3, 1, 0x22);
                assertThat(initiator.firstByte(initiator.read(0, 1))).isEqualTo(0x11);
                assertThat(initiator.firstByte(initiator.read(3, 1))).isEqualTo(0x22);
                Task other =
                        initiator.run(9, 0, "28 00 00 00 00 01 00 00 01 00", TransferDirection.FROM_TARGET, 512, 1);
                assertThat(initiator.firstByte(other)).isZero();
                assertThat(initiator.engine.targets()).containsExactly(0L, 9L);
            }
        }
    }

    @Test
    void aTargetThatIsNotThereIsADeliveryFailure() {
        try (DiskImage image = memory(); Initiator initiator = new Initiator(HbaConfig.of(64, UNIT, image))) {
            for (long targetId : new long[]{1, 254, 255, -1, Long.MAX_VALUE}) {
                Task task = initiator.run(targetId, 0, "00 00 00 00 00 00", TransferDirection.NONE, 0, 0);
                assertThat(task.serviceResponse()).isEqualTo(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE);
                assertThat(task.status()).isEqualTo(TaskStatus.DEVICE_NOT_PRESENT);
            }
        }
    }

    @Test
    void aUnitThatIsNotThereIsACheckCondition() {
        try (DiskImage image = memory(); Initiator initiator = new Initiator(HbaConfig.of(64, UNIT, image))) {
            Task task = initiator.read(1, 0);
            assertThat(task.status()).isEqualTo(TaskStatus.CHECK_CONDITION);
            assertThat(initiator.sense(task)).isEqualTo("5 25/00");
        }
    }

    @Test
    void eachNexusHearsOfPowerOnOnce() {
        try (DiskImage image = memory(); Initiator initiator = new Initiator(HbaConfig.of(64, UNIT, image))) {
            assertThat(initiator.sense(initiator.read(0, 0))).isEqualTo("6 29/00");
            assertThat(initiator.read(0, 0).isGood()).isTrue();
            try (Client other = initiator.engine.openClient("other", "target")) {
                Task task = Objects.requireNonNull(other.claim(0));
                task.setTargetId(0);
                task.setLun(0);
                task.setCdb(new byte[6]);
                task.setTransfer(TransferDirection.NONE, 0);
                assertThat(other.submit(task)).isTrue();
                initiator.pump();
                assertThat(other.poll(initiator.done::add, 32)).isEqualTo(1);
                assertThat(initiator.sense(task)).isEqualTo("6 29/00");
            }
            assertThat(initiator.read(0, 0).isGood()).isTrue();
        }
    }

    @Test
    void writesWithFuaAndFlushesComeBackThroughSlowWork() {
        try (DiskImage image = memory(); Initiator initiator = new Initiator(HbaConfig.of(64, UNIT, image))) {
            initiator.testUnitReady(0, 0);
            Task fua = initiator.run(0, 0, "2A 08 00 00 00 02 00 00 01 00", TransferDirection.TO_TARGET, 512, 0x5A);
            assertThat(fua.isGood()).isTrue();
            Task flush = initiator.run(0, 0, "35 00 00 00 00 00 00 00 00 00", TransferDirection.NONE, 0, 0);
            assertThat(flush.isGood()).isTrue();
            Task immediate = initiator.run(0, 0, "35 02 00 00 00 00 00 00 00 00", TransferDirection.NONE, 0, 0);
            assertThat(immediate.isGood()).isTrue();
            assertThat(initiator.firstByte(initiator.read(0, 2))).isEqualTo(0x5A);
        }
    }

    @Test
    void overlappingCommandsKeepTheirOrderOnAnImageThatAnswersLater() {
        try (PendingImage image = new PendingImage(memory());
                Initiator initiator = new Initiator(HbaConfig.of(64, UNIT, image))) {
            initiator.testUnitReady(0, 0);
            Task write =
                    initiator.prepare(0, 0, "2A 00 00 00 00 04 00 00 01 00", TransferDirection.TO_TARGET, 512, 0x77);
            Task read = initiator.prepare(0, 0, "28 00 00 00 00 04 00 00 01 00", TransferDirection.FROM_TARGET, 512, 0);
            Task apart =
                    initiator.prepare(0, 0, "28 00 00 00 00 09 00 00 01 00", TransferDirection.FROM_TARGET, 512, 0);
            initiator.releaseAll();
            TaskBatch batch = new TaskBatch();
            batch.add(write);
            batch.add(read);
            batch.add(apart);
            assertThat(initiator.client.submit(batch)).isEqualTo(3);
            initiator.pump();
            assertThat(image.pendingTokens()).containsExactly(write.token(), apart.token());
            image.complete(apart.token());
            initiator.pump();
            assertThat(initiator.done).containsExactly(apart);
            image.complete(write.token());
            initiator.pump();
            image.complete(read.token());
            initiator.pump();
            assertThat(initiator.done).containsExactly(apart, write, read);
            assertThat(initiator.firstByte(read)).isEqualTo(0x77);
        }
    }

    @Test
    void flushesThatAnswerLaterAreNoErrors() {
        try (PendingImage image = new PendingImage(memory());
                Initiator initiator = new Initiator(HbaConfig.of(64, UNIT, image))) {
            initiator.testUnitReady(0, 0);
            initiator.releaseAll();
            Task forced = initiator.prepare(0, 0, "2A 08 00 00 00 04 00 00 01 00", TransferDirection.TO_TARGET, 512, 1);
            assertThat(initiator.client.submit(forced)).isTrue();
            initiator.pump();
            image.complete(forced.token());
            initiator.pump();
            assertThat(initiator.done).as("its flush is pending").isEmpty();
            image.complete(forced.token());
            initiator.pump();
            assertThat(initiator.done).containsExactly(forced);
            assertThat(forced.isGood()).isTrue();
            assertThat(initiator.run(0, 0, "35 02 00 00 00 00 00 00 00 00", TransferDirection.NONE, 0, 0).isGood())
                    .isTrue();
            assertThat(image.completeOldest()).isTrue();
            initiator.pump();
            Task ready = initiator.run(0, 0, "00 00 00 00 00 00", TransferDirection.NONE, 0, 0);
            assertThat(ready.isGood()).as("no deferred error").isTrue();
        }
    }

    @Test
    void aDeadlineDoesNotDisturbTheLateImage() {
        try (PendingImage image = new PendingImage(memory());
                Initiator initiator = new Initiator(HbaConfig.of(64, UNIT, image))) {
            initiator.testUnitReady(0, 0);
            initiator.releaseAll();
            Task task = initiator.prepare(0, 0, "28 00 00 00 00 04 00 00 01 00", TransferDirection.FROM_TARGET, 512, 0);
            task.setTimeoutMillis(100);
            long token = task.token();
            assertThat(initiator.client.submit(task)).isTrue();
            initiator.pump();
            initiator.nowNs.addAndGet(200_000_000);
            initiator.pump();
            assertThat(initiator.done).containsExactly(task);
            assertThat(task.status()).isEqualTo(TaskStatus.TASK_TIMEOUT_OCCURRED);
            initiator.releaseAll();
            image.completeWith(token, ImageResult.DONE);
            initiator.pump();
            assertThat(initiator.done).isEmpty();
            assertThat(initiator.engine.counters().get(EngineCounter.LATE_COMPLETIONS)).isEqualTo(1);
            assertThat(image.pendingTokens()).isEmpty();
        }
    }

    @Test
    void interruptsAreCoalescedWhileMoreIsPosted() {
        assertThat(interruptsFor(1)).isEqualTo(4);
        assertThat(interruptsFor(1000)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(QueueContract.class)
    void aResetTakesBackWhatWaitsAndIsHeardOf(QueueContract contract) {
        try (DiskImage image = memory();
                Initiator initiator = new Initiator(HbaConfig.of(64, UNIT, image),
                        EngineConfig.defaults().withContract(contract))) {
            initiator.testUnitReady(0, 0);
            assertThat(initiator.client.manageTask(TaskManagementFunction.LOGICAL_UNIT_RESET, 0, 0, 0))
                    .isEqualTo(ServiceResponse.FUNCTION_COMPLETE);
            assertThat(initiator.sense(initiator.read(0, 0))).isEqualTo("6 29/03");
            assertThat(initiator.read(0, 0).isGood()).isTrue();
        }
    }

    @Test
    void aVerdictThatIsLateIsADeliveryFailureAndTheTaskEndsOnce() {
        try (PendingImage image = new PendingImage(memory());
                Initiator initiator = new Initiator(HbaConfig.of(64, UNIT, image))) {
            initiator.testUnitReady(0, 0);
            initiator.releaseAll();
            Task task = initiator.prepare(0, 0, "2A 00 00 00 00 04 00 00 01 00", TransferDirection.TO_TARGET, 512, 1);
            assertThat(initiator.client.submit(task)).isTrue();
            initiator.pump();
            initiator.stepNs = 1_000_000;
            assertThat(initiator.client.manageTask(TaskManagementFunction.ABORT_TASK_SET, 0, 0, 0))
                    .isEqualTo(ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE);
            image.complete(task.token());
            initiator.pump();
            assertThat(initiator.done).containsExactly(task);
            assertThat(task.status()).isEqualTo(TaskStatus.NO_STATUS);
            assertThat(initiator.engine.counters().get(EngineCounter.STALE_COMPLETIONS)).isZero();
        }
    }

    @Test
    void refusesTwoUnitsAtOneAddress() {
        try (DiskImage image = memory()) {
            HbaConfig.Unit unit = new HbaConfig.Unit(2, 1, UNIT, image);
            assertThatThrownBy(() -> new HbaConfig(64, 1 << 20, 1, List.of(unit, unit)))
                    .hasMessage("targetId=2 lun=1 is given twice, give each unit an address of its own");
        }
    }

    @Test
    void dedicatedThreadsLoseNothing() {
        try (DiskImage image = memory();
                Engine engine = Engine.launch(EngineConfig.defaults().withMaxTasks(64)
                        .withThreading(ThreadingMode.DEDICATED).withCountersDirectory(Optional.empty()),
                        new HbaController(new HbaModel(HbaConfig.of(64, UNIT, image))));
                Client client = engine.openClient("initiator", "target")) {
            List<TaskStatus> statuses = new ArrayList<>();
            int submitted = 0;
            while (statuses.size() < 2000) {
                Task task = submitted < 2000 ? client.claim(512) : null;
                if (task != null) {
                    task.setTargetId(0);
                    task.setLun(0);
                    task.setCdb(new byte[]{0x28, 8, 0, 0, 0, (byte) submitted, 0, 0, 1, 0});
                    task.setTransfer(TransferDirection.FROM_TARGET, 512);
                    submitted += client.submit(task) ? 1 : 0;
                }
                int _ = client.poll(done -> {
                    statuses.add(done.status());
                    boolean _ = client.release(done.token());
                }, 32);
            }
            assertThat(statuses.stream().filter(s -> s == TaskStatus.GOOD)).hasSize(1999);
            assertThat(statuses.stream().filter(s -> s == TaskStatus.CHECK_CONDITION)).hasSize(1);
        }
    }

    @Test
    void manyTasksAllocateNothing() {
        try (DiskImage image = memory();
                Engine engine = Engine.launch(EngineConfig.defaults().withMaxTasks(64)
                        .withCountersDirectory(Optional.empty()),
                        new HbaController(new HbaModel(HbaConfig.of(64, UNIT, image))));
                Client client = engine.openClient("initiator", "target")) {
            Load load = new Load(engine, client);
            load.run(200_000);
            com.sun.management.ThreadMXBean threads =
                    (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            load.run(1_000_000);
            long bytes = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(load.good).isGreaterThan(1_000_000);
            assertThat(bytes / 1e6).as("bytes per task").isLessThan(0.01);
        }
    }

    /// Posts 128 commands to the bare hardware, then counts how often its line was raised.
    private int interruptsFor(int coalescing) {
        try (DiskImage image = memory(); BareFramework framework = new BareFramework(128)) {
            HbaModel hardware = new HbaModel(
                    new HbaConfig(128, 1 << 20, coalescing, List.of(new HbaConfig.Unit(0, 0, UNIT, image))));
            hardware.attach(framework);
            for (int bundle = 0; bundle < 4; bundle++) {
                assertThat(hardware.post(framework.testUnitReady(32))).isEqualTo(32);
            }
            int raised = 0;
            while (hardware.doWork(0) > 0) {
                raised += framework.interruptLine().lower() ? 1 : 0;
            }
            assertThat(hardware.completions().size()).isEqualTo(128);
            return raised;
        }
    }

    private DiskImage memory() {
        return images.open("memory:1m", false, 512);
    }

    /// Writes and reads in bundles of 32, without allocating.
    private static final class Load {
        private final Engine engine;
        private final Client client;
        private final TaskBatch batch = new TaskBatch();
        private final java.util.function.Consumer<Task> finish = this::finish;
        private long good;

        Load(Engine engine, Client client) {
            this.engine = engine;
            this.client = client;
        }

        void run(int tasks) {
            for (int submitted = 0; submitted < tasks;) {
                batch.clear();
                int claimed = client.claim(batch, TaskBatch.MAX_TASKS, 512);
                for (int i = 0; i < claimed; i++) {
                    Task task = batch.task(i);
                    boolean isWrite = (i & 1) == 0;
                    task.setTargetId(0);
                    task.setLun(0);
                    task.setCdbWord(0, (isWrite ? 0x2AL : 0x28L) << 56 | (long) (i & 63) << 16);
                    task.setCdbWord(1, 1L << 56);
                    task.setCdbLength(10);
                    task.setTransfer(isWrite ? TransferDirection.TO_TARGET : TransferDirection.FROM_TARGET, 512);
                }
                submitted += client.submit(batch);
                int _ = engine.doWork();
                int _ = client.poll(finish, TaskBatch.MAX_TASKS);
            }
        }

        private void finish(Task task) {
            good += task.isGood() ? 1 : 0;
            boolean _ = client.release(task.token());
        }
    }
}
