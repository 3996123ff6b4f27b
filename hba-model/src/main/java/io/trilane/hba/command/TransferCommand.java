package io.trilane.hba.command;

import io.trilane.engine.task.HotPath;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageResult;

/// READ and WRITE of every length (SBC-4 5.10 to 5.13, 5.37 to 5.40).
///
/// Less data than the CDB asks for (RFC 7143 11.4.5.2 overflow, and what initiators' test suites expect): a READ
/// transfers what the client expects; a WRITE writes the whole blocks that the client supplied and never beyond; a
/// WRITE whose data ends inside a block is refused and writes nothing. The residual tells in each case.
///
/// FUA: a WRITE is followed by a flush of its range and answered after it; a READ is preceded by one, so that what it
/// returns is on the medium (SBC-4 4.15.2). DPO is a hint, accepted and not used.
@HotPath
final class TransferCommand implements CommandFamily {
    static final TransferCommand READ = new TransferCommand(DiskImage.Operation.READ);
    static final TransferCommand WRITE = new TransferCommand(DiskImage.Operation.WRITE);

    private static final int FUA = 0x08;
    private static final int STEP = 0;
    private static final long TRANSFERRING = 0;
    private static final long FLUSHING = 1;

    private final DiskImage.Operation operation;

    private TransferCommand(DiskImage.Operation operation) {
        this.operation = operation;
    }

    @Override
    public Outcome execute(Command command) {
        long wanted = command.cdb().blocks() << command.device().blockShift();
        long supplied = command.offeredBytes();
        command.setTransferred(wanted, wanted);
        if (supplied < wanted || isForced(command)) {
            return executeRare(command, supplied);
        }
        long result = transfer(command, wanted);
        return result == ImageResult.DONE ? Outcome.GOOD : afterTransfer(command, result);
    }

    @Override
    public Outcome resume(Command command, long result) {
        long wanted = command.cdb().blocks() << command.device().blockShift();
        command.setTransferred(wanted, Math.min(wanted, command.offeredBytes()));
        if (operation == DiskImage.Operation.WRITE) {
            command.setTransferred(wanted, wholeBlocks(command, command.transferredBytes()));
        }
        return command.scratch(STEP) == FLUSHING ? afterFlush(command, result) : afterTransfer(command, result);
    }

    /// Short data, FUA.
    private Outcome executeRare(Command command, long supplied) {
        long length = Math.min(command.wantedBytes(), supplied);
        if (operation == DiskImage.Operation.WRITE && wholeBlocks(command, length) != length) {
            command.setTransferred(command.wantedBytes(), 0);
            return Outcome.INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT;
        }
        command.setTransferred(command.wantedBytes(), length);
        if (length == 0) {
            return Outcome.GOOD;
        }
        if (operation == DiskImage.Operation.READ && isForced(command)) {
            return startFlush(command);
        }
        return afterTransfer(command, transfer(command, length));
    }

    private long transfer(Command command, long length) {
        return length == 0 ? ImageResult.DONE : command.device().image().submit(operation, command.offset(), length,
                command.task().extents(), command.task().token());
    }

    private Outcome afterTransfer(Command command, long result) {
        if (result == ImageResult.PENDING) {
            command.setScratch(STEP, TRANSFERRING);
            return Outcome.PENDING;
        }
        if (result != ImageResult.DONE) {
            return fail(command, result);
        }
        return operation == DiskImage.Operation.WRITE && isForced(command) ? startFlush(command) : Outcome.GOOD;
    }

    private Outcome startFlush(Command command) {
        long result = command.device().flush(command.task(), command.offset(), command.transferredBytes());
        if (result == ImageResult.PENDING) {
            command.setScratch(STEP, FLUSHING);
            return Outcome.PENDING;
        }
        return afterFlush(command, result);
    }

    private Outcome afterFlush(Command command, long result) {
        if (result != ImageResult.DONE) {
            return fail(command, result);
        }
        return operation == DiskImage.Operation.READ
                ? afterTransfer(command, transfer(command, command.transferredBytes())) : Outcome.GOOD;
    }

    private Outcome fail(Command command, long result) {
        command.setTransferred(0, 0);
        return command.failure(result, operation == DiskImage.Operation.WRITE);
    }

    private static long wholeBlocks(Command command, long bytes) {
        return bytes >>> command.device().blockShift() << command.device().blockShift();
    }

    /// FUA, or a write while the write cache is disabled. The six-byte CDBs have no FUA bit: their byte 1 is part of the
    /// address.
    private boolean isForced(Command command) {
        return operation == DiskImage.Operation.WRITE && command.device().writesThrough()
                || command.row().blockField() != BlockField.SIX && command.cdb().isSet(1, FUA);
    }
}
