package io.trilane.engine.controller;

/// What the DMA engine can do for one task (`driverkit.md` 1.1, `UserGetDMASpecification`).
///
/// @param maxTransferBytes longest transfer of one task, in bytes
/// @param alignmentBytes   alignment of a transfer, in bytes, a power of two
/// @param addressBits      how many address bits the hardware drives, 1..64
/// @param segmentType      how it reads segment lists
public record DmaSpecification(long maxTransferBytes, int alignmentBytes, int addressBits,
        DmaSegmentType segmentType) {

    public DmaSpecification {
        if (maxTransferBytes < 1) {
            throw new IllegalArgumentException(
                    "maxTransferBytes=" + maxTransferBytes + " < 1, report what the hardware can do");
        }
        if (alignmentBytes < 1 || Integer.bitCount(alignmentBytes) != 1) {
            throw new IllegalArgumentException(
                    "alignmentBytes=" + alignmentBytes + " is not a power of two, report 4 or more");
        }
        if (addressBits < 1 || addressBits > 64) {
            throw new IllegalArgumentException("addressBits=" + addressBits + " not in 1..64, report 64");
        }
    }

    /// 64 address bits in host order, 4-byte aligned.
    public static DmaSpecification of(long maxTransferBytes) {
        return new DmaSpecification(maxTransferBytes, 4, 64, DmaSegmentType.HOST_64);
    }
}
