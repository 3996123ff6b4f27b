package io.trilane.perf.tune;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.hba.device.DeviceModel;
import io.trilane.hba.device.DeviceModels;
import io.trilane.perf.harness.Environment;
import io.trilane.perf.harness.RwMode;
import io.trilane.perf.report.HtmlReport;
import io.trilane.perf.report.Machine;
import io.trilane.perf.report.TuneCsv;
import io.trilane.perf.report.TuneJson;
import io.trilane.perf.report.TuneReport;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Two searches in simulated time with one seed leave the same files, byte for byte.
class SameSeedSameReportTest {
    private static final Machine MACHINE = new Machine("1", new Environment("Linux", "amd64", 2, 1L << 33, "25", "VM"),
            "a processor", List.of("-Xmx1g"));

    @ParameterizedTest
    @EnumSource(value = RwMode.class, names = {"READ", "RANDREAD", "RANDRW"})
    void twoSearchesWithOneSeedLeaveTheSameBytes(RwMode mode) {
        Map<String, byte[]> first = reports(search(mode).run());
        Map<String, byte[]> second = reports(search(mode).run());
        assertThat(first).hasSize(4);
        first.forEach((name, bytes) -> assertThat(second.get(name)).as(name).isEqualTo(bytes).isNotEmpty());
    }

    /// Otherwise nothing would be left to chance, and the same bytes would be no wonder.
    @Test
    void randomRequestsOnAnArmAreNoise() {
        assertThat(search(RwMode.RANDRW).run().cells()).anyMatch(cell -> cell.rounds().size() > Bootstrap.LEAST_VALUES
                && cell.bytesPerSecond().low() < cell.bytesPerSecond().high());
    }

    /// Otherwise it would be no seed.
    @Test
    void anotherSeedIsAnotherSearch() {
        DeviceSearch search = search(RwMode.RANDRW);
        assertThat(reports(search.withSeed(2).run()).get("json")).isNotEqualTo(reports(search.run()).get("json"));
    }

    private static DeviceSearch search(RwMode mode) {
        DeviceModel raid = DeviceModels.all().get(1);
        return DeviceSearch
                .of(raid, mode, List.of(64, 128, 256), List.of(1, 2, 4), List.of(1, 4),
                        mode == RwMode.RANDRW ? 6_000 : 1_500)
                .withObjective(Objective.parse("p99<100ms"));
    }

    private static Map<String, byte[]> reports(TuneResult result) {
        TuneReport report = new TuneReport(result, MACHINE, Optional.empty());
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        bytes.put("json", utf8(TuneJson.text(report)));
        bytes.put("html", utf8(HtmlReport.of(report)));
        bytes.put("text", utf8(TuneText.of(result, 512)));
        bytes.put("csv", utf8(TuneCsv.of(result)));
        return bytes;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
