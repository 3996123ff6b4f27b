package io.trilane.perf.harness;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TransferDirection;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The command blocks of one workload on one unit, but for the LBA: everything else is decided once, by kind and length.
/// READ and WRITE (SBC-4 5.11, 5.13, 5.35, 5.37) and SYNCHRONIZE CACHE of the whole medium (5.33, 5.34): (10) where every
/// LBA and every length fit, otherwise (16). UNMAP (5.32) has its range in a parameter list of one descriptor:
///
/// ```text
/// header       0 UNMAP DATA LENGTH u16 = 22   2 UNMAP BLOCK DESCRIPTOR DATA LENGTH u16 = 16   4 reserved
/// descriptor   8 LOGICAL BLOCK ADDRESS u64   16 NUMBER OF LOGICAL BLOCKS u32   20 reserved
/// ```
@HotPath
final class TransferCommands {
    /// Bytes of the parameter list of an UNMAP.
    static final int UNMAP_LIST_BYTES = 24;

    private static final int READ_10 = 0x28;
    private static final int WRITE_10 = 0x2A;
    private static final int SYNCHRONIZE_CACHE_10 = 0x35;
    private static final int READ_16 = 0x88;
    private static final int WRITE_16 = 0x8A;
    private static final int SYNCHRONIZE_CACHE_16 = 0x91;
    private static final int UNMAP = 0x42;
    private static final int FUA = 0x08;
    private static final int CDB_10 = 10;
    private static final int CDB_16 = 16;
    private static final long UNMAP_HEADER = 0x0016_0010_0000_0000L;
    private static final ValueLayout.OfLong LONG_BE =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final int SHAPES = Request.shape(-1) + 1;

    private final boolean wide;
    private final int cdbLength;
    private final int blockShift;
    /// By [Request#shape].
    private final long[] firstWord = new long[SHAPES];
    private final long[] secondWord = new long[SHAPES];
    private final long[] transferBytes = new long[SHAPES];
    private final TransferDirection[] directions = new TransferDirection[SHAPES];
    /// By [Request#sizeIndex]: the last word of the descriptor.
    private final long[] unmapBlocks = new long[Request.MAX_SIZES];

    TransferCommands(Workload workload, int blockBytes, long capacityBlocks) {
        RequestSizes sizes = workload.mix().sizes();
        this.wide = capacityBlocks > 1L << 32 || sizes.longest() / blockBytes > 0xFFFF;
        this.cdbLength = wide ? CDB_16 : CDB_10;
        this.blockShift = Integer.numberOfTrailingZeros(blockBytes);
        for (int size = 0; size < sizes.count(); size++) {
            long bytes = sizes.bytes(size);
            if (bytes % blockBytes != 0) {
                throw new IllegalArgumentException("bs=" + bytes + " is not a multiple of blockBytes=" + blockBytes
                        + ", choose one");
            }
            long blocks = bytes / blockBytes;
            set(RequestKind.READ, size, transfer(wide ? READ_16 : READ_10, blocks), length(blocks), bytes);
            long write = transfer(wide ? WRITE_16 : WRITE_10, blocks) | (workload.fua() ? (long) FUA << 48 : 0);
            set(RequestKind.WRITE, size, write, length(blocks), bytes);
            set(RequestKind.FLUSH, size, opcode(wide ? SYNCHRONIZE_CACHE_16 : SYNCHRONIZE_CACHE_10), 0, 0);
            set(RequestKind.UNMAP, size, opcode(UNMAP), (long) UNMAP_LIST_BYTES << 56, UNMAP_LIST_BYTES);
            unmapBlocks[size] = blocks << 32;
        }
    }

    /// Writes CDB, direction and transfer length; an UNMAP's parameter list, too.
    void fill(Task task, long request) {
        int shape = Request.shape(request);
        long lba = Request.offsetBytes(request) >>> blockShift;
        if (Request.isUnmap(request)) {
            unmap(task, shape, lba, unmapBlocks[Request.sizeIndex(request)]);
            return;
        }
        if (wide) {
            task.setCdbWord(0, firstWord[shape] | lba >>> 16);
            task.setCdbWord(1, secondWord[shape] | lba << 48);
        } else {
            task.setCdbWord(0, firstWord[shape] | lba << 16);
            task.setCdbWord(1, secondWord[shape]);
        }
        task.setControl(cdbLength, directions[shape], transferBytes[shape]);
    }

    /// What a request that went well has transferred.
    long transferBytes(long request) {
        return transferBytes[Request.shape(request)];
    }

    private void unmap(Task task, int shape, long lba, long lastWord) {
        task.setCdbWord(0, firstWord[shape]);
        task.setCdbWord(1, secondWord[shape]);
        task.setControl(CDB_10, directions[shape], UNMAP_LIST_BYTES);
        MemorySegment list = task.extents().segment(0);
        long at = task.extents().offset(0);
        list.set(LONG_BE, at, UNMAP_HEADER);
        list.set(LONG_BE, at + 8, lba);
        list.set(LONG_BE, at + 16, lastWord);
    }

    private void set(RequestKind kind, int size, long first, long second, long bytes) {
        int shape = Request.shape(Request.of(kind, 0, 0, size));
        firstWord[shape] = first;
        secondWord[shape] = second;
        transferBytes[shape] = bytes;
        directions[shape] = switch (kind) {
            case READ -> TransferDirection.FROM_TARGET;
            case WRITE, UNMAP -> TransferDirection.TO_TARGET;
            case FLUSH -> TransferDirection.NONE;
        };
    }

    /// First CDB word of READ and WRITE: (10) has the high byte of the length in it.
    private long transfer(int opcode, long blocks) {
        return opcode(opcode) | (wide ? 0 : blocks >>> 8);
    }

    /// Second CDB word of READ and WRITE.
    private long length(long blocks) {
        return wide ? blocks << 16 : (blocks & 0xFF) << 56;
    }

    private static long opcode(int opcode) {
        return (long) opcode << 56;
    }
}
