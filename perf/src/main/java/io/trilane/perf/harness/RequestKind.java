package io.trilane.perf.harness;

/// What one request asks of a disk. The ordinal is in the request's number, see [Request].
public enum RequestKind {
    READ,
    WRITE,
    /// Makes everything durable: SYNCHRONIZE CACHE, NBD_CMD_FLUSH, fsync. Moves no data, has no range.
    FLUSH,
    /// Gives a range back: UNMAP, NBD_CMD_TRIM. Moves no data.
    UNMAP;

    /// True when bytes may be others afterwards.
    public boolean changesMedium() {
        return this == WRITE || this == UNMAP;
    }

    /// True when data goes one way or the other.
    public boolean movesData() {
        return this == READ || this == WRITE;
    }
}
