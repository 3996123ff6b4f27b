package io.trilane.engine.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TaskTokenTest {
    private static final long LAST_GENERATION = TaskToken.GENERATION_MASK;

    @Test
    void carriesGenerationShardAndSlotAtTheirLimits() {
        long token = TaskToken.of(LAST_GENERATION, 255, 65535);
        assertThat(TaskToken.generation(token)).isEqualTo(LAST_GENERATION);
        assertThat(TaskToken.shard(token)).isEqualTo(255);
        assertThat(TaskToken.slot(token)).isEqualTo(65535);
    }

    @Test
    void isNeverNegativeAndSoNeverTheNoneToken() {
        assertThat(TaskToken.of(LAST_GENERATION, 255, 65535)).isPositive();
        assertThat(TaskToken.of(-1, 255, 65535)).isPositive();
        assertThat(TaskToken.NONE).isNegative();
    }

    @Test
    void keepsItsPartsApart() {
        assertThat(TaskToken.of(1, 0, 0)).isEqualTo(1L << 24);
        assertThat(TaskToken.of(0, 1, 0)).isEqualTo(1L << 16);
        assertThat(TaskToken.of(0, 0, 1)).isEqualTo(1L);
    }

    @Test
    void describesItselfForMessages() {
        assertThat(TaskToken.describe(TaskToken.of(7, 2, 31))).isEqualTo("7/2/31");
        assertThat(TaskToken.describe(TaskToken.NONE)).isEqualTo("none");
    }
}
