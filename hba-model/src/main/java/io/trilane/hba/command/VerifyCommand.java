package io.trilane.hba.command;

import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageResult;

/// VERIFY(10), (12) and (16) (SBC-4 5.35, 5.36).
///
/// - BYTCHK 00b: cached blocks of the range are written to the medium (SBC-4 4.15.4), then the whole range is read; what
///   fails there is a medium error.
/// - BYTCHK 01b: the range is compared with the data; 11b: each block of the range is compared with one block of data.
///   MISCOMPARE has the offset of the first difference in the data as INFORMATION. Less data than that is refused:
///   a partial comparison that answers GOOD would be a lie.
/// - BYTCHK 10b is reserved.
final class VerifyCommand implements CommandFamily {
    private static final int BYTE_CHECK = 0x06;
    private static final int BYTE_CHECK_TOP_BIT = 2;
    private static final int COMPARE_ALL = 0x02;
    private static final int COMPARE_ONE = 0x06;
    private static final int NEXT_BLOCK = 0;
    private static final int STEP = 0;
    private static final long FLUSHING = 0;
    private static final long READING = 1;

    @Override
    public Outcome execute(Command command) {
        int byteCheck = command.cdb().u8(1) & BYTE_CHECK;
        long blocks = command.cdb().blocks();
        if (byteCheck != 0 && byteCheck != COMPARE_ALL && byteCheck != COMPARE_ONE) {
            return command.invalidField(1, BYTE_CHECK_TOP_BIT);
        }
        if (blocks == 0) {
            return Outcome.GOOD;
        }
        if (byteCheck == 0) {
            return start(command, FLUSHING);
        }
        long wanted = wantedBytes(command);
        command.setTransferred(wanted, 0);
        if (command.task().direction() != TransferDirection.TO_TARGET
                || command.offeredBytes() < wanted) {
            return Outcome.INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT;
        }
        command.setScratch(NEXT_BLOCK, 0);
        return resume(command, ImageResult.DONE);
    }

    /// Goes on with the next piece: the whole range, or one block after the other.
    @Override
    public Outcome resume(Command command, long lastResult) {
        int byteCheck = command.cdb().u8(1) & BYTE_CHECK;
        if (byteCheck == 0) {
            return goOn(command, lastResult);
        }
        int shift = command.device().blockShift();
        long pieceBlocks = byteCheck == COMPARE_ALL ? command.cdb().blocks() : 1;
        long result = lastResult;
        long next = command.scratch(NEXT_BLOCK);
        while (result == ImageResult.DONE && next < command.cdb().blocks()) {
            long offset = command.offset() + (next << shift);
            next += pieceBlocks;
            command.setScratch(NEXT_BLOCK, next);
            result = command.device().image().submit(DiskImage.Operation.COMPARE, offset, pieceBlocks << shift,
                    command.task().extents(), command.task().token());
        }
        command.setTransferred(wantedBytes(command), wantedBytes(command));
        return finish(command, result);
    }

    private static Outcome start(Command command, long step) {
        command.setScratch(STEP, step);
        return goOn(command, command.device().perform(command.task(),
                step == FLUSHING ? DiskImage.Operation.FLUSH : DiskImage.Operation.PREFETCH, command.offset(),
                command.cdb().blocks() << command.device().blockShift()));
    }

    private static Outcome goOn(Command command, long result) {
        return result == ImageResult.DONE && command.scratch(STEP) == FLUSHING ? start(command, READING)
                : finish(command, result);
    }

    private static Outcome finish(Command command, long result) {
        if (result == ImageResult.DONE) {
            return Outcome.GOOD;
        }
        if (result == ImageResult.PENDING) {
            return Outcome.PENDING;
        }
        return result >= 0 ? command.withInformation(Outcome.MISCOMPARE, result) : command.failure(result, false);
    }

    private static long wantedBytes(Command command) {
        boolean all = (command.cdb().u8(1) & BYTE_CHECK) == COMPARE_ALL;
        return (all ? command.cdb().blocks() : 1) << command.device().blockShift();
    }
}
