package io.trilane.tools.frontend;

import io.trilane.engine.Client;
import io.trilane.engine.Engine;
import io.trilane.engine.task.Task;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Tasks that nobody uses, whose buffers lie behind those that others get next: who writes beyond the end of a buffer writes
/// into one of these.
final class CanaryTasks implements AutoCloseable {
    private static final int[] SIZES = {4 << 10, 16 << 10, 64 << 10, 256 << 10};
    private static final int EACH = 3;
    private static final byte PATTERN = 0x5A;

    private final Client client;
    private final List<MemorySegment> buffers = new ArrayList<>();
    private final List<Task> tasks = new ArrayList<>();

    CanaryTasks(Engine engine) {
        client = engine.openClient("canary", "target");
        List<Task> room = new ArrayList<>();
        for (int size : SIZES) {
            for (int i = 0; i < EACH; i++) {
                room.add(Objects.requireNonNull(client.claim(size)));
                Task canary = Objects.requireNonNull(client.claim(size));
                tasks.add(canary);
                buffers.add(canary.extents().segment(0).asSlice(canary.extents().offset(0), size).fill(PATTERN));
            }
        }
        room.forEach(task -> {
            boolean _ = client.release(task.token());
        });
    }

    /// True when nobody has written to them.
    boolean areWhole() {
        for (MemorySegment buffer : buffers) {
            if (buffer.get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0) != PATTERN
                    || buffer.asSlice(1).mismatch(buffer.asSlice(0, buffer.byteSize() - 1)) >= 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        tasks.forEach(task -> {
            boolean _ = client.release(task.token());
        });
        client.close();
    }
}
