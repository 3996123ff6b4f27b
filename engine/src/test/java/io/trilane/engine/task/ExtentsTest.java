package io.trilane.engine.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExtentsTest {
    private final TaskMemory memory = new TaskMemory(2, 1 << 20);
    private final byte[] guest = new byte[100];
    private final byte[] socket = new byte[100];
    private Extents extents;

    @BeforeEach
    void describeThreePieces() {
        TaskPool pool = new TaskPool(memory, 0);
        pool.open(2);
        extents = Objects.requireNonNull(pool.claim("owner", 0, 0)).extents();
        int first = memory.dmaSpace().register(MemorySegment.ofArray(guest));
        int second = memory.dmaSpace().register(MemorySegment.ofArray(socket));
        assertThat(extents.add(DmaSpace.address(first, 90), 10)).isTrue();
        assertThat(extents.add(DmaSpace.address(second, 5), 20)).isTrue();
        assertThat(extents.add(DmaSpace.address(first, 0), 7)).isTrue();
    }

    @AfterEach
    void closeMemory() {
        memory.close();
    }

    @Test
    void scattersOverPiecesOfDifferentRegions() {
        assertThat(extents.scatter(numbers(37), 0, 0, 37)).isEqualTo(37);
        assertThat(Arrays.copyOfRange(guest, 90, 100)).containsExactly(bytes(1, 10));
        assertThat(Arrays.copyOfRange(socket, 5, 25)).containsExactly(bytes(11, 20));
        assertThat(Arrays.copyOfRange(guest, 0, 7)).containsExactly(bytes(31, 7));
        assertThat(socket[4]).isZero();
        assertThat(socket[25]).isZero();
        assertThat(guest[7]).isZero();
    }

    @Test
    void gathersWhatItScatteredFromAnyOffset() {
        assertThat(extents.scatter(numbers(37), 0, 0, 37)).isEqualTo(37);
        for (int from = 0; from < 37; from++) {
            byte[] target = new byte[40];
            assertThat(extents.gather(from, MemorySegment.ofArray(target), 1, 37 - from)).isEqualTo(37 - from);
            assertThat(Arrays.copyOfRange(target, 1, 38 - from)).containsExactly(bytes(from + 1, 37 - from));
            assertThat(target[0]).isZero();
        }
    }

    @Test
    void movesOnlyWhatFits() {
        assertThat(extents.scatter(numbers(60), 3, 30, 57)).isEqualTo(7);
        assertThat(Arrays.copyOfRange(guest, 0, 7)).containsExactly(bytes(4, 7));
        assertThat(extents.gather(37, MemorySegment.ofArray(new byte[9]), 0, 9)).isZero();
        assertThat(extents.gather(1000, MemorySegment.ofArray(new byte[9]), 0, 9)).isZero();
    }

    @Test
    void movesNothingForNothing() {
        assertThat(extents.scatter(numbers(1), 0, 0, 0)).isZero();
        extents.clear();
        assertThat(extents.count()).isZero();
        assertThat(extents.totalLength()).isZero();
        assertThat(extents.gather(0, MemorySegment.ofArray(new byte[1]), 0, 1)).isZero();
    }

    @Test
    void refusesAFifthPiece() {
        assertThat(extents.add(0, 1)).isTrue();
        assertThat(extents.count()).isEqualTo(TaskExtension.MAX_EXTENTS);
        assertThat(extents.add(0, 1)).isFalse();
        assertThat(extents.totalLength()).isEqualTo(38);
    }

    @Test
    void replacesTheListByOnePiece() {
        extents.setSingle(DmaSpace.address(1, 3), 4);
        assertThat(extents.count()).isEqualTo(1);
        assertThat(extents.offset(0)).isEqualTo(3);
        assertThat(extents.totalLength()).isEqualTo(4);
        assertThat(extents.segment(0).get(ValueLayout.JAVA_BYTE, 3)).isZero();
    }

    private static MemorySegment numbers(int count) {
        return MemorySegment.ofArray(bytes(1, count));
    }

    private static byte[] bytes(int first, int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (first + i);
        }
        return bytes;
    }
}
