package io.trilane.engine.controller;

/// What a controller reports of its DMA engine from inside [Controller#initializeController] (`driverkit.md` 4.6). All
/// are required.
///
/// @param maxSegmentsRead     most segments of one read
/// @param maxSegmentsWrite    most segments of one write
/// @param maxSegmentBytesRead  longest segment of one read, in bytes
/// @param maxSegmentBytesWrite longest segment of one write, in bytes
/// @param alignmentBytes      least alignment of a segment, in bytes, a power of two
/// @param addressBits         how many address bits the hardware drives
/// @param maxTransferBytes    longest transfer of one task, in bytes
public record ControllerConstraints(int maxSegmentsRead, int maxSegmentsWrite, long maxSegmentBytesRead,
        long maxSegmentBytesWrite, int alignmentBytes, int addressBits, long maxTransferBytes) {

    public ControllerConstraints {
        requirePositive("maxSegmentsRead", maxSegmentsRead);
        requirePositive("maxSegmentsWrite", maxSegmentsWrite);
        requirePositive("maxSegmentBytesRead", maxSegmentBytesRead);
        requirePositive("maxSegmentBytesWrite", maxSegmentBytesWrite);
        requirePositive("maxTransferBytes", maxTransferBytes);
        if (alignmentBytes < 1 || Integer.bitCount(alignmentBytes) != 1) {
            throw new IllegalArgumentException(
                    "alignmentBytes=" + alignmentBytes + " is not a power of two, report 4 or more");
        }
        if (addressBits < 1 || addressBits > 64) {
            throw new IllegalArgumentException("addressBits=" + addressBits + " not in 1..64, report 64");
        }
    }

    private static void requirePositive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + "=" + value + " < 1, report what the hardware can do");
        }
    }
}
