package io.trilane.hba.command;

import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageResult;

/// COMPARE AND WRITE (SBC-4): data is what the range must hold, then what it gets; the image does both as one.
/// Neither less nor more data than that is accepted: a part of it would be no comparison, or no write. MISCOMPARE has
/// the offset of the first difference in the data as INFORMATION. FUA, or a disabled write cache, is followed by a flush of the range.
final class CompareAndWriteCommand implements CommandFamily {
    private static final int FUA = 0x08;
    private static final int STEP = 0;
    private static final long WRITING = 0;
    private static final long FLUSHING = 1;

    @Override
    public Outcome execute(Command command) {
        long blocks = command.cdb().blocks();
        if (blocks > command.device().limits().commands().compareAndWriteBlocks()) {
            return command.invalidField(command.row().blockField().lengthByte());
        }
        if (blocks == 0) {
            return Outcome.GOOD;
        }
        long length = blocks << command.device().blockShift();
        command.setTransferred(2 * length, 0);
        if (command.task().direction() != TransferDirection.TO_TARGET || command.offeredBytes() != 2 * length) {
            return Outcome.INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT;
        }
        command.setTransferred(2 * length, 2 * length);
        command.setScratch(STEP, WRITING);
        return goOn(command, command.device().image().submit(DiskImage.Operation.COMPARE_AND_WRITE, command.offset(),
                length, command.task().extents(), command.task().token()));
    }

    @Override
    public Outcome resume(Command command, long result) {
        long wanted = command.cdb().blocks() << command.device().blockShift() + 1;
        command.setTransferred(wanted, wanted);
        return goOn(command, result);
    }

    private static Outcome goOn(Command command, long result) {
        if (result == ImageResult.PENDING) {
            return Outcome.PENDING;
        }
        if (result >= 0) {
            return command.withInformation(Outcome.MISCOMPARE, result);
        }
        if (result != ImageResult.DONE) {
            return command.failure(result, true);
        }
        boolean isForced = command.cdb().isSet(1, FUA) || command.device().writesThrough();
        if (command.scratch(STEP) == FLUSHING || !isForced) {
            return Outcome.GOOD;
        }
        command.setScratch(STEP, FLUSHING);
        return goOn(command, command.device().flush(command.task(), command.offset(),
                command.cdb().blocks() << command.device().blockShift()));
    }
}
