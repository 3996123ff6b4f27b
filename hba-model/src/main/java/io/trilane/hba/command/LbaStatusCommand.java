package io.trilane.hba.command;

import io.trilane.engine.task.Extents;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageResult;
import io.trilane.hba.page.PageWriter;
import io.trilane.hba.page.Provisioning;

/// GET LBA STATUS(16) (SBC-4), REPORT TYPE 00h. Descriptors alternate between blocks that may have been written
/// (mapped) and blocks that certainly were not (deallocated); a block is mapped when any byte of it is, and where nobody
/// can tell all are. They go straight to the client's data, one by one, because the image may answer later.
///
/// PARAMETER DATA LENGTH counts the descriptors that were sent: as many as there is room for, at least one.
final class LbaStatusCommand implements CommandFamily {
    private static final int ALLOCATION_LENGTH = 10;
    private static final int HEADER_BYTES = 8;
    private static final int DESCRIPTOR_BYTES = 16;
    private static final int MOST_DESCRIPTORS = 1024;
    private static final long MOST_BLOCKS = 0xFFFF_FFFFL;
    private static final int MAPPED = 0;
    private static final int DEALLOCATED = 1;

    /// Scratch: how many descriptors there are, where the next one starts, and whether it is known to be mapped.
    private static final int COUNT = 0;
    private static final int NEXT = 1;
    private static final int IS_MAPPED = 2;

    @Override
    public Outcome execute(Command command) {
        command.setScratch(COUNT, 0);
        command.setScratch(NEXT, command.cdb().address());
        command.setScratch(IS_MAPPED, isThin(command) ? 0 : 1);
        return resume(command, seek(command));
    }

    @Override
    public Outcome resume(Command command, long lastResult) {
        long result = lastResult;
        while (result >= ImageResult.DONE) {
            takeRun(command, result);
            if (command.scratch(COUNT) == room(command)
                    || command.scratch(NEXT) == command.device().capacityBlocks()) {
                return finish(command);
            }
            result = seek(command);
        }
        return result == ImageResult.PENDING ? Outcome.PENDING : command.failure(result, false);
    }

    /// A run ends where the image found the other kind, or at the end of the medium; one that is longer than its field
    /// goes on in the next descriptor.
    private static void takeRun(Command command, long result) {
        long next = command.scratch(NEXT);
        boolean isMapped = command.scratch(IS_MAPPED) == 1;
        long end = result == ImageResult.DONE ? command.device().capacityBlocks()
                : next + wholeBlocks(command, result, isMapped);
        boolean isWhole = end - next <= MOST_BLOCKS;
        long runEnd = isWhole ? end : next + MOST_BLOCKS;
        if (runEnd > next) {
            writeDescriptor(command, next, runEnd - next, isMapped ? MAPPED : DEALLOCATED);
        }
        command.setScratch(NEXT, runEnd);
        if (isWhole) {
            command.setScratch(IS_MAPPED, isMapped ? 0 : 1);
        }
    }

    private static boolean isThin(Command command) {
        return command.device().provisioning() == Provisioning.THIN;
    }

    /// Where the run ends; a fully provisioned disk has one.
    private static long seek(Command command) {
        if (!isThin(command)) {
            return ImageResult.DONE;
        }
        int shift = command.device().blockShift();
        long next = command.scratch(NEXT);
        return command.device().image().submit(
                command.scratch(IS_MAPPED) == 1 ? DiskImage.Operation.SEEK_HOLE : DiskImage.Operation.SEEK_DATA,
                next << shift, command.device().capacityBlocks() - next << shift, Extents.NONE,
                command.task().token());
    }

    /// A hole begins with the first block that lies wholly in it. The block where a mapped run starts is mapped in any
    /// case.
    private static long wholeBlocks(Command command, long bytes, boolean isMapped) {
        int shift = command.device().blockShift();
        return isMapped ? Math.max(bytes + (1L << shift) - 1 >>> shift, 1) : bytes >>> shift;
    }

    private static void writeDescriptor(Command command, long address, long blocks, int status) {
        long count = command.scratch(COUNT);
        long place = HEADER_BYTES + count * DESCRIPTOR_BYTES;
        PageWriter writer = command.device().writer().begin();
        writer.u64(address).u32(blocks).u8(status).zeros(3);
        writer.deliverAt(command.task().extents(), place, limit(command) - place);
        command.setScratch(COUNT, count + 1);
    }

    private static Outcome finish(Command command) {
        long length = HEADER_BYTES + command.scratch(COUNT) * DESCRIPTOR_BYTES;
        PageWriter writer = command.device().writer().begin();
        writer.u32(length - 4).zeros(4);
        writer.deliverAt(command.task().extents(), 0, limit(command));
        command.setTransferred(Math.min(length, command.cdb().u32(ALLOCATION_LENGTH)),
                Math.min(length, limit(command)));
        return Outcome.GOOD;
    }

    private static long room(Command command) {
        return Math.clamp((limit(command) - HEADER_BYTES) / DESCRIPTOR_BYTES, 1, MOST_DESCRIPTORS);
    }

    /// Bytes that may be transferred.
    private static long limit(Command command) {
        return Math.min(command.cdb().u32(ALLOCATION_LENGTH), command.offeredBytes());
    }
}
