package io.trilane.perf.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

class LatencyFilesTest {
    @TempDir
    Path directory;

    @Test
    void whatIsLoggedIsReadBack() throws IOException {
        Path file = directory.resolve("run.hlog");
        Histogram first = LatencyRecorder.newHistogram();
        first.recordValue(1500);
        first.recordValueWithCount(2_000_000, 3);
        Histogram second = LatencyRecorder.newHistogram();
        second.recordValue(77);
        try (LatencyLog log = LatencyLog.create(file)) {
            log.begin(1_700_000_000_000L);
            log.interval("read", 0, 250_000_000, first);
            log.interval("write", 250_000_000, 500_000_000, second);
        }
        List<Histogram> read = read(file);
        assertThat(read).containsExactly(first, second);
        assertThat(read).extracting(Histogram::getTag).containsExactly("read", "write");
        assertThat(read.get(1).getStartTimeStamp()).isEqualTo(1_700_000_000_250L);
        assertThat(read.get(1).getEndTimeStamp()).isEqualTo(1_700_000_000_500L);
        // The column for people: milliseconds, the end of the highest value's bucket.
        assertThat(Files.readString(file)).contains("Tag=read,0.000,0.250,2.001,");
    }

    @Test
    void theIntervalsOfARunAddUpToItsLatencies() throws IOException {
        Path file = directory.resolve("run.hlog");
        BenchPlan plan = Disks.plan(Disks.workload(RwMode.RANDRW, 4096, false), 5000);
        RunResult result = logged(plan, file);
        Map<String, Histogram> sums = sums(file);
        assertThat(sums).containsOnlyKeys("read", "write");
        assertThat(LatencySummary.of(sums.get("read"))).isEqualTo(result.read().latency());
        assertThat(LatencySummary.of(sums.get("write"))).isEqualTo(result.write().latency());
        assertThat(read(file).size()).isGreaterThanOrEqualTo(2 * CopyLimit.MIN_ROUNDS);
        assertThat(result.latency().histogram().orElseThrow().getTotalCount())
                .isEqualTo(result.read().latency().count() + result.write().latency().count());
    }

    @Test
    void anOpenLoopLogsItsResponse() throws IOException {
        Path file = directory.resolve("run.hlog");
        BenchPlan plan = Disks.plan(Disks.workload(RwMode.RANDREAD, 4096, false), 500).withLatency(
                new LatencyPlan(Optional.of(new OpenLoop(20_000, RateProcess.POISSON)), false));
        RunResult result = logged(plan, file);
        Map<String, Histogram> sums = sums(file);
        assertThat(sums).containsOnlyKeys("read", "response");
        assertThat(sums.get("response").getTotalCount()).isEqualTo(500);
        assertThat(result.latency().histogram().orElseThrow().getMaxValue())
                .isEqualTo(sums.get("response").getMaxValue());
    }

    @Test
    void percentilesAreText() throws IOException {
        Histogram histogram = LatencyRecorder.newHistogram();
        histogram.recordValueWithCount(10_000, 99);
        histogram.recordValue(90_000);
        Path file = directory.resolve("run.hgrm");
        PercentileText.write(file, histogram);
        List<String> lines = Files.readAllLines(file);
        assertThat(lines.getFirst().split("\\s+")).containsExactly("", "Value", "Percentile", "TotalCount",
                "1/(1-Percentile)");
        assertThat(lines)
                .anySatisfy(line -> assertThat(line.strip()).matches("10\\.\\d+ +0\\.500000000000 +99 +2\\.00"));
        assertThat(lines).anySatisfy(line -> assertThat(line.strip()).matches("90\\.\\d+ +1\\.000000000000 +100"));
        assertThat(lines.getLast()).startsWith("#[Buckets");
        assertThatThrownBy(() -> PercentileText.write(directory, histogram)).isInstanceOf(IOException.class)
                .hasMessageContaining("hgrm=" + directory + " cannot be written");
    }

    @Test
    @EnabledIf("hasAFullDevice")
    void aLogThatCannotBeWrittenIsNotSilent() throws IOException {
        LatencyLog log = LatencyLog.create(Path.of("/dev/full"));
        log.begin(0);
        log.interval("read", 0, 1, LatencyRecorder.newHistogram());
        assertThatThrownBy(log::close).isInstanceOf(IOException.class)
                .hasMessage("hlog=/dev/full cannot be written, what is in it is incomplete");
    }

    static boolean hasAFullDevice() {
        return Files.isWritable(Path.of("/dev/full"));
    }

    private static RunResult logged(BenchPlan plan, Path file) throws IOException {
        try (LatencyLog log = LatencyLog.create(file)) {
            Bench bench = new Bench(plan, List.of(Disks.memory()), BenchListener.SILENT);
            bench.logTo(log);
            return bench.run();
        }
    }

    private static Map<String, Histogram> sums(Path file) throws IOException {
        Map<String, Histogram> sums = new HashMap<>();
        read(file).forEach(interval -> sums.computeIfAbsent(interval.getTag(), _ -> LatencyRecorder.newHistogram())
                .add(interval));
        return sums;
    }

    private static List<Histogram> read(Path file) throws IOException {
        List<Histogram> intervals = new ArrayList<>();
        try (HistogramLogReader reader = new HistogramLogReader(Files.newInputStream(file))) {
            while (reader.hasNext()) {
                if (reader.nextIntervalHistogram() instanceof Histogram interval) {
                    intervals.add(interval);
                }
            }
        }
        return intervals;
    }
}
