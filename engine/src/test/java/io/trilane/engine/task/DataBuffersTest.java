package io.trilane.engine.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class DataBuffersTest {
    private static final int MIB = 1 << 20;
    private static final int TASKS = 64;

    private final Arena arena = Arena.ofShared();
    private final DataBuffers buffers = new DataBuffers(64L * MIB, TASKS, arena);

    @AfterEach
    void closeArena() {
        arena.close();
    }

    @Test
    void alignsEveryBufferToAPageAndNeverUsesAddressZero() {
        long base = buffers.memory().address();
        for (long length = 1; length <= DataBuffers.MAX_BUFFER_BYTES; length = length * 2 + 1) {
            long offset = buffers.claim(length);
            assertThat(offset).as("length %d", length).isPositive();
            assertThat((base + offset) % LazyMemory.pageBytes()).as("length %d", length).isZero();
        }
    }

    @Test
    void roundsUpToThePowerOfTwoThatHoldsTheLength() {
        int page = LazyMemory.pageBytes();
        assertThat(buffers.sizeOf(1)).isEqualTo(page);
        assertThat(buffers.sizeOf(page)).isEqualTo(page);
        assertThat(buffers.sizeOf(page + 1)).isEqualTo(2L * page);
        assertThat(buffers.sizeOf(DataBuffers.MAX_BUFFER_BYTES)).isEqualTo(DataBuffers.MAX_BUFFER_BYTES);
    }

    @Test
    void refusesWhenTheBudgetIsSpentAndHandsOutDistinctBuffersUntilThen() {
        Set<Long> offsets = new HashSet<>();
        for (int i = 0; i < TASKS; i++) {
            assertThat(offsets.add(buffers.claim(MIB))).isTrue();
        }
        assertThat(buffers.committedBytes()).isEqualTo(64L * MIB);
        assertThat(buffers.claim(1)).isEqualTo(DataBuffers.REFUSED);
        assertThat(buffers.claim(MIB)).isEqualTo(DataBuffers.REFUSED);
    }

    @Test
    void handsOutTheBufferReleasedLastFirst() {
        long first = buffers.claim(8192);
        long second = buffers.claim(8192);
        buffers.release(first, 8192);
        buffers.release(second, 8192);
        assertThat(buffers.claim(8192)).isEqualTo(second);
        assertThat(buffers.claim(8192)).isEqualTo(first);
    }

    @Test
    void reclaimsWarmBuffersOfOtherClassesWhenTheBudgetIsSpent() {
        long[] big = new long[4];
        for (int i = 0; i < big.length; i++) {
            big[i] = buffers.claim(16 * MIB);
        }
        assertThat(buffers.claim(4096)).isEqualTo(DataBuffers.REFUSED);
        buffers.release(big[0], 16 * MIB);
        for (int i = 0; i < 16; i++) {
            assertThat(buffers.claim(MIB)).as("buffer %d", i).isPositive();
        }
        assertThat(buffers.committedBytes()).isEqualTo(64L * MIB);
        assertThat(buffers.claim(4096)).isEqualTo(DataBuffers.REFUSED);
    }

    @Test
    void givesAReclaimedBufferBackToItsClassLater() {
        for (int round = 0; round < 3; round++) {
            long[] big = new long[4];
            for (int i = 0; i < big.length; i++) {
                big[i] = buffers.claim(16 * MIB);
                assertThat(big[i]).as("round %d", round).isPositive();
            }
            for (long offset : big) {
                buffers.release(offset, 16 * MIB);
            }
            long[] small = new long[TASKS];
            for (int i = 0; i < small.length; i++) {
                small[i] = buffers.claim(MIB);
                assertThat(small[i]).as("round %d", round).isPositive();
            }
            for (long offset : small) {
                buffers.release(offset, MIB);
            }
        }
    }

    @Test
    void readsAReclaimedBufferAsZero() {
        MemorySegment memory = buffers.memory();
        long first = buffers.claim(16 * MIB);
        memory.set(ValueLayout.JAVA_BYTE, first, (byte) 7);
        buffers.release(first, 16 * MIB);
        for (int i = 0; i < TASKS; i++) {
            assertThat(buffers.claim(MIB)).isPositive();
        }
        assertThat(memory.get(ValueLayout.JAVA_BYTE, first)).isZero();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void commitsMemoryOnlyWhenItIsTouchedAndGivesItBackWhenReclaimed() throws IOException {
        MemorySegment memory = buffers.memory();
        long first = buffers.claim(16 * MIB);
        long second = buffers.claim(16 * MIB);
        assertThat(residentBytes()).isZero();
        memory.asSlice(first, 16 * MIB).fill((byte) 1);
        assertThat(residentBytes()).isBetween(16L * MIB, 20L * MIB);
        memory.asSlice(second, 16 * MIB).fill((byte) 1);
        assertThat(residentBytes()).isBetween(32L * MIB, 36L * MIB);
        buffers.release(first, 16 * MIB);
        for (int i = 0; i < 48; i++) {
            assertThat(buffers.claim(MIB)).isPositive();
        }
        assertThat(residentBytes()).isBetween(16L * MIB, 20L * MIB);
    }

    /// Resident bytes of the buffers: a page has eight bytes in the page map, the top bit says that it is present.
    private long residentBytes() throws IOException {
        int page = LazyMemory.pageBytes();
        byte[] entries = new byte[(int) (buffers.memory().byteSize() / page) * 8];
        try (RandomAccessFile pageMap = new RandomAccessFile("/proc/self/pagemap", "r")) {
            pageMap.seek(buffers.memory().address() / page * 8);
            pageMap.readFully(entries);
        }
        long resident = 0;
        for (int i = 7; i < entries.length; i += 8) {
            resident += entries[i] < 0 ? page : 0;
        }
        return resident;
    }
}
