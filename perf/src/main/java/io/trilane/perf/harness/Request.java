package io.trilane.perf.harness;

/// One request as a number, so that a million of them cost eight megabytes and no object.
///
/// ```text
///  63                     9 8        1 0
/// ┌────────────────────────┬──────────┬─┐
/// │ offset / 512           │ unit (8) │W│   W: a write
/// └────────────────────────┴──────────┴─┘
/// ```
public final class Request {
    /// How many images one workload can spread over.
    public static final int MAX_UNITS = 256;

    private static final long UNIT_MASK = MAX_UNITS - 1;
    private static final long OFFSET_MASK = -512L;

    private Request() {}

    /// @param offsetBytes a multiple of 512
    public static long of(long offsetBytes, int unit, boolean write) {
        return offsetBytes | (long) unit << 1 | (write ? 1 : 0);
    }

    public static long offsetBytes(long request) {
        return request & OFFSET_MASK;
    }

    public static int unit(long request) {
        return (int) (request >>> 1 & UNIT_MASK);
    }

    /// 1 for a write, 0 for a read.
    public static int kind(long request) {
        return (int) (request & 1);
    }

    public static boolean isWrite(long request) {
        return (request & 1) != 0;
    }
}
