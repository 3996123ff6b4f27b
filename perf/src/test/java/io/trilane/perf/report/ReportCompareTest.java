package io.trilane.perf.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.trilane.perf.report.ReportCompare.Verdict;
import io.trilane.perf.tune.Cell;
import io.trilane.perf.tune.Interval;
import io.trilane.perf.tune.Objective;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCompareTest {
    private static final Cell CELL = new Cell(4096, 8, 8, 1);
    private static final Interval NONE = new Interval(0, 0, 0);

    @Test
    void sameDiskIsNoRegression() {
        ReportCompare compare = tune(1.0, 0.05);
        assertThat(compare.isRegression()).isFalse();
        assertThat(compare.count(Verdict.SAME)).isEqualTo(TuneSamples.rich().cells().size());
        assertThat(compare.recommendation()).contains(Verdict.SAME);
        assertThat(CompareText.of(compare)).startsWith("no regression: 0 worse, 0 better, 80 the same, 0 unsure")
                .contains("recommendation: 128 KiB x 8 at");
    }

    @Test
    void slowerDiskIsARegressionBeyondTheThresholdOnly() {
        assertThat(tune(0.9, 0.05).isRegression()).isTrue();
        assertThat(tune(0.9, 0.05).count(Verdict.WORSE)).isEqualTo(80);
        assertThat(tune(0.9, 0.2).isRegression()).isFalse();
        assertThat(CompareText.of(tune(0.9, 0.05))).startsWith("REGRESSION: 80 worse").contains("-10.");
    }

    @Test
    void fasterDiskIsBetter() {
        ReportCompare compare = tune(1.1, 0.05);
        assertThat(compare.isRegression()).isFalse();
        assertThat(compare.count(Verdict.BETTER)).isEqualTo(80);
    }

    @Test
    void needsBothIntervalsApartAndMediansBeyondTheThreshold() {
        Interval hundred = new Interval(95, 100, 105);
        assertThat(ReportCompare.compare(hundred, new Interval(80, 90, 94), 0.05)).isEqualTo(Verdict.WORSE);
        assertThat(ReportCompare.compare(hundred, new Interval(80, 90, 95), 0.05)).as("touch").isEqualTo(Verdict.SAME);
        assertThat(ReportCompare.compare(hundred, new Interval(93, 93.5, 94), 0.07)).as("near").isEqualTo(Verdict.SAME);
        assertThat(ReportCompare.compare(hundred, new Interval(106, 110, 120), 0.05)).isEqualTo(Verdict.BETTER);
        assertThat(ReportCompare.compare(hundred, new Interval(106, 110, 120), 0.1)).isEqualTo(Verdict.SAME);
    }

    @Test
    void fewRepetitionsAreUnsure() {
        ComparedReport first = report("a", List.of(entry(CELL, 100, 2, 0), entry(new Cell(8192, 8, 8, 1), 100, 5, 0)));
        ComparedReport second = report("b", List.of(entry(CELL, 50, 5, 0), entry(new Cell(8192, 8, 8, 1), 100, 5, 0)));
        ReportCompare compare = ReportCompare.of(first, second, 0.05);
        assertThat(compare.cells().getFirst().verdict()).isEqualTo(Verdict.UNSURE);
        assertThat(compare.isRegression()).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> ReportCompare.of(report("a", List.of(entry(CELL, 100, 2,
                0))), report("b", List.of(entry(CELL, 50, 5, 0))), 0.05)).withMessageContaining("repetitions < 5");
    }

    @Test
    void errorsThatWereNotThereAreWorse() {
        ReportCompare compare =
                ReportCompare.of(report("a", List.of(entry(CELL, 100, 5, 0))), report("b", List.of(entry(
                        CELL, 100, 5, 3))), 0.05);
        assertThat(compare.isRegression()).isTrue();
        assertThat(CompareText.of(compare)).contains("3 errors");
    }

    @Test
    void objectivesLatencyCountsWhenBothHaveIt() {
        ComparedReport fast = slo(new Interval(90, 100, 110), 1000);
        ComparedReport slow = slo(new Interval(190, 200, 210), 1000);
        assertThat(ReportCompare.of(fast, slow, 0.05).isRegression()).isTrue();
        assertThat(ReportCompare.of(slow, fast, 0.05).count(Verdict.BETTER)).isOne();
        assertThat(ReportCompare.of(fast, slo(new Interval(190, 200, 210), 2000), 0.05).isRegression()).isFalse();
    }

    @Test
    void losingTheRecommendationIsARegression() {
        ComparedReport first = report("a", List.of(entry(CELL, 100, 5, 0)));
        ComparedReport second = new ComparedReport("b", "disk", "randread", "machine", Optional.empty(),
                first.entries(), Optional.empty(), true);
        assertThat(ReportCompare.of(first, second, 0.05).isRegression()).isTrue();
        assertThat(CompareText.of(ReportCompare.of(first, second, 0.05))).contains("4 KiB x 8 at", "-> none");
    }

    @Test
    void refusesWhatCannotBeCompared() {
        ComparedReport one = report("a", List.of(entry(CELL, 100, 5, 0)));
        assertThatIllegalArgumentException().isThrownBy(() -> ReportCompare.of(one, report("b", List.of(entry(
                new Cell(1, 1, 1, 1), 1, 5, 0))), 0.05)).withMessageContaining("none in common");
        assertThatIllegalArgumentException().isThrownBy(() -> ReportCompare.of(one, one, 1.5))
                .withMessageContaining("threshold=1.5 not in 0..1");
        assertThatIllegalArgumentException().isThrownBy(() -> ReportCompare.of(one, one, Double.NaN));
        ComparedReport writes = new ComparedReport("b", "disk", "randwrite", "machine", Optional.empty(), one.entries(),
                one.chosen(), true);
        assertThatIllegalArgumentException().isThrownBy(() -> ReportCompare.of(one, writes, 0.05))
                .withMessageContaining("rw=randread in a != rw=randwrite in b");
    }

    @Test
    void saysWhatElseIsDifferent() {
        ReportCompare compare = ReportCompare.of(report("a", List.of(entry(CELL, 100, 5, 0), entry(new Cell(1, 1, 1, 1),
                1, 5, 0))),
                new ComparedReport("b", "other", "randread", "machine", Optional.empty(), List.of(entry(CELL,
                        100, 5, 0)), Optional.of(entry(CELL, 100, 5, 0)), false),
                0.05);
        assertThat(compare.notes()).containsExactly("target: disk -> other", "1 cells are in a only",
                "not complete: b");
    }

    @Test
    void readsFilesOfTuneAndOfBench(@TempDir Path folder) throws Exception {
        Path tune = Files.writeString(folder.resolve("tune.json"),
                TuneJson.text(TuneSamples.report(TuneSamples.rich())));
        assertThat(ReportCompare.of(tune, tune, 0).isRegression()).isFalse();
        Path fast = Files.writeString(folder.resolve("fast.json"), bench("100,101,99,100,102,98,100"));
        Path slow = Files.writeString(folder.resolve("slow.json"), bench("120,121,119,120,122,118,120"));
        ReportCompare compare = ReportCompare.of(fast, slow, 0.05);
        assertThat(compare.isRegression()).isTrue();
        assertThat(compare.cells()).singleElement().satisfies(cell -> {
            assertThat(cell.cell()).isEqualTo(new Cell(4096, 32, 16, 2));
            assertThat(cell.first().rate().median()).isEqualTo(4096 * 1e9 / 100);
            assertThat(cell.first().rounds()).isEqualTo(7);
            assertThat(cell.first().p99Ns()).isEqualTo(1234);
        });
        assertThat(ReportCompare.of(slow, fast, 0.05).count(Verdict.BETTER)).isOne();
        Path neither = Files.writeString(folder.resolve("neither.json"), "{\"a\":1}");
        assertThatIllegalArgumentException().isThrownBy(() -> ReportCompare.of(tune, neither, 0.05))
                .withMessageContainingAll("file=" + neither, "line=1 column=1", "neither of tune nor of bench");
    }

    @Test
    void medianIntervalsAreThoseOfTheSignTest() {
        assertThat(interval(5)).isEqualTo(new Interval(1, 3, 5));
        assertThat(interval(6)).isEqualTo(new Interval(1, 3.5, 6));
        assertThat(interval(9)).isEqualTo(new Interval(2, 5, 8));
        assertThat(interval(20)).isEqualTo(new Interval(6, 10.5, 15));
        assertThat(MedianInterval.of(Collections.nCopies(2000, 7.0))).isEqualTo(new Interval(7, 7, 7));
    }

    private static Interval interval(int count) {
        return MedianInterval.of(java.util.stream.IntStream.rangeClosed(1, count).mapToObj(i -> (double) i).toList());
    }

    /// What [JsonReport] writes, as far as it is read here.
    private static String bench(String nanoseconds) {
        String io = "{\"clat_ns\":{\"percentile\":{\"99.000000\":1234}}}";
        return "{\"trilane version\":\"1\",\"global options\":{\"rw\":\"randread\",\"bs\":\"4096\",\"iodepth\":\"32\","
                + "\"numjobs\":\"2\"},\"jobs\":[{\"read\":" + io + ",\"write\":" + io + "}],\"trilane\":{"
                + "\"engine_ns_per_op\":[" + nanoseconds + "],\"bundle\":16,\"errors\":0,\"interrupted\":false,"
                + "\"images\":[{\"name\":\"disk.img\"}],\"environment\":{\"os\":\"Linux\",\"processors\":2,"
                + "\"java\":\"25\"}}}";
    }

    private static ReportCompare tune(double speed, double threshold) {
        return ReportCompare.of(ComparedReport.of("a.json", TuneSamples.report(TuneSamples.rich())),
                ComparedReport.of("b.json", TuneSamples.report(TuneSamples.sample("nvme-model", 7, speed))), threshold);
    }

    private static ComparedReport.Entry entry(Cell cell, double rate, int rounds, long errors) {
        return new ComparedReport.Entry(cell, new Interval(rate * 0.99, rate, rate * 1.01), NONE, 0, rounds, errors);
    }

    private static ComparedReport slo(Interval latency, long limitNs) {
        ComparedReport.Entry entry = new ComparedReport.Entry(CELL, new Interval(99, 100, 101), latency, 0, 5, 0);
        return new ComparedReport("a", "disk", "randread", "machine", Optional.of(new Objective(99, limitNs)),
                List.of(entry), Optional.of(entry), true);
    }

    private static ComparedReport report(String name, List<ComparedReport.Entry> entries) {
        return new ComparedReport(name, "disk", "randread", "machine", Optional.empty(), entries,
                Optional.of(entries.getFirst()), true);
    }
}
