package io.trilane.engine.controller;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What a controller reports of its DMA engine from inside [Controller#initializeController] (`driverkit.md` 4.6).
///
/// @param maxSegmentsRead      most segments of one read
/// @param maxSegmentsWrite     most segments of one write
/// @param maxSegmentBytesRead  longest segment of one read, in bytes
/// @param maxSegmentBytesWrite longest segment of one write, in bytes
/// @param alignmentBytes       least alignment of a segment, in bytes, a power of two
/// @param addressBits          how many address bits the hardware drives
/// @param dataAlignmentMask    physical address mask for the memory of [Controller#mapTaskData]
/// @param hierarchicalLuns     the hardware understands LUNs of several levels
public record ControllerConstraints(int maxSegmentsRead, int maxSegmentsWrite, long maxSegmentBytesRead,
        long maxSegmentBytesWrite, int alignmentBytes, int addressBits, long dataAlignmentMask,
        boolean hierarchicalLuns) {

    /// 64 address bits, 16-byte aligned.
    public static final long DEFAULT_DATA_ALIGNMENT_MASK = 0xFFFF_FFFF_FFFF_FFF0L;

    public ControllerConstraints {
        requirePositive("maxSegmentsRead", maxSegmentsRead);
        requirePositive("maxSegmentsWrite", maxSegmentsWrite);
        requirePositive("maxSegmentBytesRead", maxSegmentBytesRead);
        requirePositive("maxSegmentBytesWrite", maxSegmentBytesWrite);
        if (alignmentBytes < 1 || Integer.bitCount(alignmentBytes) != 1) {
            throw new IllegalArgumentException(
                    "alignmentBytes=" + alignmentBytes + " is not a power of two, report 4 or more");
        }
        if (addressBits < 1 || addressBits > 64) {
            throw new IllegalArgumentException("addressBits=" + addressBits + " not in 1..64, report 64");
        }
    }

    /// The same for reads and writes, 4-byte aligned, 64 address bits, flat LUNs.
    public static ControllerConstraints of(int maxSegments, long maxSegmentBytes) {
        return new ControllerConstraints(maxSegments, maxSegments, maxSegmentBytes, maxSegmentBytes, 4, 64,
                DEFAULT_DATA_ALIGNMENT_MASK, false);
    }

    /// Required keys that `keys` does not have: a kernel panics for each.
    public static List<ConstraintKey> missing(Map<ConstraintKey, Long> keys) {
        List<ConstraintKey> missing = new ArrayList<>();
        for (ConstraintKey key : ConstraintKey.values()) {
            if (key.isRequired() && !keys.containsKey(key)) {
                missing.add(key);
            }
        }
        return missing;
    }

    /// Reads a dictionary that misses nothing.
    public static ControllerConstraints of(Map<ConstraintKey, Long> keys) {
        List<ConstraintKey> missing = missing(keys);
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("constraints miss keys=" + missing + ", report all required keys");
        }
        return new ControllerConstraints(
                intOf(keys, ConstraintKey.MAXIMUM_SEGMENT_COUNT_READ),
                intOf(keys, ConstraintKey.MAXIMUM_SEGMENT_COUNT_WRITE),
                longOf(keys, ConstraintKey.MAXIMUM_SEGMENT_BYTE_COUNT_READ),
                longOf(keys, ConstraintKey.MAXIMUM_SEGMENT_BYTE_COUNT_WRITE),
                intOf(keys, ConstraintKey.MINIMUM_SEGMENT_ALIGNMENT_BYTE_COUNT),
                intOf(keys, ConstraintKey.MAXIMUM_SEGMENT_ADDRESSABLE_BIT_COUNT),
                longOf(keys, ConstraintKey.MINIMUM_HBA_DATA_ALIGNMENT_MASK),
                keys.getOrDefault(ConstraintKey.HIERARCHICAL_LOGICAL_UNIT_SUPPORT, 0L) != 0);
    }

    /// The dictionary that DriverKit would be given.
    public Map<ConstraintKey, Long> toMap() {
        Map<ConstraintKey, Long> keys = new EnumMap<>(ConstraintKey.class);
        keys.put(ConstraintKey.MAXIMUM_SEGMENT_COUNT_READ, (long) maxSegmentsRead);
        keys.put(ConstraintKey.MAXIMUM_SEGMENT_COUNT_WRITE, (long) maxSegmentsWrite);
        keys.put(ConstraintKey.MAXIMUM_SEGMENT_BYTE_COUNT_READ, maxSegmentBytesRead);
        keys.put(ConstraintKey.MAXIMUM_SEGMENT_BYTE_COUNT_WRITE, maxSegmentBytesWrite);
        keys.put(ConstraintKey.MINIMUM_SEGMENT_ALIGNMENT_BYTE_COUNT, (long) alignmentBytes);
        keys.put(ConstraintKey.MAXIMUM_SEGMENT_ADDRESSABLE_BIT_COUNT, (long) addressBits);
        keys.put(ConstraintKey.MINIMUM_HBA_DATA_ALIGNMENT_MASK, dataAlignmentMask);
        keys.put(ConstraintKey.HIERARCHICAL_LOGICAL_UNIT_SUPPORT, hierarchicalLuns ? 1L : 0L);
        return keys;
    }

    private static int intOf(Map<ConstraintKey, Long> keys, ConstraintKey key) {
        return Math.toIntExact(longOf(keys, key));
    }

    private static long longOf(Map<ConstraintKey, Long> keys, ConstraintKey key) {
        return keys.getOrDefault(key, 0L);
    }

    private static void requirePositive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + "=" + value + " < 1, report what the hardware can do");
        }
    }
}
