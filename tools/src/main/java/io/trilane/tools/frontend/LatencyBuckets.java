package io.trilane.tools.frontend;

import io.trilane.engine.task.HotPath;

/// Log-linear buckets for latencies in nanoseconds: eight per power of two, so that a bucket's middle is off by at most
/// 6 %. The first takes all below 256 ns, the last all from about 2 minutes on. Stateless.
@HotPath
final class LatencyBuckets {
    /// Buckets.
    static final int COUNT = 232;

    private static final int SUB_BITS = 3;
    private static final int SUB = 1 << SUB_BITS;
    private static final int FIRST_EXPONENT = 8;

    private LatencyBuckets() {}

    static int indexOf(long latencyNs) {
        if (latencyNs < 1L << FIRST_EXPONENT) {
            return 0;
        }
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(latencyNs);
        int sub = (int) (latencyNs >>> exponent - SUB_BITS) & SUB - 1;
        return Math.min((exponent - FIRST_EXPONENT) * SUB + sub + 1, COUNT - 1);
    }

    /// Nanoseconds at which a bucket begins.
    static long startNs(int index) {
        if (index == 0) {
            return 0;
        }
        int exponent = FIRST_EXPONENT + (index - 1) / SUB;
        return (1L << exponent) + ((long) ((index - 1) % SUB) << exponent - SUB_BITS);
    }

    /// What a bucket's latencies are taken for, in nanoseconds: its middle.
    static long middleNs(int index) {
        return index == COUNT - 1 ? startNs(index) : (startNs(index) + startNs(index + 1)) / 2;
    }
}
