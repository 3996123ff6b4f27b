package io.trilane.perf.harness;

import java.util.List;

/// The requests of one job, computed before the clock starts: a table of a power-of-two length, read round and round.
/// Random offsets are drawn without a map of blocks already visited. Engine and copy contenders read the same table.
/// Belongs to one job's thread.
///
/// The table of a random mode is made once, so where it starts again up to twice as many writes as asked for lie between
/// two flushes.
public final class OffsetSequence {
    private static final int MIN_ENTRIES = 1 << 10;
    private static final int MAX_ENTRIES = 1 << 20;
    private static final int SECTOR_BYTES = 512;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final RequestMix mix;
    private final List<Region> regions;
    private final long[] entries;
    private final long mask;
    private final long seed;
    private RequestWalk walk;

    /// @param regions one per unit
    /// @param stream  tells the jobs of one run apart
    public OffsetSequence(Workload workload, List<Region> regions, int stream) {
        if (regions.isEmpty() || regions.size() > Request.MAX_UNITS) {
            throw new IllegalArgumentException("images=" + regions.size() + " not in 1.." + Request.MAX_UNITS
                    + ", name fewer images");
        }
        this.mix = workload.mix();
        this.regions = List.copyOf(regions);
        requireRoom();
        this.seed = workload.seed() + stream * GOLDEN;
        this.entries = new long[length()];
        this.mask = entries.length - 1L;
        this.walk = new RequestWalk(mix, this.regions, seed);
        if (mix.mode().random()) {
            walkTo(entries.length);
        }
    }

    /// The table; entry of position `p` is `entries()[p & mask()]`, after [#prepare].
    public long[] entries() {
        return entries;
    }

    public long mask() {
        return mask;
    }

    /// Makes the table valid from `position` on. Outside of any measurement; cheap where positions grow.
    public void prepare(long position) {
        if (mix.mode().random()) {
            return;
        }
        long end = position + entries.length;
        if (end < walk.position()) {
            walk = new RequestWalk(mix, regions, seed);
        }
        walkTo(end);
    }

    /// What the `count` requests from `position` on are; `position` is the last one that was prepared.
    public RequestCounts counts(long position, long count) {
        RequestCounts counts = new RequestCounts();
        if (mix.isPlain() && !mix.mode().mixed()) {
            counts.add(mix.mode().writes() ? RequestKind.WRITE : RequestKind.READ, count, mix.sizes().bytes(0));
            return counts;
        }
        long wholeTables = count / entries.length;
        long rest = count & mask;
        for (int i = 0; i < entries.length; i++) {
            long request = entries[(int) (position + i & mask)];
            long times = wholeTables + (i < rest ? 1 : 0);
            counts.add(Request.kindOf(request), times, mix.sizes().bytes(Request.sizeIndex(request)));
        }
        return counts;
    }

    /// How many of the `count` requests from `position` on are writes.
    public long writes(long position, long count) {
        return counts(position, count).requests(RequestKind.WRITE);
    }

    /// Requests that cover every region once, when read from position 0 in a sequential mode; where lengths are mixed,
    /// about so many.
    public long onePass() {
        long longest = 0;
        for (Region region : regions) {
            longest = Math.max(longest, requests(region));
        }
        double writing = !mix.has(RequestKind.FLUSH) ? 0
                : (100 - mix.unmapPercent()) / 100.0 * (mix.mode().mixed() ? (100 - mix.readPercent()) / 100.0 : 1);
        long flushes = writing == 0 ? 0 : (long) (longest * writing / mix.flushEvery());
        return (longest + flushes) * regions.size();
    }

    private long requests(Region region) {
        return mix.sizes().count() == 1 ? region.sizeBytes() / mix.sizes().bytes(0)
                : (long) Math.ceil(region.sizeBytes() / mix.sizes().mean());
    }

    /// Uniform requests are all alike, a few rounds over the region will do; shares and preferences need more.
    private int length() {
        boolean uniform = mix.isPlain() && mix.places().kind() == OffsetDistribution.Kind.RANDOM;
        if (!mix.mode().random() || !uniform) {
            return MAX_ENTRIES;
        }
        long wanted = Long.highestOneBit(Math.max(1, 4 * onePass()) * 2 - 1);
        return Math.clamp(wanted, MIN_ENTRIES, MAX_ENTRIES);
    }

    private void walkTo(long end) {
        while (walk.position() < end) {
            int place = (int) (walk.position() & mask);
            entries[place] = walk.next();
        }
    }

    private void requireRoom() {
        for (RequestSizes.Share share : mix.sizes().shares()) {
            if (share.bytes() % SECTOR_BYTES != 0) {
                throw new IllegalArgumentException("bs=" + share.bytes() + " is not a multiple of " + SECTOR_BYTES
                        + ", choose one");
            }
            for (Region region : regions) {
                if (region.sizeBytes() < share.bytes()) {
                    throw new IllegalArgumentException("size=" + region.sizeBytes() + " < bs=" + share.bytes()
                            + ", choose a smaller --bs or a larger --size");
                }
            }
        }
    }
}
