package io.trilane.hba.command;

import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageResult;

/// UNMAP (SBC-4), without anchors. The whole list is checked before the first block is unmapped. Descriptors that
/// follow one another on the medium are unmapped as one, so that storage goes that none of them covers alone.
final class UnmapCommand implements CommandFamily {
    private static final int DATA_LENGTH = 0;
    private static final int DESCRIPTOR_LENGTH = 2;
    /// What UNMAP DATA LENGTH counts of the header.
    private static final int COUNTED_HEADER_BYTES = 6;
    private static final int NEXT_DESCRIPTOR = 0;
    private static final int STEP = 1;
    private static final long UNMAPPING = 0;
    private static final long FLUSHING = 1;

    @Override
    public Outcome execute(Command command) {
        int length = UnmapList.lengthBytes(command);
        if (length == 0) {
            return Outcome.GOOD;
        }
        if (length < UnmapList.HEADER_BYTES) {
            return Outcome.PARAMETER_LIST_LENGTH_ERROR;
        }
        command.setTransferred(length, 0);
        if (command.offeredBytes() < length) {
            return Outcome.INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT;
        }
        command.setTransferred(length, length);
        Outcome outcome = check(command);
        if (outcome != Outcome.GOOD) {
            return outcome;
        }
        command.setScratch(NEXT_DESCRIPTOR, 0);
        command.setScratch(STEP, UNMAPPING);
        return resume(command, ImageResult.DONE);
    }

    /// Goes on with the next descriptors.
    @Override
    public Outcome resume(Command command, long lastResult) {
        int length = UnmapList.lengthBytes(command);
        command.setTransferred(length, length);
        int count = UnmapList.count(command);
        long result = lastResult;
        while (result == ImageResult.DONE && command.scratch(NEXT_DESCRIPTOR) < count) {
            result = unmapNext(command, count);
        }
        if (result == ImageResult.PENDING) {
            return Outcome.PENDING;
        }
        if (result != ImageResult.DONE) {
            return command.failure(result, true);
        }
        return command.device().writesThrough() && command.scratch(STEP) == UNMAPPING ? flush(command) : Outcome.GOOD;
    }

    /// The write cache is disabled: everything, because the ranges may lie anywhere.
    private Outcome flush(Command command) {
        command.setScratch(STEP, FLUSHING);
        DeviceServer device = command.device();
        return resume(command, device.flush(command.task(), 0, device.capacityBlocks() << device.blockShift()));
    }

    private static Outcome check(Command command) {
        int count = UnmapList.count(command);
        int described = command.parameters().u16(DESCRIPTOR_LENGTH);
        if (command.parameters().u16(DATA_LENGTH) < described + COUNTED_HEADER_BYTES) {
            return command.invalidParameter(DATA_LENGTH);
        }
        if (count > command.device().limits().commands().unmapDescriptors()) {
            return command.invalidParameter(DESCRIPTOR_LENGTH);
        }
        long capacity = command.device().capacityBlocks();
        long left = command.device().limits().commands().unmapBlocks();
        for (int i = 0; i < count; i++) {
            long address = UnmapList.address(command, i);
            long blocks = UnmapList.blocks(command, i);
            if (address < 0 || address > capacity - blocks) {
                return command.withInformation(Outcome.LBA_OUT_OF_RANGE,
                        Long.compareUnsigned(address, capacity) > 0 ? address : capacity);
            }
            left -= blocks;
            if (left < 0) {
                return command.invalidParameter(UnmapList.blocksByte(i));
            }
        }
        return Outcome.GOOD;
    }

    private static long unmapNext(Command command, int count) {
        int index = (int) command.scratch(NEXT_DESCRIPTOR);
        long first = UnmapList.address(command, index);
        long end = first + UnmapList.blocks(command, index);
        index++;
        while (index < count && UnmapList.address(command, index) == end) {
            end += UnmapList.blocks(command, index);
            index++;
        }
        command.setScratch(NEXT_DESCRIPTOR, index);
        int shift = command.device().blockShift();
        return first == end ? ImageResult.DONE : command.device().perform(command.task(), DiskImage.Operation.UNMAP,
                first << shift, end - first << shift);
    }
}
