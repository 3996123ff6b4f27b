package io.trilane.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.perf.report.TuneJson;
import io.trilane.perf.report.TuneReport;
import io.trilane.perf.tune.CellResult;
import io.trilane.perf.tune.Interval;
import io.trilane.perf.tune.Recommendation;
import io.trilane.perf.tune.TuneResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class ReportCommandTest {
    @TempDir
    Path directory;
    private Path before;

    @BeforeEach
    void tune() {
        before = directory.resolve("before.json");
        CommandLineRun run =
                CommandLineRun.of("tune", "--device-model", "sata-ssd", "--bs", "4k,64k", "--iodepth", "1,8",
                        "--bundle", "8", "--budget", "1s", "--json", before.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    @Test
    void aResultIsTheSameAsItself() {
        CommandLineRun run = CommandLineRun.of("report", "compare", before.toString(), before.toString());
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith("no regression: 0 worse, 0 better, ").contains("recommendation: ", "(same)")
                .doesNotContain("worse ", "REGRESSION");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "0.90 | 5% | 1 | REGRESSION",
            "0.90 | 9.5% | 1 | REGRESSION",
            "0.90 | 11% | 0 | no regression: 0 worse, 0 better",
            "0.97 | 5% | 0 | no regression: 0 worse, 0 better",
            "0.97 | 2.5% | 1 | REGRESSION",
            "1.20 | 5% | 0 | no regression: 0 worse, ",
            "1.20 | 25% | 0 | no regression: 0 worse, 0 better"})
    void saysWhatBecameOfThroughputAndFailsOnARegression(double factor, String threshold, int exitCode, String sentence)
            throws IOException {
        CommandLineRun run = CommandLineRun.of("report", "compare", before.toString(), scaled(factor).toString(),
                "--threshold", threshold);
        assertThat(run.out()).startsWith(sentence);
        assertThat(run.exitCode()).isEqualTo(exitCode);
        assertThat(run.err()).isEmpty();
        if (factor > 1 && threshold.equals("5%")) {
            assertThat(run.out()).contains("better", "+20.0%").doesNotContain("0 better");
        }
    }

    @Test
    void fivePercentIsTheThresholdUnlessOneIsGiven() throws IOException {
        assertThat(CommandLineRun.of("report", "compare", before.toString(), scaled(0.94).toString()).exitCode())
                .isEqualTo(1);
        assertThat(CommandLineRun.of("report", "compare", before.toString(), scaled(0.96).toString()).exitCode())
                .isZero();
    }

    @Test
    void aRecommendationThatIsGoneIsARegression() throws IOException {
        TuneReport report = TuneJson.read(before);
        Path without = write(report, with(report.result(), report.result().cells(), Optional.empty()));
        CommandLineRun run = CommandLineRun.of("report", "compare", before.toString(), without.toString());
        assertThat(run.out()).startsWith("REGRESSION").contains("-> none");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void readsWhatBenchWrote() {
        Path first = bench("first.json", "randread");
        CommandLineRun same = CommandLineRun.of("report", "compare", first.toString(), first.toString());
        assertThat(same.err()).isEmpty();
        assertThat(same.exitCode()).isZero();
        assertThat(same.out()).startsWith("no regression: 0 worse, 0 better, 1 the same, 0 unsure").contains("4 KiB");

        CommandLineRun other = CommandLineRun.of("report", "compare", first.toString(),
                bench("other.json", "read").toString());
        assertRefused(other, "rw=randread in " + first + " != rw=read in ");
        assertRefused(
                CommandLineRun.of("report", "compare", before.toString(), bench("8k.json", "randread", "--bs", "8k")
                        .toString()),
                "have none in common, measure the same sizes and depths");
    }

    @Test
    void comparesABenchWithTheSameCellOfASearch() {
        CommandLineRun run = CommandLineRun.of("report", "compare", before.toString(),
                bench("bench.json", "randread", "--bs", "64k", "--iodepth", "8", "--bundle", "8").toString());
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("note: target: sata-ssd -> memory:16m", "better");
        assertThat(run.exitCode()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "{ | is not JSON",
            "'' | is empty, give a report's JSON file",
            "[] | is not an object",
            "{} | is neither of tune nor of bench, write it with --json",
            "nonsense | is not JSON",
            "{\"format\":\"other\"} | is \"other\" != \"trilane-tune\"",
            "{\"format\":\"trilane-tune\",\"version\":2} | is 2 != 1, read it with the Trilane that wrote it"})
    void refusesWhatIsNoResult(String text, String sentence) throws IOException {
        Path bad = Files.writeString(directory.resolve("bad.json"), text);
        assertRefused(CommandLineRun.of("report", "compare", bad.toString(), before.toString()), sentence.strip());
        assertRefused(CommandLineRun.of("report", "compare", before.toString(), bad.toString()), sentence.strip());
        Path page = directory.resolve("page.html");
        CommandLineRun html = CommandLineRun.of("report", "html", bad.toString(), page.toString());
        assertThat(html.exitCode()).isEqualTo(2);
        assertThat(html.err()).startsWith("trilane: file=" + bad).hasLineCount(1);
        assertThat(page).doesNotExist();
    }

    @Test
    void refusesBadArguments() throws IOException {
        Path half = Files.write(directory.resolve("half.json"),
                Arrays.copyOf(Files.readAllBytes(before), 700));
        assertRefused(CommandLineRun.of("report", "compare", before.toString(), half.toString()), "is not JSON");
        assertRefused(CommandLineRun.of("report", "compare", before.toString(), directory + "/none.json"),
                "file=" + directory + "/none.json cannot be read, give a report's JSON file");
        for (String threshold : List.of("5", "-5%", "0.05", "100%", "five%")) {
            assertRefused(CommandLineRun.of("report", "compare", before.toString(), before.toString(), "--threshold",
                    threshold), "threshold=" + threshold + " is no percentage, write 5% or 2.5%");
        }
        assertRefused(CommandLineRun.of("report", "compare", before.toString()), "AFTER");
        assertRefused(CommandLineRun.of("report"), "command is missing, choose one of compare, html");
        assertRefused(CommandLineRun.of("report", "html", before.toString(), before.toString()),
                "page=" + before + " is the result, name another file");
        assertRefused(CommandLineRun.of("report", "html", before.toString(), directory.toString()),
                "page=" + directory + " is a directory");
        assertRefused(CommandLineRun.of("report", "html", before.toString(), directory + "/p", "--svg",
                before.toString()), "svg=" + before + " is not a directory");
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("before.json", "half.json");
    }

    @Test
    void drawsAResultAsAPageAndPlots() throws IOException {
        Path page = directory.resolve("page.html");
        Path plots = directory.resolve("plots");
        CommandLineRun run = CommandLineRun.of("report", "html", before.toString(), page.toString(), "--svg",
                plots.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out() + run.err()).isEmpty();
        assertThat(Files.readString(page)).startsWith("<!DOCTYPE html>").contains("sata-ssd").endsWith("</html>\n");
        assertThat(plots.resolve("throughput.svg")).exists();

        Path again = directory.resolve("again.html");
        CommandLineRun direct = CommandLineRun.of("tune", "--device-model", "sata-ssd", "--bs", "4k,64k", "--iodepth",
                "1,8", "--bundle", "8", "--budget", "1s", "--report", again.toString());
        assertThat(direct.exitCode()).isZero();
        assertThat(again).hasSameBinaryContentAs(page);
    }

    private Path bench(String name, String rw, String... options) {
        Path file = directory.resolve(name);
        List<String> args = new ArrayList<>(List.of("bench", "--image", "memory:16m", "--rw", rw, "--ramp_time",
                "0", "--number_ios", "5000", "--json", file.toString()));
        args.addAll(List.of(options));
        CommandLineRun run = CommandLineRun.of(args.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isZero();
        return file;
    }

    private Path scaled(double factor) throws IOException {
        TuneReport report = TuneJson.read(before);
        List<CellResult> cells = report.result().cells().stream().map(cell -> scaled(cell, factor)).toList();
        Recommendation old = report.result().recommendation().orElseThrow();
        return write(report, with(report.result(), cells,
                Optional.of(new Recommendation(scaled(old.chosen(), factor), scaled(old.best(), factor),
                        old.equals().stream().map(cell -> scaled(cell, factor)).toList(), old.sentence()))));
    }

    private Path write(TuneReport report, TuneResult result) throws IOException {
        return Files.writeString(directory.resolve("after.json"),
                TuneJson.text(new TuneReport(result, report.machine(), report.when())));
    }

    private static TuneResult with(TuneResult old, List<CellResult> cells, Optional<Recommendation> recommendation) {
        return new TuneResult(old.target(), old.goal(), cells, recommendation, old.knees(), old.little(), old.fits(),
                old.spentNs(), old.ending(), old.isComplete(), old.notes());
    }

    private static CellResult scaled(CellResult cell, double factor) {
        return new CellResult(cell.cell(), scaled(cell.iops(), factor), scaled(cell.bytesPerSecond(), factor),
                cell.latency(), cell.rounds().stream().map(rate -> rate * factor).toList(), cell.atNs(),
                cell.objectiveNs(), cell.isSteady(), cell.meetsObjective(), cell.isEqualToBest(), cell.errors());
    }

    private static Interval scaled(Interval interval, double factor) {
        return new Interval(interval.low() * factor, interval.median() * factor, interval.high() * factor);
    }

    private static void assertRefused(CommandLineRun run, String sentence) {
        assertThat(run.err()).startsWith("trilane: ").contains(sentence).doesNotContain("\tat ");
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
    }
}
