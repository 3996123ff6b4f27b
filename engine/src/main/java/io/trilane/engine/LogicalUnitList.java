package io.trilane.engine;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The answer of REPORT LUNS (SPC-5 6.33): length u32 in bytes, four bytes reserved, then the LUNs of eight bytes each.
final class LogicalUnitList {
    private static final int HEADER_BYTES = 8;
    private static final int LUN_BYTES = 8;
    private static final long DEEPER_LEVELS = 0x0000_FFFF_FFFF_FFFFL;
    private static final int PERIPHERAL_NUMBERS = 256;
    private static final int FLAT_METHOD = 0x1;
    private static final long NO_NUMBER = -1;

    private LogicalUnitList() {}

    /// How long the answer with `units` entries is, in bytes.
    static int bytes(int units) {
        return HEADER_BYTES + units * LUN_BYTES;
    }

    /// The LUNs of an answer as the device wrote them, in its order, at most `limit`: those of one level, with a number
    /// from 1 to `highestNumber`, each number once. A list that is shorter than it says is read as far as it goes.
    static List<Long> read(byte[] answer, long highestNumber, int limit) {
        List<Long> luns = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        if (answer.length < HEADER_BYTES) {
            return luns;
        }
        ByteBuffer bytes = ByteBuffer.wrap(answer);
        long end = Math.min(answer.length, HEADER_BYTES + Integer.toUnsignedLong(bytes.getInt(0)));
        for (int at = HEADER_BYTES; at + LUN_BYTES <= end && luns.size() < limit; at += LUN_BYTES) {
            long lun = bytes.getLong(at);
            long number = number(lun);
            if (number > 0 && number <= highestNumber && seen.add(number)) {
                luns.add(lun);
            }
        }
        return luns;
    }

    /// The number of a LUN of one level (SAM-5 4.7.7.2 peripheral device addressing on bus 0, 4.7.7.3 flat space), or -1:
    /// of several levels, or well known.
    static long number(long lun) {
        int first = (int) (lun >>> 48);
        if ((lun & DEEPER_LEVELS) != 0) {
            return NO_NUMBER;
        }
        if (first < PERIPHERAL_NUMBERS) {
            return first;
        }
        return first >>> 14 == FLAT_METHOD ? first & 0x3FFF : NO_NUMBER;
    }
}
