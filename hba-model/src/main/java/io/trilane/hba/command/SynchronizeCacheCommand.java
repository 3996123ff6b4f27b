package io.trilane.hba.command;

import io.trilane.engine.task.Task;
import io.trilane.hba.image.ImageResult;

/// SYNCHRONIZE CACHE(10) and (16) (SBC-4 5.33, 5.34). Covers the writes that were answered before it arrived, and those
/// under way that overlap its range, because it waits for them. With IMMED a failure becomes a deferred error.
final class SynchronizeCacheCommand implements CommandFamily {
    private static final int IMMED = 0x02;

    @Override
    public Outcome execute(Command command) {
        Task task = command.task();
        Cdb cdb = command.cdb();
        DeviceServer device = command.device();
        long blocks = cdb.blocks() == 0 ? device.capacityBlocks() - cdb.address() : cdb.blocks();
        long length = blocks << device.blockShift();
        if (length == 0) {
            return Outcome.GOOD;
        }
        if (cdb.isSet(1, IMMED)) {
            device.flushInBackground(task.nexusId(), command.offset(), length);
            return Outcome.GOOD;
        }
        return resume(command, device.flush(task, command.offset(), length));
    }

    @Override
    public Outcome resume(Command command, long result) {
        if (result == ImageResult.PENDING) {
            return Outcome.PENDING;
        }
        return result == ImageResult.DONE ? Outcome.GOOD : command.failure(result, true);
    }
}
