package io.trilane.engine.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.Client;
import io.trilane.engine.Engine;
import io.trilane.engine.EngineConfig;
import io.trilane.engine.TargetInfo;
import io.trilane.engine.ThreadingMode;
import io.trilane.engine.controller.HardwareAgent;
import io.trilane.engine.controller.LifecycleState;
import io.trilane.engine.controller.QueueContract;
import io.trilane.engine.controller.TaskManagementFunction;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskStatus;
import io.trilane.engine.task.TransferDirection;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The controller of `docs/writing-a-controller.md` works, with nothing but public interfaces.
@Timeout(60)
class ExampleControllerTest {
    private static final long WAIT_NS = 50_000_000;
    private static final int BYTES = 8 * ExampleDisk.BLOCK_BYTES;

    static Stream<Arguments> everyWay() {
        return Stream.of(QueueContract.values()).flatMap(contract -> Stream.of(ThreadingMode.values())
                .flatMap(threading -> Stream.of(true, false)
                        .map(bundled -> Arguments.of(contract, threading, bundled))));
    }

    @ParameterizedTest
    @MethodSource("everyWay")
    void readsBackWhatWasWritten(QueueContract contract, ThreadingMode threading, boolean bundled) {
        Engine engine = launch(contract, threading, new ExampleController(64, bundled));
        try (engine; Client client = engine.openClient("initiator", "target")) {
            assertThat(engine.targets()).containsExactly(0L);
            for (int block = 0; block < ExampleDisk.BLOCKS; block += 8) {
                Task task = run(engine, client, writing(client, block));
                assertThat(task.isGood()).isTrue();
                assertThat(client.release(task.token())).isTrue();
            }
            for (int block = 0; block < ExampleDisk.BLOCKS; block += 8) {
                Task task = run(engine, client, reading(client, block, 8));
                assertThat(task.bytesTransferred()).isEqualTo(BYTES);
                assertThat(data(task)).isEqualTo(pattern(block));
                assertThat(client.release(task.token())).isTrue();
            }
            assertThat(engine.misuses().reports()).isEmpty();
        }
        assertThat(engine.state()).isEqualTo(LifecycleState.GONE);
        assertThat(engine.misuses().reports()).isEmpty();
    }

    @Test
    void survivesTheProbeAndIsKnownAfterwards() {
        try (Engine engine = launch(new ExampleController(64, true))) {
            List<TargetInfo.Unit> units = engine.targetInfo(0).orElseThrow().units();
            assertThat(units).containsExactly(new TargetInfo.Unit(0, "TRILANE", "EXAMPLE DISK", "0001", 0,
                    ExampleDisk.BLOCK_BYTES, ExampleDisk.BLOCKS, false));
        }
    }

    @Test
    void refusesWithSenseDataWhatItDoesNotKnow() {
        try (Engine engine = launch(new ExampleController(64, true));
                Client client = engine.openClient("initiator", "target")) {
            assertThat(sense(engine, client, 0, 0x5A)).as("unknown command").isEqualTo(0x20);
            assertThat(sense(engine, client, 0, 0x12, 1)).as("vital product data").isEqualTo(0x24);
            assertThat(sense(engine, client, 0, 0x1A, 0, 8)).as("a mode page").isEqualTo(0x24);
            assertThat(sense(engine, client, 1, 0)).as("another logical unit").isEqualTo(0x25);
            assertThat(sense(engine, client, 0, 0x28, 0, 0, 0, 7, 0xFF, 0, 0, 2)).as("over the end").isEqualTo(0x21);
            assertThat(engine.misuses().reports()).isEmpty();
        }
    }

    @Test
    void readsTheLastBlock() {
        try (Engine engine = launch(new ExampleController(64, true));
                Client client = engine.openClient("initiator", "target")) {
            assertThat(run(engine, client, reading(client, ExampleDisk.BLOCKS - 1, 1)).isGood()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void givesEachTaskBackOnceWhenItsRingIsFull(boolean bundled) {
        Set<TaskStatus> statuses = EnumSet.noneOf(TaskStatus.class);
        try (Engine engine = launch(new ExampleController(2, bundled));
                Client client = engine.openClient("initiator", "target")) {
            for (int i = 0; i < 32; i++) {
                assertThat(client.submit(reading(client, 0, 1))).isTrue();
            }
            int back = 0;
            while (client.inFlight() > 0) {
                engine.doWork();
                back += client.poll(task -> {
                    statuses.add(task.status());
                    assertThat(client.release(task.token())).isTrue();
                }, 32);
            }
            assertThat(back).isEqualTo(32);
            assertThat(statuses).contains(TaskStatus.GOOD).isSubsetOf(TaskStatus.GOOD, TaskStatus.TASK_SET_FULL,
                    TaskStatus.BUSY);
            assertThat(engine.misuses().reports()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("everyWay")
    void answersTaskManagementWhenTheDiskHasExecutedWhatWasPosted(QueueContract contract, ThreadingMode threading,
            boolean bundled) {
        try (Engine engine = launch(contract, threading, new ExampleController(64, bundled));
                Client client = engine.openClient("initiator", "target")) {
            for (int i = 0; i < 40; i++) {
                assertThat(client.submit(reading(client, 0, 1))).isTrue();
            }
            assertThat(client.manageTask(TaskManagementFunction.LOGICAL_UNIT_RESET, 0, 0, 0))
                    .isEqualTo(ServiceResponse.FUNCTION_COMPLETE);
            assertThat(client.manageTask(TaskManagementFunction.CLEAR_ACA, 0, 0, 0))
                    .isEqualTo(ServiceResponse.FUNCTION_REJECTED);
            List<Task> back = new ArrayList<>();
            while (client.inFlight() > 0) {
                await(engine, client);
                client.poll(back::add, 32);
            }
            assertThat(back).hasSize(40).allMatch(Task::isGood);
            assertThat(engine.misuses().reports()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("everyWay")
    void returnsEveryTokenBeforeItStops(QueueContract contract, ThreadingMode threading, boolean bundled) {
        Engine engine = launch(contract, threading, new ExampleController(64, bundled));
        try (engine; Client client = engine.openClient("initiator", "target")) {
            List<Task> tasks = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                Task task = reading(client, 0, 1);
                tasks.add(task);
                assertThat(client.submit(task)).isTrue();
            }
            engine.remove();
            assertThat(tasks).noneMatch(Task::isWithController);
            while (client.inFlight() > 0) {
                await(engine, client);
                client.poll(task -> assertThat(client.release(task.token())).isTrue(), 32);
            }
        }
        assertThat(engine.counters().get(EngineCounter.QUARANTINED)).isZero();
    }

    @ParameterizedTest
    @EnumSource(QueueContract.class)
    void waitsForASlowDiskBeforeItStops(QueueContract contract) {
        SlowDiskController controller = new SlowDiskController();
        try (Engine engine = launch(contract, ThreadingMode.INVOKER, controller);
                Client client = engine.openClient("initiator", "target")) {
            Task task = reading(client, 0, 1);
            assertThat(client.submit(task)).isTrue();
            controller.idleCycles = 100;
            engine.doWork();
            assertThat(task.isWithController()).isTrue();
            engine.remove();
            assertThat(task.isWithController()).isFalse();
        }
    }

    /// With a disk that does nothing for some cycles.
    private static final class SlowDiskController extends ExampleController {
        int idleCycles;

        SlowDiskController() {
            super(64, true);
        }

        @Override
        public HardwareAgent hardware() {
            HardwareAgent disk = super.hardware();
            return new HardwareAgent() {
                @Override
                public int doWork(long nowNs) {
                    return idleCycles-- > 0 ? 0 : disk.doWork(nowNs);
                }

                @Override
                public String name() {
                    return disk.name();
                }
            };
        }
    }

    private static Engine launch(ExampleController controller) {
        return launch(QueueContract.ENGINE, ThreadingMode.INVOKER, controller);
    }

    private static Engine launch(QueueContract contract, ThreadingMode threading, ExampleController controller) {
        return Engine.launch(EngineConfig.defaults().withMaxTasks(64).withDataBudgetBytes(4 << 20)
                .withCountersDirectory(Optional.empty()).withContract(contract).withThreading(threading), controller);
    }

    private static Task reading(Client client, int block, int blocks) {
        return task(client, TransferDirection.FROM_TARGET, blocks * ExampleDisk.BLOCK_BYTES,
                cdb(0x28, block, blocks));
    }

    private static Task writing(Client client, int block) {
        Task task = task(client, TransferDirection.TO_TARGET, BYTES, cdb(0x2A, block, BYTES / ExampleDisk.BLOCK_BYTES));
        assertThat(task.extents().scatter(MemorySegment.ofArray(pattern(block)), 0, 0, BYTES)).isEqualTo(BYTES);
        return task;
    }

    private static byte[] cdb(int operation, int block, int blocks) {
        return ByteBuffer.allocate(10).put((byte) operation).put((byte) 0).putInt(block).put((byte) 0)
                .putShort((short) blocks).array();
    }

    private static byte[] pattern(int block) {
        ByteBuffer pattern = ByteBuffer.allocate(BYTES);
        while (pattern.hasRemaining()) {
            pattern.putLong((long) block << 32 | pattern.position());
        }
        return pattern.array();
    }

    private static Task task(Client client, TransferDirection direction, int bytes, byte[] cdb) {
        Task task = Objects.requireNonNull(client.claim(bytes));
        task.setTargetId(0);
        task.setLun(0);
        task.setCdb(cdb);
        task.setTransfer(direction, bytes);
        return task;
    }

    /// The additional sense code that a command is refused with; each has ILLEGAL REQUEST.
    private static int sense(Engine engine, Client client, long lunNumber, int... cdb) {
        byte[] bytes = new byte[cdb[0] == 0x28 || cdb[0] == 0x5A ? 10 : 6];
        for (int i = 0; i < cdb.length; i++) {
            bytes[i] = (byte) cdb[i];
        }
        Task task = task(client, TransferDirection.FROM_TARGET, BYTES, bytes);
        task.setLun(lunNumber << 48);
        Task done = run(engine, client, task);
        assertThat(done.status()).isEqualTo(TaskStatus.CHECK_CONDITION);
        assertThat(done.senseLength()).isEqualTo(18);
        assertThat(done.senseByte(2)).isEqualTo(5);
        int code = done.senseByte(12);
        assertThat(client.release(done.token())).isTrue();
        return code;
    }

    private static byte[] data(Task task) {
        byte[] data = new byte[(int) task.bytesTransferred()];
        assertThat(task.extents().gather(0, MemorySegment.ofArray(data), 0, data.length)).isEqualTo(data.length);
        return data;
    }

    private static Task run(Engine engine, Client client, Task task) {
        assertThat(client.submit(task)).isTrue();
        List<Task> back = new ArrayList<>();
        while (back.isEmpty()) {
            await(engine, client);
            client.poll(back::add, 1);
        }
        assertThat(back).containsExactly(task);
        return task;
    }

    private static void await(Engine engine, Client client) {
        if (engine.config().threading() == ThreadingMode.INVOKER) {
            engine.doWork();
        } else {
            client.awaitCompletion(WAIT_NS);
        }
    }
}
