package io.trilane.hba.image;

import io.trilane.engine.task.DmaSpace;
import io.trilane.engine.task.Extents;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskMemory;
import io.trilane.engine.task.TaskPool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.Random;

/// Task data for tests of images.
final class Buffers implements AutoCloseable {
    private static final int TASKS = 16;

    private final TaskMemory memory = new TaskMemory(TASKS, 128L << 20);
    private final TaskPool pool = new TaskPool(memory, 0);

    Buffers() {
        pool.open(TASKS);
    }

    /// A buffer in one piece.
    Extents single(int lengthBytes) {
        return claim(lengthBytes).extents();
    }

    Extents filled(byte[] content) {
        Extents extents = single(content.length);
        fill(extents, content);
        return extents;
    }

    /// Pieces that lie in memory in the opposite order, with gaps between them.
    Extents pieces(int... lengths) {
        int total = 0;
        for (int length : lengths) {
            total += length + 64;
        }
        Extents extents = claim(total).extents();
        long base = DmaSpace.offset(extents.address(0));
        extents.clear();
        long end = base + total;
        for (int length : lengths) {
            end -= length + 64;
            extents.add(DmaSpace.address(0, end), length);
        }
        return extents;
    }

    static void fill(Extents extents, byte[] content) {
        extents.scatter(MemorySegment.ofArray(content), 0, 0, content.length);
    }

    static byte[] content(Extents extents, int length) {
        byte[] content = new byte[length];
        extents.gather(0, MemorySegment.ofArray(content), 0, length);
        return content;
    }

    /// A byte that lies outside of all pieces made by [#pieces]: just after piece 0.
    static byte byteAfterFirstPiece(Extents extents) {
        return extents.segment(0).get(ValueLayout.JAVA_BYTE, extents.offset(0) + extents.length(0));
    }

    static byte[] random(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private Task claim(int lengthBytes) {
        return Objects.requireNonNull(pool.claim(this, 0, lengthBytes), "no buffer left");
    }

    @Override
    public void close() {
        memory.close();
    }
}
