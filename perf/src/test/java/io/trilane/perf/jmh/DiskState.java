package io.trilane.perf.jmh;

import io.trilane.engine.Client;
import io.trilane.engine.Engine;
import io.trilane.engine.EngineConfig;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.HbaConfig;
import io.trilane.hba.HbaController;
import io.trilane.hba.HbaModel;
import io.trilane.hba.LogicalUnitConfig;
import io.trilane.hba.image.DiskImage;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/// An engine with one disk on an image, and one client with a bundle of READ(10).
final class DiskState implements AutoCloseable {
    private static final int OFFSETS = 1 << 16;
    private static final int BLOCK_BYTES = 512;

    private final DiskImage image;
    private final Engine engine;
    private final Client client;
    private final TaskBatch batch = new TaskBatch();
    private final Consumer<Task> onFinished = this::finish;
    private final long[] addresses = new long[OFFSETS];
    private final int lengthBytes;
    private int next;
    private long failed;

    DiskState(DiskImage image, int lengthBytes) {
        this.image = image;
        this.lengthBytes = lengthBytes;
        HbaConfig config = HbaConfig.of(256, LogicalUnitConfig.ofSerial("JMH"), image);
        this.engine = Engine.launch(
                EngineConfig.defaults().withMaxTasks(256).withCountersDirectory(Optional.empty()),
                new HbaController(new HbaModel(config)));
        this.client = engine.openClient("benchmark", "disk");
        long places = image.capacityBlocks() * image.blockBytes() / lengthBytes;
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < OFFSETS; i++) {
            addresses[i] = random.nextLong(places) * (lengthBytes / BLOCK_BYTES);
        }
        readBundle(1);
        failed = 0;
    }

    /// Claims, submits, executes, completes and releases `depth` reads; returns how many failed so far.
    long readBundle(int depth) {
        batch.clear();
        int claimed = client.claim(batch, depth, lengthBytes);
        for (int i = 0; i < claimed; i++) {
            Task task = batch.task(i);
            int blocks = lengthBytes / BLOCK_BYTES;
            task.setTargetId(0);
            task.setLun(0);
            task.setCdbWord(0, 0x28L << 56 | addresses[next++ & OFFSETS - 1] << 16 | blocks >> 8);
            task.setCdbWord(1, (long) (blocks & 0xFF) << 56);
            task.setCdbLength(10);
            task.setTransfer(TransferDirection.FROM_TARGET, lengthBytes);
        }
        int submitted = client.submit(batch);
        while (submitted > 0) {
            int _ = engine.doWork();
            submitted -= client.poll(onFinished, TaskBatch.MAX_TASKS);
        }
        return failed;
    }

    private void finish(Task task) {
        failed += task.isGood() ? 0 : 1;
        boolean _ = client.release(task.token());
    }

    @Override
    public void close() {
        client.close();
        engine.close();
        image.close();
    }
}
