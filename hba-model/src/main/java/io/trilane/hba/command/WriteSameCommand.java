package io.trilane.hba.command;

import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageResult;

/// WRITE SAME(10) and (16) (SBC-4), without anchors. Zero blocks go to the end of the medium (WSNZ = 0).
///
/// UNMAP unmaps when what is to be written is what an unmapped block reads as, zeros (LBPRZ); otherwise it writes
/// (SBC-4, WRITE SAME and unmap operations). NDOB stands for a block of zeros. Neither less nor more than one block of data is accepted.
final class WriteSameCommand implements CommandFamily {
    static final WriteSameCommand TEN = new WriteSameCommand(false);
    static final WriteSameCommand SIXTEEN = new WriteSameCommand(true);

    private static final int UNMAP = 0x08;
    private static final int NO_DATA_OUT_BUFFER = 0x01;
    /// No longer than a WRITE may be that is done at once.
    private static final long INLINE_BYTES = 1 << 20;

    private static final int STEP = 0;
    private static final long WRITING = 0;
    private static final long FLUSHING = 1;

    private final boolean hasNoDataBit;

    private WriteSameCommand(boolean hasNoDataBit) {
        this.hasNoDataBit = hasNoDataBit;
    }

    @Override
    public Outcome execute(Command command) {
        DeviceServer device = command.device();
        long blocks = blocks(command);
        if (blocks > device.limits().commands().writeSameBlocks()) {
            return command.invalidField(command.row().blockField().lengthByte());
        }
        long wanted = wantedBytes(command);
        command.setTransferred(wanted, 0);
        if (wanted != 0 && (command.task().direction() != TransferDirection.TO_TARGET
                || command.offeredBytes() != wanted)) {
            return Outcome.INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT;
        }
        command.setScratch(STEP, WRITING);
        return blocks == 0 ? resume(command, ImageResult.DONE)
                : resume(command, write(command, blocks << device.blockShift()));
    }

    @Override
    public Outcome resume(Command command, long result) {
        long wanted = wantedBytes(command);
        command.setTransferred(wanted, wanted);
        if (result == ImageResult.PENDING) {
            return Outcome.PENDING;
        }
        if (result != ImageResult.DONE) {
            return command.failure(result, true);
        }
        return command.device().writesThrough() && command.scratch(STEP) == WRITING ? flush(command) : Outcome.GOOD;
    }

    /// The write cache is disabled.
    private Outcome flush(Command command) {
        command.setScratch(STEP, FLUSHING);
        long length = blocks(command) << command.device().blockShift();
        return length == 0 ? Outcome.GOOD
                : resume(command, command.device().flush(command.task(), command.offset(), length));
    }

    private static long blocks(Command command) {
        long given = command.cdb().blocks();
        return given == 0 ? command.device().capacityBlocks() - command.cdb().address() : given;
    }

    private long write(Command command, long length) {
        DiskImage.Operation operation = operation(command);
        if (operation != DiskImage.Operation.UNMAP && length <= INLINE_BYTES) {
            return command.device().image().submit(operation, command.offset(), length, command.task().extents(),
                    command.task().token());
        }
        return command.device().perform(command.task(), operation, command.offset(), length);
    }

    private DiskImage.Operation operation(Command command) {
        boolean hasData = wantedBytes(command) != 0;
        boolean unmaps = command.cdb().isSet(1, UNMAP);
        if (unmaps && (!hasData || command.parameters().isZero(wantedBytes(command)))) {
            return DiskImage.Operation.UNMAP;
        }
        return hasData ? DiskImage.Operation.FILL : DiskImage.Operation.ZERO;
    }

    private long wantedBytes(Command command) {
        return hasNoDataBit && command.cdb().isSet(1, NO_DATA_OUT_BUFFER) ? 0 : 1L << command.device().blockShift();
    }
}
