package io.trilane.tools.lab.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.perf.harness.RwMode;
import java.util.List;
import org.junit.jupiter.api.Test;

class CostPlanTest {
    private final CostPlan plan = new CostPlan(RwMode.RANDREAD, List.of(65536L, 4096L, 4096L), List.of(32, 1, 8),
            List.of(32, 8), 1 << 20, List.of(4096L), List.of(2, 1), 32 << 20, CrossingPrice.FREE, 5, 1);

    @Test
    void sortsAndForgetsRepetitions() {
        assertThat(plan.sizes()).containsExactly(4096L, 65536L);
        assertThat(plan.jobs()).containsExactly(1, 2);
    }

    @Test
    void aBundleThatCannotFillIsNotMeasuredTwice() {
        assertThat(plan.bundlesAt(1)).containsExactly(CrossingCost.SINGLE, 1);
        assertThat(plan.bundlesAt(8)).containsExactly(CrossingCost.SINGLE, 8);
        assertThat(plan.bundlesAt(32)).containsExactly(CrossingCost.SINGLE, 8, 32);
        assertThat(plan.cells()).isEqualTo(14);
    }
}
