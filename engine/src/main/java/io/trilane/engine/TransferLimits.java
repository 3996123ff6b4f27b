package io.trilane.engine;

import io.trilane.engine.controller.ControllerConstraints;
import io.trilane.engine.controller.DmaSpecification;
import io.trilane.engine.task.TransferDirection;

/// How long one task's transfer may be in one direction: what the block layer splits by (`driverkit.md` 5.1, 6 rules 6
/// and 7). Immutable.
///
/// @param maxTransferBytes longest transfer of one task, in bytes
/// @param maxSegments      most segments of one task
/// @param maxSegmentBytes  longest segment, in bytes
/// @param alignmentBytes   least alignment of a segment's address, a power of two
/// @param blockBytes       length of a logical block
public record TransferLimits(long maxTransferBytes, int maxSegments, long maxSegmentBytes, int alignmentBytes,
        int blockBytes) {

    public TransferLimits {
        requirePositive("maxTransferBytes", maxTransferBytes);
        requirePositive("maxSegments", maxSegments);
        requirePositive("maxSegmentBytes", maxSegmentBytes);
        requirePositive("blockBytes", blockBytes);
        if (alignmentBytes < 1 || Integer.bitCount(alignmentBytes) != 1) {
            throw new IllegalArgumentException(
                    "alignmentBytes=" + alignmentBytes + " is not a power of two, report 4 or more");
        }
    }

    /// What a controller has reported, for a unit with blocks of `blockBytes`. The stricter of both alignments counts.
    ///
    /// @param direction FROM_TARGET for reads, TO_TARGET for writes
    public static TransferLimits of(ControllerConstraints constraints, DmaSpecification specification, int blockBytes,
            TransferDirection direction) {
        if (direction == TransferDirection.NONE) {
            throw new IllegalArgumentException("direction=NONE moves no data, choose FROM_TARGET or TO_TARGET");
        }
        boolean reads = direction == TransferDirection.FROM_TARGET;
        return new TransferLimits(specification.maxTransferBytes(),
                reads ? constraints.maxSegmentsRead() : constraints.maxSegmentsWrite(),
                reads ? constraints.maxSegmentBytesRead() : constraints.maxSegmentBytesWrite(),
                Math.max(constraints.alignmentBytes(), specification.alignmentBytes()), blockBytes);
    }

    /// Only the length of a transfer is limited.
    public static TransferLimits ofLength(long maxTransferBytes, int blockBytes) {
        return new TransferLimits(maxTransferBytes, Integer.MAX_VALUE, Long.MAX_VALUE, 1, blockBytes);
    }

    /// The longest transfer of one task from aligned memory in one piece, in whole blocks; 0: not one block fits, and
    /// nothing can be transferred at all (`driverkit.md` 3.4 row 23).
    public long breakBytes() {
        long segmentBytes = usableSegmentBytes();
        long inSegments = segmentBytes > Long.MAX_VALUE / maxSegments ? Long.MAX_VALUE : segmentBytes * maxSegments;
        return wholeUnits(Math.min(maxTransferBytes, inSegments));
    }

    /// How many tasks, one after another, a transfer of `lengthBytes` from such memory takes; 0 bytes take none.
    ///
    /// @throws IllegalStateException when [#breakBytes] is 0
    public long roundTrips(long lengthBytes) {
        long breakBytes = breakBytes();
        if (breakBytes == 0) {
            throw new IllegalStateException("breakBytes=0 < blockBytes=" + blockBytes
                    + ", report a longer transfer, more segments or longer segments");
        }
        return lengthBytes / breakBytes + (lengthBytes % breakBytes == 0 ? 0 : 1);
    }

    /// The longest segment after which the next one is aligned; 0: there is none, so a piece of memory is one segment at
    /// most.
    long usableSegmentBytes() {
        return maxSegmentBytes - maxSegmentBytes % alignmentBytes;
    }

    /// Rounds down to whole blocks, after which the next address is aligned as well.
    long wholeUnits(long lengthBytes) {
        // Both are mostly powers of two, so that the larger one is a multiple of the other.
        long unit = blockBytes % alignmentBytes == 0 ? blockBytes
                : (long) blockBytes / gcd(blockBytes, alignmentBytes) * alignmentBytes;
        return lengthBytes - lengthBytes % unit;
    }

    private static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    private static void requirePositive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + "=" + value + " < 1, report what the hardware can do");
        }
    }
}
