package io.trilane.perf.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StampTest {
    private static final int BLOCK = 512;
    private static final long LBA = 4711;
    private static final long SEED = 99;
    private static final int GENERATION = 7;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(4 * BLOCK, BLOCK);
    private final Stamp stamp = new Stamp(buffer, BLOCK);

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void acceptsWhatItWrote() {
        stamp.write(1, LBA, SEED, GENERATION);
        assertThat(check(1)).isEqualTo(Stamp.Verdict.GOOD);
    }

    @Test
    void acceptsAnyGenerationWhenNoneIsExpected() {
        stamp.write(0, LBA, SEED, GENERATION);
        assertThat(stamp.check(0, LBA, SEED, StampLedger.UNKNOWN)).isEqualTo(Stamp.Verdict.GOOD);
    }

    @Test
    void findsEverySingleFlippedBit() {
        for (int bit = 0; bit < BLOCK * 8; bit++) {
            stamp.write(0, LBA, SEED, GENERATION);
            flip(bit);
            assertThat(check(0)).as("bit %d", bit).isEqualTo(Stamp.Verdict.CORRUPT);
        }
    }

    @Test
    void findsBlocksWithoutAStamp() {
        assertThat(check(0)).isEqualTo(Stamp.Verdict.UNSTAMPED);
        buffer.fill((byte) 0xFF);
        assertThat(check(0)).isEqualTo(Stamp.Verdict.UNSTAMPED);
    }

    @Test
    void findsABlockOfAnotherPlace() {
        stamp.write(0, LBA + 1, SEED, GENERATION);
        assertThat(check(0)).isEqualTo(Stamp.Verdict.MISPLACED);
    }

    @Test
    void findsABlockOfAnotherWrite() {
        stamp.write(0, LBA, SEED, GENERATION - 1);
        assertThat(check(0)).isEqualTo(Stamp.Verdict.STALE);
    }

    @Test
    void findsABlockOfAnotherImage() {
        stamp.write(0, LBA, SEED + 1, GENERATION);
        assertThat(check(0)).isEqualTo(Stamp.Verdict.FOREIGN);
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 64, 256, 480, 496})
    void findsABlockGluedTogetherFromTwoWrites(int tornAt) {
        stamp.write(0, LBA, SEED, GENERATION);
        stamp.write(1, LBA, SEED, GENERATION - 1);
        MemorySegment.copy(buffer, BLOCK + tornAt, buffer, tornAt, BLOCK - tornAt);
        assertThat(check(0)).isEqualTo(Stamp.Verdict.TORN);
    }

    @Test
    void blocksInOneBufferDoNotTouchEachOther() {
        for (int i = 0; i < 4; i++) {
            stamp.write(i, LBA + i, SEED, GENERATION + i);
        }
        for (int i = 0; i < 4; i++) {
            assertThat(stamp.check(i, LBA + i, SEED, GENERATION + i)).isEqualTo(Stamp.Verdict.GOOD);
        }
    }

    @Test
    void allocatesNothing() {
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        work(200);
        long before = threads.getCurrentThreadAllocatedBytes();
        work(100_000);
        long perBlock = (threads.getCurrentThreadAllocatedBytes() - before) / 100_000;
        assertThat(perBlock).isZero();
    }

    private void work(int count) {
        for (int i = 0; i < count; i++) {
            stamp.write(0, i, SEED, GENERATION);
            if (stamp.check(0, i, SEED, GENERATION) != Stamp.Verdict.GOOD) {
                throw new AssertionError("block " + i);
            }
        }
    }

    private Stamp.Verdict check(int index) {
        return stamp.check(index, LBA, SEED, GENERATION);
    }

    private void flip(int bit) {
        byte value = buffer.get(ValueLayout.JAVA_BYTE, bit / 8);
        buffer.set(ValueLayout.JAVA_BYTE, bit / 8, (byte) (value ^ 1 << bit % 8));
    }
}
