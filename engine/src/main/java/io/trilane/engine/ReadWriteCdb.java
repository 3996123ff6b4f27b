package io.trilane.engine;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TransferDirection;

/// READ and WRITE command blocks (SBC-4 5.11, 5.13, 5.35, 5.37): (10) where first block and length fit, otherwise (16).
///
/// ```text
///        0     1     2        5 6     7    8  9
///  (10) ┌─────┬─────┬──────────┬─────┬───────┬─────┐
///       │ op  │  0  │   LBA    │  0  │ blocks│  0  │
///       └─────┴─────┴──────────┴─────┴───────┴─────┘
///        0     1     2                 9 10      13 14    15
///  (16) ┌─────┬─────┬───────────────────┬──────────┬─────┬─────┐
///       │ op  │  0  │        LBA        │  blocks  │  0  │  0  │
///       └─────┴─────┴───────────────────┴──────────┴─────┴─────┘
/// ```
@HotPath
final class ReadWriteCdb {
    private static final long READ_10 = 0x28;
    private static final long WRITE_10 = 0x2A;
    private static final long READ_16 = 0x88;
    private static final long WRITE_16 = 0x8A;
    private static final int CDB_10 = 10;
    private static final int CDB_16 = 16;
    private static final long MAX_LBA_10 = 0xFFFF_FFFFL;
    private static final long MAX_BLOCKS_10 = 0xFFFF;

    private ReadWriteCdb() {}

    /// Writes CDB, its length, direction and transfer count.
    ///
    /// @param blocks 1..2^32-1
    static void fill(Task task, TransferDirection direction, long firstBlock, long blocks, long lengthBytes) {
        boolean reads = direction == TransferDirection.FROM_TARGET;
        boolean wide = firstBlock + blocks - 1 > MAX_LBA_10 || blocks > MAX_BLOCKS_10;
        if (wide) {
            task.setCdbWord(0, (reads ? READ_16 : WRITE_16) << 56 | firstBlock >>> 16);
            task.setCdbWord(1, firstBlock << 48 | blocks << 16);
        } else {
            task.setCdbWord(0, (reads ? READ_10 : WRITE_10) << 56 | firstBlock << 16 | blocks >>> 8);
            task.setCdbWord(1, (blocks & 0xFF) << 56);
        }
        task.setControl(wide ? CDB_16 : CDB_10, direction, lengthBytes);
    }
}
