package io.trilane.hba.command;

import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageResult;

/// WRITE AND VERIFY(10), (12) and (16) (SBC-4): writes, brings what was written to the medium, and then
/// compares the medium with the data, whatever BYTCHK says. A difference is MISCOMPARE with BYTCHK 01b, which asked for
/// the comparison, and a write error with 00b. Other values of BYTCHK are reserved.
///
/// Less data than the CDB asks for is treated as by WRITE. Until it is verified the range stays this command's own.
final class WriteVerifyCommand implements CommandFamily {
    private static final int BYTE_CHECK = 0x02;
    private static final int STEP = 0;
    private static final long WRITING = 0;
    private static final long FLUSHING = 1;
    private static final long COMPARING = 2;

    @Override
    public Outcome execute(Command command) {
        long wanted = wantedBytes(command);
        long length = Math.min(wanted, command.offeredBytes());
        if (wholeBlocks(command) != length) {
            command.setTransferred(wanted, 0);
            return Outcome.INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT;
        }
        command.setTransferred(wanted, length);
        return length == 0 ? Outcome.GOOD : start(command, WRITING);
    }

    @Override
    public Outcome resume(Command command, long result) {
        command.setTransferred(wantedBytes(command), wholeBlocks(command));
        return goOn(command, result);
    }

    private static Outcome start(Command command, long step) {
        command.setScratch(STEP, step);
        long result = step == FLUSHING
                ? command.device().perform(command.task(), DiskImage.Operation.FLUSH, command.offset(),
                        command.transferredBytes())
                : command.device().image().submit(
                        step == WRITING ? DiskImage.Operation.WRITE : DiskImage.Operation.COMPARE, command.offset(),
                        command.transferredBytes(), command.task().extents(), command.task().token());
        return goOn(command, result);
    }

    private static Outcome goOn(Command command, long result) {
        if (result == ImageResult.PENDING) {
            return Outcome.PENDING;
        }
        if (result >= 0) {
            return command.cdb().isSet(1, BYTE_CHECK) ? command.withInformation(Outcome.MISCOMPARE, result)
                    : Outcome.MEDIUM_WRITE_ERROR;
        }
        long step = command.scratch(STEP);
        if (result != ImageResult.DONE) {
            command.setTransferred(0, 0);
            return command.failure(result, step != COMPARING);
        }
        return step == COMPARING ? Outcome.GOOD : start(command, step + 1);
    }

    private static long wantedBytes(Command command) {
        return command.cdb().blocks() << command.device().blockShift();
    }

    /// What is written: the whole blocks of the data, and no more than the CDB says.
    private static long wholeBlocks(Command command) {
        int shift = command.device().blockShift();
        return Math.min(wantedBytes(command), command.offeredBytes()) >>> shift << shift;
    }
}
