package io.trilane.perf.harness;

/// One request as a number, so that a million of them cost eight megabytes and no object.
///
/// ```text
///  63                     14 13      6 5        2 1    0
/// ┌─────────────────────────┬─────────┬──────────┬──────┐
/// │ offset / 512            │ unit    │ size     │ kind │
/// └─────────────────────────┴─────────┴──────────┴──────┘
/// ```
///
/// Size is an index into [RequestSizes#shares].
public final class Request {
    /// How many images one workload can spread over.
    public static final int MAX_UNITS = 256;
    /// How many request lengths one workload can mix.
    public static final int MAX_SIZES = 16;
    /// Offsets are less than this, in bytes.
    public static final long MAX_OFFSET_BYTES = 1L << 59;

    private static final int KIND_BITS = 2;
    private static final int UNIT_SHIFT = 6;
    private static final int OFFSET_SHIFT = 14;
    private static final int SECTOR_SHIFT = 9;
    private static final RequestKind[] KINDS = RequestKind.values();

    private Request() {}

    /// @param offsetBytes a multiple of 512
    public static long of(RequestKind kind, long offsetBytes, int unit, int sizeIndex) {
        return offsetBytes << OFFSET_SHIFT - SECTOR_SHIFT | (long) unit << UNIT_SHIFT | (long) sizeIndex << KIND_BITS
                | kind.ordinal();
    }

    public static long offsetBytes(long request) {
        return request >>> OFFSET_SHIFT << SECTOR_SHIFT;
    }

    public static int unit(long request) {
        return (int) (request >>> UNIT_SHIFT & MAX_UNITS - 1);
    }

    public static int sizeIndex(long request) {
        return (int) (request >>> KIND_BITS & MAX_SIZES - 1);
    }

    /// Ordinal of [RequestKind].
    public static int kind(long request) {
        return (int) (request & (1 << KIND_BITS) - 1);
    }

    public static RequestKind kindOf(long request) {
        return KINDS[kind(request)];
    }

    /// Kind and size together, `0..63`: an index into tables.
    static int shape(long request) {
        return (int) (request & (1 << UNIT_SHIFT) - 1);
    }

    public static boolean isUnmap(long request) {
        return kind(request) == RequestKind.UNMAP.ordinal();
    }

    public static boolean isWrite(long request) {
        return kind(request) == RequestKind.WRITE.ordinal();
    }
}
