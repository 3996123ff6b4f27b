package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskStatus;
import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.device.DeviceModel;
import io.trilane.hba.device.TimedImage;
import io.trilane.hba.image.MemoryImage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A unit whose image takes the time of a device, behind the whole engine.
@Timeout(60)
class TimedUnitTest {
    private static final LogicalUnitConfig UNIT = LogicalUnitConfig.ofSerial("TIMED");
    private static final long MS = 1_000_000;
    private static final String WRITE_4 = "2A 00 00 00 00 04 00 00 01 00";
    private static final String READ_4 = "28 00 00 00 00 04 00 00 01 00";
    private static final String READ_9 = "28 00 00 00 00 09 00 00 01 00";
    private static final String FLUSH = "35 00 00 00 00 00 00 00 00 00";
    private static final String FLUSH_IMMEDIATELY = "35 02 00 00 00 00 00 00 00 00";

    /// Two channels, a read takes 50 ms, a write 100 ms.
    private static TimedImage image() {
        DeviceModel.Member member = new DeviceModel.Member(2, 50 * MS, 100 * MS, 1L << 40, DeviceModel.Arm.NONE,
                DeviceModel.Cache.NONE);
        DeviceModel.Host host = new DeviceModel.Host(0, 0, 0, 1, 0, 1 << 20);
        return new TimedImage(MemoryImage.open(1 << 20, 512),
                new DeviceModel("slow", "", 1, 65536, member, 1L << 40, host, DeviceModel.Stall.NONE),
                TimedImage.Clocking.simulated(32));
    }

    @Test
    void overlappingCommandsKeepTheirOrder() {
        try (TimedImage image = image(); Initiator initiator = ready(image)) {
            Task write = initiator.prepare(0, 0, WRITE_4, TransferDirection.TO_TARGET, 512, 0x77);
            Task read = initiator.prepare(0, 0, READ_4, TransferDirection.FROM_TARGET, 512, 0);
            Task apart = initiator.prepare(0, 0, READ_9, TransferDirection.FROM_TARGET, 512, 0);
            submit(initiator, write, read, apart);
            assertThat(image.pendingOperations()).as("the overlapping read waits in the unit").isEqualTo(2);
            jump(initiator, 40 * MS);
            assertThat(initiator.done).isEmpty();
            jump(initiator, 20 * MS);
            assertThat(initiator.done).containsExactly(apart);
            jump(initiator, 50 * MS);
            assertThat(initiator.done).containsExactly(apart, write);
            jump(initiator, 51 * MS);
            assertThat(initiator.done).containsExactly(apart, write, read);
            assertThat(initiator.firstByte(read)).isEqualTo(0x77);
        }
    }

    @Test
    void anAbortedTaskEndsWhenTheDeviceIsThroughWithIt() {
        try (TimedImage image = image(); Initiator initiator = ready(image)) {
            Task write = initiator.prepare(0, 0, WRITE_4, TransferDirection.TO_TARGET, 512, 0x77);
            submit(initiator, write);
            // Time passes while the verdict is waited for.
            initiator.stepNs = MS;
            assertThat(initiator.client.manageTask(TaskManagementFunction.LOGICAL_UNIT_RESET, 0, 0, 0))
                    .isEqualTo(ServiceResponse.FUNCTION_COMPLETE);
            initiator.stepNs = 1;
            assertThat(image.pendingOperations()).isZero();
            initiator.pump();
            assertThat(initiator.done).containsExactly(write);
            assertThat(write.status()).isEqualTo(TaskStatus.NO_STATUS);
        }
    }

    @Test
    void aFlushWaitsForTheWritesBeforeIt() {
        try (TimedImage image = image(); Initiator initiator = ready(image)) {
            Task write = initiator.prepare(0, 0, WRITE_4, TransferDirection.TO_TARGET, 512, 0x77);
            Task flush = initiator.prepare(0, 0, FLUSH, TransferDirection.NONE, 0, 0);
            submit(initiator, write, flush);
            jump(initiator, 101 * MS);
            assertThat(initiator.done).containsExactly(write);
            jump(initiator, 100 * MS);
            assertThat(initiator.done).containsExactly(write, flush);
            assertThat(flush.isGood()).isTrue();
        }
    }

    @Test
    void aTargetThatIsPulledOutStillHearsTheTime() {
        try (TimedImage image = image()) {
            HbaModel hardware = new HbaModel(HbaConfig.of(64, UNIT, image));
            try (Initiator initiator = new Initiator(hardware)) {
                initiator.testUnitReady(0, 0);
                initiator.releaseAll();
                Task write = initiator.prepare(0, 0, WRITE_4, TransferDirection.TO_TARGET, 512, 0x77);
                submit(initiator, write);
                Task immediately = initiator.prepare(0, 0, FLUSH_IMMEDIATELY, TransferDirection.NONE, 0, 0);
                submit(initiator, immediately);
                Removal removal = hardware.unplug(0);
                initiator.pump();
                assertThat(removal.letGo().isDone()).isFalse();
                jump(initiator, 101 * MS);
                assertThat(write.status()).isEqualTo(TaskStatus.DEVICE_NOT_PRESENT);
                jump(initiator, 201 * MS);
                assertThat(removal.letGo().get()).isTrue();
                assertThat(image.pendingOperations()).isZero();
            }
        }
    }

    @Test
    void anEngineClosesAfterTheDeviceIsThrough() {
        try (TimedImage image = image()) {
            try (Initiator initiator = ready(image)) {
                Task write = initiator.prepare(0, 0, WRITE_4, TransferDirection.TO_TARGET, 512, 0x77);
                submit(initiator, write);
                assertThat(image.pendingOperations()).isEqualTo(1);
                initiator.stepNs = MS;
            }
            assertThat(image.pendingOperations()).isZero();
            assertThat(image.completedOperations()).isEqualTo(1);
        }
    }

    @Test
    void otherUnitsDoNotWait() {
        try (TimedImage image = image(); var fast = MemoryImage.open(1 << 20, 512)) {
            HbaConfig config = new HbaConfig(64, 1 << 20, 1, List.of(new HbaConfig.Unit(0, 0, UNIT, image),
                    new HbaConfig.Unit(0, 1, LogicalUnitConfig.ofSerial("FAST"), fast)));
            try (Initiator initiator = new Initiator(config)) {
                initiator.testUnitReady(0, 0);
                initiator.testUnitReady(0, 1);
                assertThat(initiator.write(1, 3, 9).isGood()).isTrue();
                initiator.releaseAll();
                Task write = initiator.prepare(0, 0, WRITE_4, TransferDirection.TO_TARGET, 512, 0x77);
                submit(initiator, write);
                assertThat(initiator.done).isEmpty();
                jump(initiator, 101 * MS);
                assertThat(initiator.done).containsExactly(write);
            }
        }
    }

    private static Initiator ready(TimedImage image) {
        Initiator initiator = new Initiator(HbaConfig.of(64, UNIT, image));
        initiator.testUnitReady(0, 0);
        initiator.releaseAll();
        return initiator;
    }

    private static void submit(Initiator initiator, Task... tasks) {
        TaskBatch batch = new TaskBatch();
        for (Task task : tasks) {
            batch.add(task);
        }
        assertThat(initiator.client.submit(batch)).isEqualTo(tasks.length);
        initiator.pump();
    }

    private static void jump(Initiator initiator, long ns) {
        initiator.nowNs.addAndGet(ns);
        initiator.pump();
    }
}
