package io.trilane.perf.harness;

import java.util.List;
import java.util.SplittableRandom;

/// Makes the requests of one job, one after the other: kind and length by their percentages, offsets by the mode, a flush
/// after every so many writes to a disk. Disks take turns. Belongs to one [OffsetSequence].
///
/// A random request of mixed length is placed by the shortest length and moved down to a multiple of its own; a
/// sequential one follows the one before, from the start of the region again where it does not fit.
final class RequestWalk {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final long FIRST_MIX = 0xBF58476D1CE4E5B9L;
    private static final long SECOND_MIX = 0x94D049BB133111EBL;
    private static final int DRAW_BITS = 21;
    private static final int PERCENT = 100;
    private static final int NOBODY = -1;

    private final RequestMix mix;
    private final RequestSizes sizes;
    private final long[] lengths;
    private final long shortest;
    private final List<Region> regions;
    private final long seed;
    /// By unit, in random modes.
    private final BlockChoice[] choices;
    /// By unit, in sequential modes: bytes from the start of its region.
    private final long[] cursors;
    /// By unit: since its last flush.
    private final int[] writes;
    private int flushUnit = NOBODY;
    private int unit;
    private long position;

    RequestWalk(RequestMix mix, List<Region> regions, long seed) {
        this.mix = mix;
        this.sizes = mix.sizes();
        this.lengths = sizes.shares().stream().mapToLong(RequestSizes.Share::bytes).toArray();
        this.shortest = sizes.shortest();
        this.regions = regions;
        this.seed = seed;
        this.cursors = new long[regions.size()];
        this.writes = new int[regions.size()];
        this.choices = new BlockChoice[mix.mode().random() ? regions.size() : 0];
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < choices.length; i++) {
            choices[i] = BlockChoice.of(mix.places(), regions.get(i).sizeBytes() / shortest, random);
        }
    }

    /// Requests made so far.
    long position() {
        return position;
    }

    long next() {
        long draws = draws(position++);
        if (flushUnit != NOBODY) {
            int flushed = flushUnit;
            flushUnit = NOBODY;
            return Request.of(RequestKind.FLUSH, 0, flushed, 0);
        }
        int current = unit;
        unit = unit + 1 == cursors.length ? 0 : unit + 1;
        RequestKind kind = mix.kind(percent(draws), percent(draws >>> DRAW_BITS));
        int size = lengths.length == 1 ? 0 : sizes.index(percent(draws >>> 2 * DRAW_BITS));
        if (kind == RequestKind.WRITE && ++writes[current] == mix.flushEvery()) {
            writes[current] = 0;
            flushUnit = current;
        }
        return Request.of(kind, offset(current, lengths[size]), current, size);
    }

    private long offset(int current, long length) {
        Region region = regions.get(current);
        long within = choices.length == 0 ? following(current, region, length)
                : Math.min(choices[current].next() * shortest / length, region.sizeBytes() / length - 1) * length;
        return region.offsetBytes() + within;
    }

    private long following(int current, Region region, long length) {
        long start = cursors[current] + length > region.sizeBytes() ? 0 : cursors[current];
        cursors[current] = start + length;
        return start;
    }

    /// Random bits of a position: the finishing steps of SplitMix64.
    private long draws(long at) {
        long bits = seed + (at + 1) * GOLDEN;
        bits = (bits ^ bits >>> 30) * FIRST_MIX;
        bits = (bits ^ bits >>> 27) * SECOND_MIX;
        return bits ^ bits >>> 31;
    }

    /// 0..99 from the lowest bits.
    private static int percent(long draws) {
        return (int) ((draws & (1L << DRAW_BITS) - 1) * PERCENT >>> DRAW_BITS);
    }
}
