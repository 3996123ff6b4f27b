package io.trilane.perf.harness;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TransferDirection;

/// The READ and WRITE command blocks of one workload, but for the LBA (SBC-4 5.11, 5.13, 5.35, 5.37): everything else is
/// decided once. (10) where every LBA and the length fit, otherwise (16).
@HotPath
final class TransferCommands {
    private static final int READ_10 = 0x28;
    private static final int WRITE_10 = 0x2A;
    private static final int READ_16 = 0x88;
    private static final int WRITE_16 = 0x8A;
    private static final int FUA = 0x08;
    private static final int CDB_10 = 10;
    private static final int CDB_16 = 16;

    private final boolean wide;
    private final int blockShift;
    private final long requestBytes;
    /// By [Request#kind].
    private final long[] firstWord = new long[2];
    private final long secondWord;

    TransferCommands(long requestBytes, int blockBytes, long capacityBlocks, boolean fua) {
        long blocks = requestBytes / blockBytes;
        this.wide = capacityBlocks > 1L << 32 || blocks > 0xFFFF;
        this.blockShift = Integer.numberOfTrailingZeros(blockBytes);
        this.requestBytes = requestBytes;
        long readCode = wide ? READ_16 : READ_10;
        long writeCode = wide ? WRITE_16 : WRITE_10;
        long lengthHigh = wide ? 0 : blocks >>> 8;
        firstWord[0] = readCode << 56 | lengthHigh;
        firstWord[1] = writeCode << 56 | (fua ? (long) FUA << 48 : 0) | lengthHigh;
        secondWord = wide ? blocks << 16 : (blocks & 0xFF) << 56;
    }

    /// Writes CDB, direction and transfer length.
    void fill(Task task, long request) {
        int kind = Request.kind(request);
        long lba = Request.offsetBytes(request) >>> blockShift;
        if (wide) {
            task.setCdbWord(0, firstWord[kind] | lba >>> 16);
            task.setCdbWord(1, secondWord | lba << 48);
        } else {
            task.setCdbWord(0, firstWord[kind] | lba << 16);
            task.setCdbWord(1, secondWord);
        }
        task.setControl(wide ? CDB_16 : CDB_10, kind == 0 ? TransferDirection.FROM_TARGET : TransferDirection.TO_TARGET,
                requestBytes);
    }
}
