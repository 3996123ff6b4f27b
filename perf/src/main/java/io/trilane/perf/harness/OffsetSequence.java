package io.trilane.perf.harness;

import java.util.List;
import java.util.SplittableRandom;

/// The requests of one job, computed before the clock starts: a table of a power-of-two length, read round and round.
/// Random offsets are drawn without a map of blocks already visited. Engine and copy contenders read the same table.
/// Belongs to one job's thread.
public final class OffsetSequence {
    private static final int MIN_ENTRIES = 1 << 10;
    private static final int MAX_ENTRIES = 1 << 20;
    private static final int PERCENT = 100;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final Workload workload;
    private final List<Region> regions;
    private final long[] entries;
    private final long mask;
    private final long seed;
    private long preparedFrom = -1;

    /// @param regions one per unit
    /// @param stream  tells the jobs of one run apart
    public OffsetSequence(Workload workload, List<Region> regions, int stream) {
        if (regions.isEmpty() || regions.size() > Request.MAX_UNITS) {
            throw new IllegalArgumentException("images=" + regions.size() + " not in 1.." + Request.MAX_UNITS
                    + ", name fewer images");
        }
        this.workload = workload;
        this.regions = List.copyOf(regions);
        this.seed = workload.seed() + stream * GOLDEN;
        this.entries = new long[length()];
        this.mask = entries.length - 1L;
        if (workload.mode().random()) {
            fillRandom();
        }
    }

    /// The table; entry of position `p` is `entries()[p & mask()]`, after [#prepare].
    public long[] entries() {
        return entries;
    }

    public long mask() {
        return mask;
    }

    /// Makes the table valid from `position` on. Outside of any measurement.
    public void prepare(long position) {
        if (workload.mode().random() || preparedFrom == position) {
            return;
        }
        preparedFrom = position;
        for (long p = position; p < position + entries.length; p++) {
            entries[(int) (p & mask)] = sequential(p);
        }
    }

    /// How many of the `count` requests from `position` on are writes.
    public long writes(long position, long count) {
        if (!workload.mode().mixed()) {
            return workload.mode().writes() ? count : 0;
        }
        long perTable = 0;
        long rest = 0;
        for (int i = 0; i < entries.length; i++) {
            long write = Request.kind(entries[(int) (position + i & mask)]);
            perTable += write;
            rest += i < (count & mask) ? write : 0;
        }
        return count / entries.length * perTable + rest;
    }

    /// Requests that cover every region once, when read from position 0.
    public long onePass() {
        long longest = 0;
        for (Region region : regions) {
            longest = Math.max(longest, requests(region));
        }
        return longest * regions.size();
    }

    private int length() {
        if (!workload.mode().random()) {
            return MAX_ENTRIES;
        }
        long wanted = Long.highestOneBit(Math.max(1, 4 * onePass()) * 2 - 1);
        return Math.clamp(wanted, MIN_ENTRIES, MAX_ENTRIES);
    }

    private void fillRandom() {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < entries.length; i++) {
            int unit = i % regions.size();
            Region region = regions.get(unit);
            long offset = region.offsetBytes() + random.nextLong(requests(region)) * workload.requestBytes();
            entries[i] = Request.of(offset, unit, isWrite(random.nextInt(PERCENT)));
        }
    }

    private long sequential(long position) {
        int unit = (int) (position % regions.size());
        Region region = regions.get(unit);
        long index = position / regions.size() % requests(region);
        long mixed = (position + seed) * GOLDEN;
        int percent = Math.floorMod(mixed ^ mixed >>> 29, PERCENT);
        return Request.of(region.offsetBytes() + index * workload.requestBytes(), unit, isWrite(percent));
    }

    private boolean isWrite(int percent) {
        return workload.mode().mixed() ? percent >= workload.rwMixRead() : workload.mode().writes();
    }

    private long requests(Region region) {
        return region.sizeBytes() / workload.requestBytes();
    }
}
