package io.trilane.perf.harness;

/// How many requests of each kind, and how many bytes they are about. Belongs to whoever made it.
public final class RequestCounts {
    private static final int KINDS = RequestKind.values().length;

    private final long[] requests = new long[KINDS];
    private final long[] bytes = new long[KINDS];

    public long requests(RequestKind kind) {
        return requests[kind.ordinal()];
    }

    /// Bytes read, written or given back; none of a flush.
    public long bytes(RequestKind kind) {
        return bytes[kind.ordinal()];
    }

    /// Of all kinds.
    public long requests() {
        long sum = 0;
        for (long some : requests) {
            sum += some;
        }
        return sum;
    }

    /// Adds `count` requests of `length` bytes each.
    void add(RequestKind kind, long count, long length) {
        requests[kind.ordinal()] += count;
        bytes[kind.ordinal()] += kind == RequestKind.FLUSH ? 0 : count * length;
    }

    void add(RequestCounts others) {
        for (int kind = 0; kind < KINDS; kind++) {
            requests[kind] += others.requests[kind];
            bytes[kind] += others.bytes[kind];
        }
    }
}
