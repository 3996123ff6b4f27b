package io.trilane.engine.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class DmaSpaceTest {
    private final MemorySegment taskData = MemorySegment.ofArray(new byte[64]);
    private final DmaSpace space = new DmaSpace(taskData);

    @Test
    void findsRegionAndOffsetOfAnAddressAtItsLimits() {
        MemorySegment guest = MemorySegment.ofArray(new byte[16]);
        int region = space.register(guest);
        long last = (1L << 48) - 1;
        assertThat(region).isEqualTo(1);
        assertThat(space.region(DmaSpace.address(region, last))).isSameAs(guest);
        assertThat(DmaSpace.offset(DmaSpace.address(region, last))).isEqualTo(last);
        assertThat(space.region(DmaSpace.address(0, last))).isSameAs(taskData);
    }

    @Test
    void refusesMoreRegionsThanItHoldsWithARemedy() {
        for (int i = 1; i < DmaSpace.MAX_REGIONS; i++) {
            assertThat(space.register(taskData)).isEqualTo(i);
        }
        assertThatThrownBy(() -> space.register(taskData)).isInstanceOf(IllegalStateException.class)
                .hasMessage("regions=64 = maxRegions=64, register fewer and larger regions");
    }

    @Test
    void failsOnACpuAddressInsteadOfCorruptingMemory() {
        long cpuAddress = 0x7F00_1234_5678_9000L;
        assertThatThrownBy(() -> space.region(cpuAddress)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
