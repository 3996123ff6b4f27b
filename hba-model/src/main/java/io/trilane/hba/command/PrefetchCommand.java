package io.trilane.hba.command;

import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageResult;

/// PRE-FETCH(10) and (16) (SBC-4). Reads the range into memory, at most [#MOST_BYTES] of it; with IMMED only
/// starts to. Zero blocks go to the end of the medium.
///
/// The status is GOOD, never CONDITION MET: that would say that all of the range is in the cache, and whether memory
/// keeps it is not ours to say.
final class PrefetchCommand implements CommandFamily {
    private static final int IMMED = 0x02;
    private static final long MOST_BYTES = 64L << 20;

    @Override
    public Outcome execute(Command command) {
        DeviceServer device = command.device();
        long given = command.cdb().blocks();
        int maximum = device.limits().maximumPrefetchBlocks();
        if (maximum != 0 && given > maximum) {
            return command.invalidField(command.row().blockField().lengthByte());
        }
        long blocks = given == 0 ? device.capacityBlocks() - command.cdb().address() : given;
        long length = Math.min(blocks << device.blockShift(), MOST_BYTES);
        if (length == 0) {
            return Outcome.GOOD;
        }
        if (command.cdb().isSet(1, IMMED)) {
            device.image().readAhead(command.offset(), length);
            return Outcome.GOOD;
        }
        return resume(command,
                device.perform(command.task(), DiskImage.Operation.PREFETCH, command.offset(), length));
    }

    @Override
    public Outcome resume(Command command, long result) {
        if (result == ImageResult.PENDING) {
            return Outcome.PENDING;
        }
        return result == ImageResult.DONE ? Outcome.GOOD : command.failure(result, false);
    }
}
