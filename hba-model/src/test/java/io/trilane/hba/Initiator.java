package io.trilane.hba;

import io.trilane.engine.Client;
import io.trilane.engine.Engine;
import io.trilane.engine.EngineConfig;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TransferDirection;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// An engine with the reference driver, driven by the test's own thread and clock, and one client that sends CDBs as hex.
final class Initiator implements AutoCloseable {
    final AtomicLong nowNs = new AtomicLong(1);
    /// How much time passes with each look at the clock.
    long stepNs = 1;
    final Engine engine;
    final Client client;
    /// Finished tasks, in order of completion; not yet released.
    final List<Task> done = new ArrayList<>();

    Initiator(HbaConfig config) {
        this(config, EngineConfig.defaults());
    }

    /// Before hardware that the test has kept hold of.
    Initiator(HbaModel hardware) {
        this(hardware, EngineConfig.defaults());
    }

    Initiator(HbaConfig config, EngineConfig engineConfig) {
        this(new HbaModel(config), engineConfig);
    }

    /// Slow work is inline and time is [#nowNs].
    private Initiator(HbaModel hardware, EngineConfig engineConfig) {
        engine = Engine
                .launch(engineConfig.withMaxTasks(hardware.config().maxTasks()).withCountersDirectory(Optional.empty())
                        .withSimulatedTime(() -> nowNs.getAndAdd(stepNs)), new HbaController(hardware));
        client = engine.openClient("initiator", "target");
    }

    /// Claims and fills; data of a write is `fill` in every byte.
    Task prepare(long targetId, int lun, String cdb, TransferDirection direction, int length, int fill) {
        Task task = Objects.requireNonNull(client.claim(length));
        task.setTargetId(targetId);
        task.setLun(Target.lunBytes(lun));
        task.setCdb(HexFormat.ofDelimiter(" ").parseHex(cdb));
        task.setTransfer(direction, length);
        for (int i = 0; i < length; i++) {
            data(task).set(ValueLayout.JAVA_BYTE, i, (byte) fill);
        }
        return task;
    }

    /// Sends one command and runs until it is back.
    Task run(long targetId, int lun, String cdb, TransferDirection direction, int length, int fill) {
        Task task = prepare(targetId, lun, cdb, direction, length, fill);
        if (!client.submit(task)) {
            throw new IllegalStateException("submission refused");
        }
        pump();
        return done.getLast();
    }

    Task write(int lun, int address, int fill) {
        return run(0, lun, "2A 00 00 00 00 %02X 00 00 01 00".formatted(address), TransferDirection.TO_TARGET, 512,
                fill);
    }

    Task read(int lun, int address) {
        return run(0, lun, "28 00 00 00 00 %02X 00 00 01 00".formatted(address), TransferDirection.FROM_TARGET, 512, 0);
    }

    void testUnitReady(long targetId, int lun) {
        Task _ = run(targetId, lun, "00 00 00 00 00 00", TransferDirection.NONE, 0, 0);
    }

    /// Turns the crank until nothing moves.
    void pump() {
        while (engine.doWork() + client.poll(done::add, 32) > 0) {}
    }

    MemorySegment data(Task task) {
        return task.extents().segment(0).asSlice(task.extents().offset(0), task.extents().length(0));
    }

    int firstByte(Task task) {
        return data(task).get(ValueLayout.JAVA_BYTE, 0) & 0xFF;
    }

    /// Sense key, ASC and ASCQ of fixed-format sense data, for example `29/00`.
    String sense(Task task) {
        return "%d %02X/%02X".formatted(task.senseByte(2) & 0xF, task.senseByte(12), task.senseByte(13));
    }

    void releaseAll() {
        done.forEach(task -> {
            boolean _ = client.release(task.token());
        });
        done.clear();
    }

    @Override
    public void close() {
        client.close();
        engine.close();
    }
}
