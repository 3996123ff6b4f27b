package io.trilane.hba.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The calculation against closed forms.
class DeviceOptimumTest {
    private static final long CAPACITY = 1L << 36;
    private static final long KIB = 1024;

    static List<DeviceModel> shipped() {
        return DeviceModels.all();
    }

    /// Without bundles and coalescing the bound is what is reached: a ring of stations with fixed times.
    @ParameterizedTest
    @CsvSource({"1", "2", "3", "7", "8", "9", "40"})
    void depthOverLatencyUntilTheSlowestStation(int depth) {
        DeviceModel sata = model("sata-ssd");
        DeviceLoad load = new DeviceLoad(false, false, 4 * KIB, depth, 1);
        double latencyNs = 3000 + 1000 + 80_000 + 40_960 + 2000;
        double channelsNs = (80_000 + 40_960) / 8.0;
        double expected = Math.min(depth * 1e9 / latencyNs, 1e9 / channelsNs);
        DeviceOptimum optimum = new DeviceOptimum(sata, CAPACITY);
        assertThat(optimum.bound(load)).isCloseTo(expected, within(1e-9 * expected));
        assertThat(optimum.rate(load).requestsPerSecond()).isCloseTo(expected, within(1e-3 * expected));
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void noLoadExceedsTheBound(DeviceModel model) {
        DeviceOptimum optimum = new DeviceOptimum(model, CAPACITY);
        for (long size : List.of(4 * KIB, 128 * KIB, 1024 * KIB, 3072 * KIB)) {
            for (int depth : List.of(1, 2, 5, 16)) {
                for (int bundle : List.of(1, 8)) {
                    DeviceLoad load = new DeviceLoad(false, false, size, depth, bundle);
                    assertThat(optimum.rate(load).requestsPerSecond()).as("%s %s", model.name(), load)
                            .isLessThanOrEqualTo(optimum.bound(load) * 1.0001);
                }
            }
        }
    }

    @Test
    void aCachedWriteEndsUpAtTheDrainRate() {
        DeviceModel raid = model("raid0-userspace");
        DeviceLoad load = new DeviceLoad(true, false, 1024 * KIB, 4, 1);
        DeviceOptimum optimum = new DeviceOptimum(raid, CAPACITY);
        assertThat(optimum.rate(load).bytesPerSecond()).isCloseTo(645e6, within(1e4));
        assertThat(optimum.bound(load) * load.requestBytes()).isCloseTo(645e6, within(1.0));
    }

    @Test
    void theBestOfEqualsIsTheOneWithTheFewestBytesInFlight() {
        DeviceOptimum optimum = new DeviceOptimum(model("sata-ssd"), CAPACITY);
        List<DeviceLoad> loads = new ArrayList<>();
        for (int depth : List.of(32, 16, 8, 4, 2, 1)) {
            loads.add(new DeviceLoad(false, false, 256 * KIB, depth, 1));
        }
        DeviceOptimum.Rate best = optimum.best(loads, 0.01);
        assertThat(best.load().depth()).isEqualTo(8);
        assertThat(best.bytesPerSecond()).isCloseTo(550e6, within(1e6));
    }

    /// The link alone counts: 64 KiB x 4 and 128 KiB x 2 keep it equally busy with equally much in flight.
    @Test
    void aModelCanHaveTwoEqualOptima() {
        DeviceModel.Member member = new DeviceModel.Member(64, 0, 0, 1L << 40, DeviceModel.Arm.NONE,
                DeviceModel.Cache.NONE);
        DeviceModel tie = new DeviceModel("equal-optima", "made up", 1, 65536, member, 500_000_000,
                new DeviceModel.Host(0, 0, 0, 1, 0, 1 << 20), DeviceModel.Stall.NONE);
        DeviceOptimum optimum = new DeviceOptimum(tie, CAPACITY);
        double narrow = optimum.rate(new DeviceLoad(false, false, 64 * KIB, 4, 1)).bytesPerSecond();
        double wide = optimum.rate(new DeviceLoad(false, false, 128 * KIB, 2, 1)).bytesPerSecond();
        assertThat(narrow).isCloseTo(500e6, within(1e4)).isCloseTo(wide, within(1e4));
    }

    @Test
    void refusesAModelThatStalls() {
        DeviceModel stalling = model("sata-ssd").withStall(new DeviceModel.Stall(1000, 10));
        assertThatThrownBy(() -> new DeviceOptimum(stalling, CAPACITY)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("stall-for=10 ns > 0");
    }

    private static DeviceModel model(String name) {
        return DeviceModels.all().stream().filter(model -> model.name().equals(name)).findFirst().orElseThrow();
    }
}
