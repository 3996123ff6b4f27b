package io.trilane.tools.nbd;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TransferDirection;
import io.trilane.tools.frontend.ServedUnit;

/// Fills tasks with the command blocks that NBD requests become (SBC-4 5). Those with 16 bytes share one shape:
///
/// ```text
///  0    1      2                 9 10      13 14    15
/// ┌────┬──────┬───────────────────┬──────────┬─────┬─────┐
/// │ op │ bits │        LBA        │  length  │  0  │  0  │
/// └────┴──────┴───────────────────┴──────────┴─────┴─────┘
/// ```
@HotPath
final class BlockCommands {
    static final int FUA = 0x08;
    /// WRITE SAME(16): unmap, and no data-out buffer.
    static final int UNMAP = 0x08;
    static final int NDOB = 0x01;

    static final int READ_16 = 0x88;
    static final int COMPARE_AND_WRITE = 0x89;
    static final int WRITE_16 = 0x8A;
    static final int PRE_FETCH_16 = 0x90;
    static final int SYNCHRONIZE_CACHE_16 = 0x91;
    static final int WRITE_SAME_16 = 0x93;
    private static final int SERVICE_ACTION_IN = 0x9E;
    private static final int READ_CAPACITY_16 = 0x10;
    private static final int GET_LBA_STATUS = 0x12;
    private static final long UNMAP_10 = 0x42;
    private static final long INQUIRY = 0x12;

    static final int UNMAP_LIST_BYTES = 24;
    static final int CAPACITY_BYTES = 32;
    static final int VPD_BYTES = 64;

    private BlockCommands() {}

    /// Sixteen bytes.
    ///
    /// @param blocks      or bytes, in LENGTH; 0..2^32-1
    /// @param lengthBytes of the transfer
    static void fill(Task task, ServedUnit unit, int code, int bits, long lba, long blocks,
            TransferDirection direction, long lengthBytes) {
        address(task, unit);
        task.setCdbWord(0, (long) code << 56 | (long) bits << 48 | lba >>> 16);
        task.setCdbWord(1, lba << 48 | blocks << 16);
        task.setControl(16, direction, lengthBytes);
    }

    static void testUnitReady(Task task, ServedUnit unit) {
        address(task, unit);
        task.setCdbWord(0, 0);
        task.setCdbWord(1, 0);
        task.setControl(6, TransferDirection.NONE, 0);
    }

    static void readCapacity(Task task, ServedUnit unit) {
        fill(task, unit, SERVICE_ACTION_IN, READ_CAPACITY_16, 0, CAPACITY_BYTES, TransferDirection.FROM_TARGET,
                CAPACITY_BYTES);
    }

    static void vitalProductData(Task task, ServedUnit unit, int page) {
        address(task, unit);
        task.setCdbWord(0, INQUIRY << 56 | 1L << 48 | (long) page << 40 | (long) VPD_BYTES << 24);
        task.setCdbWord(1, 0);
        task.setControl(6, TransferDirection.FROM_TARGET, VPD_BYTES);
    }

    static void lbaStatus(Task task, ServedUnit unit, long lba, int lengthBytes) {
        fill(task, unit, SERVICE_ACTION_IN, GET_LBA_STATUS, lba, lengthBytes, TransferDirection.FROM_TARGET,
                lengthBytes);
    }

    /// UNMAP of one range; its parameter list is written into `list`, [#UNMAP_LIST_BYTES] long, by the caller.
    static void unmap(Task task, ServedUnit unit) {
        address(task, unit);
        task.setCdbWord(0, UNMAP_10 << 56);
        task.setCdbWord(1, (long) UNMAP_LIST_BYTES << 56);
        task.setControl(10, TransferDirection.TO_TARGET, UNMAP_LIST_BYTES);
    }

    private static void address(Task task, ServedUnit unit) {
        task.setTargetId(unit.targetId());
        task.setLun(unit.lunBytes());
    }
}
