package io.trilane.tools.initiator.iscsi;

import io.trilane.engine.task.HotPath;
import io.trilane.perf.harness.Request;
import io.trilane.perf.harness.RequestKind;
import io.trilane.perf.harness.Workload;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Command blocks of requests (SBC-4 5.13, 5.15, 5.27, 5.35, 5.40, 5.42): (10) where LBA and length fit, otherwise (16).
/// Belongs to the session's thread.
@HotPath
final class RequestCommands {
    private static final int READ_10 = 0x28;
    private static final int WRITE_10 = 0x2A;
    private static final int SYNCHRONIZE_CACHE_10 = 0x35;
    private static final int UNMAP = 0x42;
    private static final int READ_16 = 0x88;
    private static final int WRITE_16 = 0x8A;
    private static final int FUA = 0x08;
    private static final int MAX_BLOCKS_10 = 0xFFFF;
    private static final long MAX_LBA_10 = 0xFFFF_FFFFL;
    /// A parameter list with one descriptor (5.40).
    private static final int UNMAP_LIST_BYTES = 24;
    private static final int UNMAP_DATA_LENGTH = UNMAP_LIST_BYTES - 2;
    private static final int UNMAP_DESCRIPTOR_BYTES = 16;

    private final Workload workload;
    private final SlotMemory memory;
    private final ByteBuffer parameters;
    private final int blockBytes;
    private final int blockShift;

    RequestCommands(Workload workload, SlotMemory memory, int blockBytes) {
        this.workload = workload;
        this.memory = memory;
        MemorySegment all = memory.memory();
        long start = memory.parameterAddress(0);
        this.parameters = all.asSlice(start, all.byteSize() - start).asByteBuffer().order(ByteOrder.BIG_ENDIAN);
        this.blockBytes = blockBytes;
        this.blockShift = Integer.numberOfTrailingZeros(blockBytes);
    }

    /// Before a slot is taken.
    ///
    /// @throws IllegalArgumentException the request is not of whole blocks
    void require(long request) {
        long bytes = workload.requestBytes(Request.sizeIndex(request));
        if ((bytes | Request.offsetBytes(request)) % blockBytes != 0) {
            throw new IllegalArgumentException("offset=" + Request.offsetBytes(request) + " bytes=" + bytes
                    + " is not a multiple of blockBytes=" + blockBytes + ", choose --bs and --offset that are");
        }
    }

    /// Writes CDB, direction, and where the data are.
    void fill(RequestSlot slot, long request) {
        Arrays.fill(slot.cdb, (byte) 0);
        RequestKind kind = Request.kindOf(request);
        slot.isRead = kind == RequestKind.READ;
        slot.isWrite = kind == RequestKind.WRITE || kind == RequestKind.UNMAP;
        slot.isParameterList = kind == RequestKind.UNMAP;
        if (kind == RequestKind.FLUSH) {
            slot.cdb[0] = SYNCHRONIZE_CACHE_10;
            slot.length = 0;
            return;
        }
        long bytes = workload.requestBytes(Request.sizeIndex(request));
        long lba = Request.offsetBytes(request) >>> blockShift;
        int blocks = (int) (bytes >>> blockShift);
        if (kind == RequestKind.UNMAP) {
            fillUnmap(slot, lba, blocks);
        } else {
            slot.length = (int) bytes;
            fillTransfer(slot, lba, blocks);
        }
    }

    private void fillTransfer(RequestSlot slot, long lba, int blocks) {
        boolean isWide = lba + blocks - 1 > MAX_LBA_10 || blocks > MAX_BLOCKS_10;
        slot.cdb[0] = (byte) (slot.isRead ? isWide ? READ_16 : READ_10 : isWide ? WRITE_16 : WRITE_10);
        slot.cdb[1] = slot.isWrite && workload.fua() ? (byte) FUA : 0;
        if (isWide) {
            put(slot.cdb, 2, 8, lba);
            put(slot.cdb, 10, 4, blocks);
        } else {
            put(slot.cdb, 2, 4, lba);
            put(slot.cdb, 7, 2, blocks);
        }
    }

    private void fillUnmap(RequestSlot slot, long lba, int blocks) {
        int at = slot.index * SlotMemory.PARAMETER_BYTES;
        parameters.putShort(at, (short) UNMAP_DATA_LENGTH).putShort(at + 2, (short) UNMAP_DESCRIPTOR_BYTES);
        parameters.putInt(at + 4, 0).putLong(at + 8, lba).putInt(at + 16, blocks).putInt(at + 20, 0);
        slot.cdb[0] = UNMAP;
        put(slot.cdb, 7, 2, UNMAP_LIST_BYTES);
        slot.address = memory.parameterAddress(slot.index);
        slot.length = UNMAP_LIST_BYTES;
    }

    private static void put(byte[] target, int offset, int bytes, long value) {
        for (int i = 0; i < bytes; i++) {
            target[offset + i] = (byte) (value >>> 8 * (bytes - 1 - i));
        }
    }
}
