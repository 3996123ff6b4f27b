package io.trilane.tools.lab.scenario;

import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskMemory;
import io.trilane.engine.task.TaskPool;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.DiskImage.Operation;
import io.trilane.hba.image.ImageResult;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// Reads an image without any engine: the other path to what was acknowledged. One thread.
final class ImageReader implements AutoCloseable {
    private static final long DATA_BUDGET = 1 << 20;

    private final DiskImage image;
    private final TaskMemory memory = new TaskMemory(1, DATA_BUDGET);
    private final Task task;

    ImageReader(DiskImage image) {
        this.image = image;
        TaskPool pool = new TaskPool(memory, 0);
        pool.open(1);
        this.task = Objects.requireNonNull(pool.claim(this, 0, WriteLedger.PLACE_BYTES));
    }

    /// Reads as many bytes as the buffer has.
    void read(long lba, MemorySegment into) {
        long offset = lba * image.blockBytes();
        long result = image.submit(Operation.READ, offset, into.byteSize(), task.extents(), task.token());
        if (result != ImageResult.DONE) {
            throw new IllegalStateException("image=" + image.name() + " lba=" + lba + " result=" + result + " != DONE");
        }
        long _ = task.extents().gather(0, into, 0, into.byteSize());
    }

    @Override
    public void close() {
        memory.close();
    }
}
