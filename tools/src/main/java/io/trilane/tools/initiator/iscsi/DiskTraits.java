package io.trilane.tools.initiator.iscsi;

import io.trilane.perf.harness.Request;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What a disk says it is. Immutable.
///
/// @param product           vendor and product, for people
/// @param blockBytes        a power of two
/// @param capacityBlocks    at least 1
/// @param maxTransferBlocks VPD B0; 0: no limit
/// @param maxUnmapBlocks    VPD B0, unsigned; 0: no UNMAP
/// @param isWriteProtected  MODE SENSE
/// @param window            commands that the target takes at once
record DiskTraits(String product, int blockBytes, long capacityBlocks, long maxTransferBlocks, long maxUnmapBlocks,
        boolean isWriteProtected, int window) {
    private static final int BLOCK_LIMITS = 0xB0;
    private static final int DIRECT_ACCESS = 0x00;
    private static final int INQUIRY_BYTES = 32;
    private static final int CAPACITY_BYTES = 12;
    private static final int MIN_BLOCK_BYTES = 512;
    private static final int MAX_BLOCK_BYTES = 1 << 16;
    private static final int WRITE_PROTECTED = 0x80;

    /// Asks a unit.
    ///
    /// @throws IOException it is no disk, or not ready
    static DiskTraits of(InitiatorSession session) throws IOException {
        UnitCommands unit = new UnitCommands(session);
        ByteBuffer inquiry = unit.inquiry();
        int peripheral = inquiry.hasRemaining() ? inquiry.get(0) & 0xFF : 0xFF;
        if (peripheral != DIRECT_ACCESS || inquiry.remaining() < INQUIRY_BYTES) {
            throw new IOException("peripheral=" + Integer.toHexString(peripheral)
                    + "h is no disk, choose another LUN (SPC-5 6.7.2)");
        }
        unit.testUnitReady();
        ByteBuffer capacity = unit.readCapacity();
        if (capacity.remaining() < CAPACITY_BYTES) {
            throw new IOException("READ CAPACITY(16) bytes=" + capacity.remaining() + " < " + CAPACITY_BYTES);
        }
        long blocks = capacity.getLong(0) + 1;
        int blockBytes = capacity.getInt(8);
        check(blocks, blockBytes);
        ByteBuffer limits = unit.vitalProductData(BLOCK_LIMITS);
        ByteBuffer mode = unit.modeSense();
        boolean isProtected = mode != null && mode.remaining() > 2 && (mode.get(2) & WRITE_PROTECTED) != 0;
        return new DiskTraits(text(inquiry, 8, 8) + " " + text(inquiry, 16, 16), blockBytes, blocks, field(limits, 8),
                Math.min(field(limits, 20), field(limits, 24) == 0 ? 0 : Long.MAX_VALUE), isProtected,
                session.window());
    }

    private static void check(long blocks, int blockBytes) throws IOException {
        if (blockBytes < MIN_BLOCK_BYTES || blockBytes > MAX_BLOCK_BYTES || Integer.bitCount(blockBytes) != 1) {
            throw new IOException("blockBytes=" + blockBytes + " is not a power of two in " + MIN_BLOCK_BYTES + ".."
                    + MAX_BLOCK_BYTES + ", choose another disk");
        }
        if (blocks < 1 || blocks > Request.MAX_OFFSET_BYTES / blockBytes) {
            throw new IOException("capacityBlocks=" + Long.toUnsignedString(blocks) + " not in 1.."
                    + Request.MAX_OFFSET_BYTES / blockBytes + ", choose another disk");
        }
    }

    private static long field(@Nullable ByteBuffer page, int offset) {
        return page == null || page.remaining() < offset + 4 ? 0 : page.getInt(offset) & 0xFFFF_FFFFL;
    }

    /// Printable characters only: what a stranger sent cannot forge a line.
    private static String text(ByteBuffer inquiry, int offset, int length) {
        return new String(inquiry.array(), offset, length, StandardCharsets.US_ASCII).replaceAll("[^\\p{Print}]", "?")
                .strip();
    }
}
