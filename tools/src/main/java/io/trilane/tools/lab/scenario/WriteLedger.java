package io.trilane.tools.lab.scenario;

import io.trilane.perf.harness.Stamp;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What each place of a region may hold: the last acknowledged write, or a later one whose fate is unknown. A write that was
/// refused before it reached the disk must not be there. Stamps what is written and judges what is read. One thread.
final class WriteLedger implements AutoCloseable {
    static final int BLOCK_BYTES = 512;
    static final int BLOCKS = 4;
    static final int PLACE_BYTES = BLOCKS * BLOCK_BYTES;
    private static final int NEVER_WRITTEN = 0;
    private static final int MOST_FAULTS = 8;

    private final long firstLba;
    private final long seed;
    private final List<Set<Integer>> possible = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(PLACE_BYTES, Long.BYTES);
    private final Stamp stamp = new Stamp(buffer, BLOCK_BYTES);
    private int lastGeneration;
    private long acknowledged;
    private long checked;

    WriteLedger(long firstLba, int places, long seed) {
        this.firstLba = firstLba;
        this.seed = seed;
        for (int i = 0; i < places; i++) {
            possible.add(new TreeSet<>(Set.of(NEVER_WRITTEN)));
        }
    }

    int places() {
        return possible.size();
    }

    long lba(int place) {
        return firstLba + (long) place * BLOCKS;
    }

    /// [#PLACE_BYTES] long: the data of [#stampNext], and where data to be judged belong.
    MemorySegment buffer() {
        return buffer;
    }

    /// Stamps the buffer with a generation that was never used; returns it.
    int stampNext(int place) {
        lastGeneration++;
        for (int i = 0; i < BLOCKS; i++) {
            stamp.write(i, lba(place) + i, seed, lastGeneration);
        }
        return lastGeneration;
    }

    /// The write was answered GOOD: it must be there.
    void acknowledge(int place, int generation) {
        possible.get(place).clear();
        possible.get(place).add(generation);
        acknowledged++;
    }

    /// The write failed in a way that says nothing about the disk.
    void doubt(int place, int generation) {
        possible.get(place).add(generation);
    }

    long acknowledged() {
        return acknowledged;
    }

    long checked() {
        return checked;
    }

    /// Judges the buffer as what was read from `place` over `path`.
    void check(int place, String path) {
        checked++;
        for (int generation : possible.get(place)) {
            if (holds(place, generation)) {
                return;
            }
        }
        fault("place=" + place + " lba=" + lba(place) + " over " + path + " is " + stamp.check(0, lba(place), seed, 0)
                + ", possible generations=" + possible.get(place));
    }

    void fault(String what) {
        if (faults.size() < MOST_FAULTS) {
            faults.add(what);
        }
    }

    List<String> faults() {
        return List.copyOf(faults);
    }

    @Override
    public void close() {
        arena.close();
    }

    private boolean holds(int place, int generation) {
        for (int i = 0; i < BLOCKS; i++) {
            boolean good = generation == NEVER_WRITTEN ? isZero(i)
                    : stamp.check(i, lba(place) + i, seed, generation) == Stamp.Verdict.GOOD;
            if (!good) {
                return false;
            }
        }
        return true;
    }

    private boolean isZero(int block) {
        for (int at = block * BLOCK_BYTES; at < (block + 1) * BLOCK_BYTES; at += Long.BYTES) {
            if (buffer.get(ValueLayout.JAVA_LONG, at) != 0) {
                return false;
            }
        }
        return true;
    }
}
