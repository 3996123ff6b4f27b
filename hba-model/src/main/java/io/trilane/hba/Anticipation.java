package io.trilane.hba;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskBatch;

/// Where the commands of a bundle start in the image, so that the image can touch those places before they execute.
/// Belongs to one logical unit.
@HotPath
final class Anticipation {
    /// The shortest block there is: so much is there behind every address.
    private static final int SMALL_BYTES = 512;

    private final UnitServer server;
    private final boolean isWelcome;
    private final long[] offsets = new long[TaskBatch.MAX_TASKS];
    private int count;
    private long leastBytes = Long.MAX_VALUE;

    Anticipation(UnitServer server) {
        this.server = server;
        this.isWelcome = server.image().anticipates();
    }

    /// Notes where `task`, which will be executed soon, starts in the image.
    void expect(Task task) {
        if (isWelcome) {
            long address = server.commands().addressOf(task);
            if (address >= 0 && address < server.capacityBlocks()) {
                offsets[count++] = address << server.blockShift();
                leastBytes = Math.min(leastBytes, task.transferCount());
            }
        }
    }

    /// Tells the image about the noted places; one alone is not worth it. Of small transfers every cache line, of larger
    /// ones the first: the rest the processor fetches by itself.
    void tellImage() {
        if (count > 1) {
            server.image().anticipate(offsets, count, leastBytes <= SMALL_BYTES ? SMALL_BYTES : 1);
        }
        count = 0;
        leastBytes = Long.MAX_VALUE;
    }
}
