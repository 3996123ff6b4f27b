package io.trilane.tools.lab.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.engine.ThreadingMode;
import io.trilane.hba.HbaConfig;
import io.trilane.hba.HbaController;
import io.trilane.hba.HbaModel;
import io.trilane.perf.harness.RwMode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The price is paid by the real engine's calls: read off a clock that goes one nanosecond per look.
class CrossingCostTest {
    private static final int CALL_NS = 10_000;

    private long nowNs;

    /// 64 tasks at depth 32: two calls for each task, or two for each bundle.
    @ParameterizedTest
    @CsvSource({"0,128", "1,128", "8,16", "32,4"})
    void everyCallInAndOutIsPaidForOnce(int bundle, int calls) {
        CostEngine.Setting setting = new CostEngine.Setting(RwMode.RANDREAD, 4096, 32, bundle, 1 << 20);
        try (CostEngine engine = CostEngine.open(setting, new CrossingPrice(CALL_NS, 0, true), ThreadingMode.INVOKER, 0,
                () -> nowNs++)) {
            long before = nowNs;
            engine.run(64);
            assertThat((nowNs - before) / CALL_NS).isEqualTo(calls);
        }
    }

    @Test
    void refusesBundlesThatDoNotExist() {
        HbaController real = new HbaController(new HbaModel(new HbaConfig(1, 4096, 1, List.of())));
        assertThatThrownBy(() -> new CrossingCost(real, CrossingPrice.FREE, 33, () -> 0))
                .hasMessageStartingWith("bundle=33 not in 0..32, ");
    }
}
