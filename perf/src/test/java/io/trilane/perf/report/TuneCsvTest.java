package io.trilane.perf.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TuneCsvTest {
    @Test
    void hasALinePerCellAndAFieldPerName() {
        List<String> lines = TuneCsv.of(TuneSamples.rich()).lines().toList();
        int fields = lines.getFirst().split(",").length;
        assertThat(lines).hasSize(1 + TuneSamples.rich().cells().size())
                .allSatisfy(line -> assertThat(line.split(",", -1)).hasSize(fields));
        assertThat(lines.getFirst()).startsWith("bs_bytes,iodepth,bundle,numjobs,bytes_in_flight,iops_low,");
        assertThat(lines.get(1)).startsWith("4096,1,1,1,4096,").endsWith(",5,true,true,false,0");
    }

    @Test
    void putsValuesBelowTheirNames() {
        List<String> lines = TuneCsv.of(TuneSamples.rich()).lines().toList();
        List<String> names = List.of(lines.getFirst().split(","));
        String[] values = lines.get(3).split(",");
        var cell = TuneSamples.rich().cells().get(2);
        assertThat(values[names.indexOf("lat_p99_9_ns")]).isEqualTo(Long.toString(cell.latency().valueNs(99.9)));
        assertThat(values[names.indexOf("lat_max_ns")]).isEqualTo(Long.toString(cell.latency().maxNs()));
        assertThat(Double.parseDouble(values[names.indexOf("bw_bytes_high")]))
                .isBetween(cell.bytesPerSecond().high() - 1, cell.bytesPerSecond().high() + 1);
    }

    @Test
    void hasNothingButNamesWhenNothingWasMeasured() {
        assertThat(TuneCsv.of(TuneSamples.empty()).lines()).hasSize(1);
    }
}
