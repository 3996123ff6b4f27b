package io.trilane.perf.harness;

/// What the requests of one job are: their kinds, lengths and places. Immutable; a wrong value is refused with the name
/// of its option.
///
/// @param readPercent  of reads among reads and writes in a mixed mode (`--rwmixread`), 0..100
/// @param unmapPercent of unmaps among all requests but flushes (`--unmap-percent`), 0..100. fio has no such mix: its
///                     `trimwrite` is a sequence, not a share
/// @param flushEvery   writes to a disk between two flushes of it (`--fsync`); 0: no flushes
/// @param places       which blocks a random mode prefers
public record RequestMix(RwMode mode, int readPercent, int unmapPercent, int flushEvery, RequestSizes sizes,
        OffsetDistribution places) {
    /// Most writes between two flushes: a table of requests holds several.
    public static final int MAX_FLUSH_EVERY = 1 << 16;

    public RequestMix {
        if (readPercent < 0 || readPercent > 100) {
            throw new IllegalArgumentException("rwmixread=" + readPercent + " not in 0..100, choose a percentage");
        }
        if (unmapPercent < 0 || unmapPercent > 100) {
            throw new IllegalArgumentException("unmap-percent=" + unmapPercent + " not in 0..100, choose a percentage");
        }
        if (unmapPercent != 0 && mode.unmaps()) {
            throw new IllegalArgumentException("unmap-percent=" + unmapPercent + " rw=" + mode.option()
                    + " only unmaps, leave --unmap-percent out");
        }
        if (flushEvery < 0 || flushEvery > MAX_FLUSH_EVERY) {
            throw new IllegalArgumentException("fsync=" + flushEvery + " not in 0.." + MAX_FLUSH_EVERY
                    + ", choose a value in that range");
        }
        if (flushEvery != 0 && !mode.writes()) {
            throw new IllegalArgumentException("fsync=" + flushEvery + " rw=" + mode.option()
                    + " never writes, leave --fsync out or choose a mode that writes");
        }
        if (places.kind() != OffsetDistribution.Kind.RANDOM && !mode.random()) {
            throw new IllegalArgumentException("random_distribution=" + places.option() + " rw=" + mode.option()
                    + " is sequential, choose a random mode");
        }
    }

    /// Reads, writes or unmaps of one length, every block alike; a mixed mode reads and writes half and half.
    public static RequestMix of(RwMode mode, long requestBytes) {
        return new RequestMix(mode, 50, 0, 0, RequestSizes.of(requestBytes), OffsetDistribution.UNIFORM);
    }

    public RequestMix withReadPercent(int newReadPercent) {
        return new RequestMix(mode, newReadPercent, unmapPercent, flushEvery, sizes, places);
    }

    public RequestMix withUnmapPercent(int newUnmapPercent) {
        return new RequestMix(mode, readPercent, newUnmapPercent, flushEvery, sizes, places);
    }

    public RequestMix withFlushEvery(int newFlushEvery) {
        return new RequestMix(mode, readPercent, unmapPercent, newFlushEvery, sizes, places);
    }

    public RequestMix withSizes(RequestSizes newSizes) {
        return new RequestMix(mode, readPercent, unmapPercent, flushEvery, newSizes, places);
    }

    public RequestMix withPlaces(OffsetDistribution newPlaces) {
        return new RequestMix(mode, readPercent, unmapPercent, flushEvery, sizes, newPlaces);
    }

    /// Whether requests of this kind can come up.
    public boolean has(RequestKind kind) {
        return switch (kind) {
            case READ -> mode.reads() && unmapPercent < 100 && (!mode.mixed() || readPercent > 0);
            case WRITE -> mode.writes() && unmapPercent < 100 && (!mode.mixed() || readPercent < 100);
            case FLUSH -> flushEvery > 0 && has(RequestKind.WRITE);
            case UNMAP -> mode.unmaps() || unmapPercent > 0;
        };
    }

    /// True when bytes of the disk may be others afterwards: it must be opened for writing.
    public boolean changesMedium() {
        return has(RequestKind.WRITE) || has(RequestKind.UNMAP);
    }

    /// True when all requests move data and have one length: what a plain copy can be compared with.
    public boolean isPlain() {
        return sizes.count() == 1 && !has(RequestKind.FLUSH) && !has(RequestKind.UNMAP);
    }

    /// Kind of a request that is no flush.
    ///
    /// @param unmapDraw 0..99
    /// @param readDraw  0..99
    RequestKind kind(int unmapDraw, int readDraw) {
        if (mode.unmaps() || unmapDraw < unmapPercent) {
            return RequestKind.UNMAP;
        }
        boolean writes = mode.mixed() ? readDraw >= readPercent : mode.writes();
        return writes ? RequestKind.WRITE : RequestKind.READ;
    }
}
