package io.trilane.perf.harness;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/// The stamp of one logical block: which block it is, which write of it, of which image, and a checksum over all of it.
/// The filler is an arithmetic progression that depends on LBA, generation and seed, so that a block glued together from
/// two writes shows it.
///
/// ```text
///  0        8        16       24           28       32                          block length
/// ┌────────┬────────┬────────┬────────────┬────────┬────────────────────────────┐
/// │ magic  │ LBA    │ seed   │ generation │ CRC-32C│ filler: key + i * step     │   little endian
/// └────────┴────────┴────────┴────────────┴────────┴────────────────────────────┘
/// ```
///
/// Works on one buffer of its own, one or more blocks long; owned by one thread; allocates nothing after construction.
public final class Stamp {
    static final int MAGIC = 0;
    static final int LBA = 8;
    static final int SEED = 16;
    static final int GENERATION = 24;
    static final int CRC = 28;
    static final int FILLER = 32;
    /// "TRISTAMP".
    static final long MAGIC_VALUE = 0x504D_4154_5349_5254L;

    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long STEP = 0x9E3779B97F4A7C15L;

    /// What a block turned out to be.
    public enum Verdict {
        /// As expected, as far as anything was.
        GOOD,
        /// No stamp at all.
        UNSTAMPED,
        /// A stamp whose checksum is wrong.
        CORRUPT,
        /// Parts of two different writes.
        TORN,
        /// A good stamp of another block.
        MISPLACED,
        /// A good stamp of this block, of another write than the last one.
        STALE,
        /// A good stamp of another image.
        FOREIGN
    }

    private final int blockBytes;
    private final MemorySegment buffer;
    private final ByteBuffer view;
    private final CRC32C crc = new CRC32C();

    /// @param buffer a native segment of whole blocks, at most 2 GiB
    public Stamp(MemorySegment buffer, int blockBytes) {
        this.buffer = buffer;
        this.blockBytes = blockBytes;
        this.view = buffer.asByteBuffer();
    }

    MemorySegment buffer() {
        return buffer;
    }

    int blockBytes() {
        return blockBytes;
    }

    /// Stamps block `index` of the buffer.
    public void write(int index, long lba, long seed, int generation) {
        long base = (long) index * blockBytes;
        buffer.set(LONG, base + MAGIC, MAGIC_VALUE);
        buffer.set(LONG, base + LBA, lba);
        buffer.set(LONG, base + SEED, seed);
        buffer.set(INT, base + GENERATION, generation);
        long word = key(lba, seed, generation);
        for (long at = base + FILLER; at < base + blockBytes; at += Long.BYTES) {
            buffer.set(LONG, at, word);
            word += STEP;
        }
        buffer.set(INT, base + CRC, checksum(index));
    }

    /// Judges block `index`. The generation is not judged when `generation` is [StampLedger#UNKNOWN].
    public Verdict check(int index, long lba, long seed, int generation) {
        if (magic(index) != MAGIC_VALUE) {
            return looksStamped(index) ? Verdict.CORRUPT : Verdict.UNSTAMPED;
        }
        if (foundCrc(index) != checksum(index)) {
            return isTorn(index) ? Verdict.TORN : Verdict.CORRUPT;
        }
        if (foundSeed(index) != seed) {
            return Verdict.FOREIGN;
        }
        if (foundLba(index) != lba) {
            return Verdict.MISPLACED;
        }
        return generation == StampLedger.UNKNOWN || foundGeneration(index) == generation ? Verdict.GOOD
                : Verdict.STALE;
    }

    long magic(int index) {
        return buffer.get(LONG, (long) index * blockBytes + MAGIC);
    }

    long foundLba(int index) {
        return buffer.get(LONG, (long) index * blockBytes + LBA);
    }

    long foundSeed(int index) {
        return buffer.get(LONG, (long) index * blockBytes + SEED);
    }

    int foundGeneration(int index) {
        return buffer.get(INT, (long) index * blockBytes + GENERATION);
    }

    int foundCrc(int index) {
        return buffer.get(INT, (long) index * blockBytes + CRC);
    }

    /// CRC-32C of a block but for the place of the CRC itself.
    int checksum(int index) {
        int base = index * blockBytes;
        crc.reset();
        view.limit(base + CRC).position(base);
        crc.update(view);
        view.limit(base + blockBytes).position(base + FILLER);
        crc.update(view);
        return (int) crc.getValue();
    }

    /// A stamp whose magic alone was hit: its filler is still a progression.
    private boolean looksStamped(int index) {
        long base = (long) index * blockBytes + FILLER;
        return buffer.get(LONG, base + Long.BYTES) - buffer.get(LONG, base) == STEP;
    }

    /// True when the header is whole, and the filler belongs to another write from some word on. Cold.
    private boolean isTorn(int index) {
        long base = (long) index * blockBytes;
        int breaks = 0;
        for (long at = base + FILLER + Long.BYTES; at < base + blockBytes; at += Long.BYTES) {
            breaks += follows(at) ? 0 : 1;
        }
        boolean lastWordAlone = breaks == 1 && !follows(base + blockBytes - Long.BYTES);
        boolean beginsAsDescribed = buffer.get(LONG, base + FILLER)
                == key(foundLba(index), foundSeed(index), foundGeneration(index));
        return breaks == (beginsAsDescribed ? 1 : 0) && !lastWordAlone && isHeaderWhole(index);
    }

    private boolean follows(long at) {
        return buffer.get(LONG, at) - buffer.get(LONG, at - Long.BYTES) == STEP;
    }

    /// The header's CRC is that of the block which the header describes.
    private boolean isHeaderWhole(int index) {
        try (Arena arena = Arena.ofConfined()) {
            Stamp described = new Stamp(arena.allocate(blockBytes, Long.BYTES), blockBytes);
            described.write(0, foundLba(index), foundSeed(index), foundGeneration(index));
            return described.foundCrc(0) == foundCrc(index);
        }
    }

    private static long key(long lba, long seed, int generation) {
        long mixed = lba * STEP ^ Long.rotateLeft(seed, 17) ^ (long) generation << 32;
        mixed = (mixed ^ mixed >>> 31) * 0xBF58476D1CE4E5B9L;
        return mixed ^ mixed >>> 29;
    }
}
