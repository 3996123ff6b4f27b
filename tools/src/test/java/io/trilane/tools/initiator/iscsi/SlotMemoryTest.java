package io.trilane.tools.initiator.iscsi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SlotMemoryTest {
    private static final long BYTES = 4096;

    @Test
    void refusesMoreThanItMayHave() {
        long needed = 2 * (BYTES + SlotMemory.PARAMETER_BYTES);
        assertThatIllegalArgumentException().isThrownBy(() -> new SlotMemory(2, BYTES, needed - 1))
                .withMessage("iodepth=2 x bs=4096 > half of the memory there is, " + (needed - 1)
                        + ", lower --iodepth or --bs");
        try (SlotMemory memory = new SlotMemory(2, BYTES, needed)) {
            assertThat(memory.memory().byteSize()).isEqualTo(needed);
        }
    }

    @Test
    void saysSoWhenTheMachineDoesNotGiveIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SlotMemory(Integer.MAX_VALUE, 1L << 31, Long.MAX_VALUE))
                .withMessage("iodepth=2147483647 x bs=2147483648 > the memory there is, lower --iodepth or --bs")
                .withCauseInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void anOrdinaryMachineHasRoom() {
        try (SlotMemory memory = new SlotMemory(8, BYTES)) {
            memory.fill(1);
            assertThat(memory.parameterAddress(7)).isEqualTo(8 * BYTES + 7 * SlotMemory.PARAMETER_BYTES);
        }
    }
}
