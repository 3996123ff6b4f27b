package io.trilane.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.hba.image.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BenchLatencyCommandTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"linear", "poisson"})
    void anOpenLoopReportsRateBacklogAndBothLatencies(String process) {
        CommandLineRun run =
                bench("--rate_iops", "5000", "--rate_process", process, "--number_ios", "500", "--json", "-");
        assertThat(run.exitCode()).as(run.err()).isZero();
        Object json = Json.parse(run.out());
        assertThat(Json.at(json, "trilane/open_loop/rate_iops")).isEqualTo(5000.0);
        assertThat(Json.at(json, "trilane/open_loop/rate_process")).isEqualTo(process);
        assertThat(Json.at(json, "trilane/open_loop/response_ns/N")).isEqualTo(500.0);
        assertThat(Json.at(json, "trilane/open_loop/service_ns/N")).isEqualTo(500.0);
        assertThat(Json.at(json, "jobs/0/read/clat_ns/N")).isEqualTo(500.0);
        for (String key : List.of("achieved_iops", "wanted_iops", "most_backlog", "behind_ns",
                "response_ns/percentile/99.900000")) {
            assertThat(Json.at(json, "trilane/open_loop/" + key)).as(key).isInstanceOf(Double.class);
        }
        assertThat(Json.at(json, "trilane/copy_limit/reason")).isEqualTo("requests come at a given rate");
        assertThat(run.err()).contains("open loop rate_iops=5000 (" + process + ")  achieved ", "most backlog=",
                "behind at the end=", "response, from the intended start: mean=", "service latency mean=");
    }

    @Test
    void aRateThatIsTooHighIsSaidToBeNotReached() {
        CommandLineRun run = bench("--rate_iops", "1000000000");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("NOT REACHED");
    }

    @Test
    void stagesAreReportedWhenAskedFor() {
        CommandLineRun run = bench("--stage-latency", "--json", "-");
        assertThat(run.exitCode()).as(run.err()).isZero();
        Object json = Json.parse(run.out());
        double parts = 0;
        for (String stage : List.of("queue_wait_ns", "execution_ns", "interrupt_ns", "delivery_ns")) {
            parts += (double) Json.at(json, "trilane/stage_latency/" + stage + "/mean");
        }
        double total = (double) Json.at(json, "trilane/stage_latency/total_ns/mean");
        assertThat(parts).isBetween(total * 0.98, total * 1.02);
        assertThat(run.err()).contains("stages    queue wait mean=", "execution  mean=", "interrupt  mean=",
                "delivery   mean=", "all        mean=");

        CommandLineRun plain = bench("--json", "-");
        assertThat(plain.out()).doesNotContain("stage_latency", "open_loop");
        assertThat(plain.err()).doesNotContain("stages ", "open loop", "service latency");
    }

    @Test
    void latenciesGoIntoFilesThatOtherToolsRead() throws IOException {
        Path percentiles = directory.resolve("run.hgrm");
        Path log = directory.resolve("run.hlog");
        long before = System.currentTimeMillis();
        CommandLineRun run = bench("--hgrm", percentiles.toString(), "--hlog", log.toString(), "--json", "-");
        assertThat(run.exitCode()).as(run.err()).isZero();
        double count = (double) Json.at(Json.parse(run.out()), "jobs/0/read/clat_ns/N");
        assertThat(Files.readString(percentiles)).contains("Value", "Percentile", "TotalCount");
        assertThat(Files.readAllLines(percentiles)).anySatisfy(
                line -> assertThat(line.strip()).matches("[0-9.]+ +1\\.000000000000 +" + (long) count));
        long logged = 0;
        try (HistogramLogReader reader = new HistogramLogReader(Files.newInputStream(log))) {
            while (reader.hasNext()) {
                EncodableHistogram interval = reader.nextIntervalHistogram();
                assertThat(interval.getTag()).isEqualTo("read");
                assertThat(interval.getStartTimeStamp()).isBetween(before, System.currentTimeMillis());
                logged += ((Histogram) interval).getTotalCount();
            }
        }
        assertThat((double) logged).isEqualTo(count);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "--rate_iops 0 | rate_iops=0 not in 1..1000000000, choose a value in that range",
            "--rate_iops -3 | rate_iops=-3 not in 1..1000000000",
            "--rate_iops fast | rate_iops",
            "--rate_process poisson | rate_process=poisson without a rate, add --rate_iops",
            "--rate_iops 5 --rate_process bursty | rate_process=bursty is unknown, choose linear or poisson",
            "--rate_iops 5 --copy-limit on | copy-limit=on rate_iops=5: a given rate cannot be compared",
            "--hgrm /nowhere/at/all | hgrm=/nowhere/at/all is a directory or is in one that does not exist, name a file",
            "--hlog / | hlog=/ is a directory",
            "--hgrm SAME --hlog SAME | is what hgrm names, name another file",
            "--json SAME --hgrm SAME | is what json names, name another file",
            "--hlog IMAGE | is what is read or loaded, name another file"})
    void refusesBadOptionsWithASentence(String options, String sentence) throws IOException {
        Path image = directory.resolve("disk.img");
        ImageFiles.create(image, 1 << 20, 512, false);
        String given = options.strip().replace("SAME", directory.resolve("same").toString()).replace("IMAGE",
                image.toString());
        assertRefused(CommandLineRun.of(("bench --image " + image + " " + given).split(" ")), sentence.strip());
        assertThat(directory.toFile().list()).containsExactly("disk.img");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--rate_iops 5", "--stage-latency", "--hgrm here", "--hlog here"})
    void theSuiteTakesNoneOfThem(String options) {
        assertRefused(CommandLineRun.of(("bench --suite limits " + options).split(" ")),
                "suite=limits decides itself how latency is taken, leave --rate_iops");
    }

    private static CommandLineRun bench(String... options) {
        List<String> args =
                new ArrayList<>(List.of("bench", "--image", "memory:16m", "--ramp_time", "0", "--number_ios",
                        "2000"));
        args.addAll(List.of(options));
        if (args.lastIndexOf("--number_ios") != args.indexOf("--number_ios")) {
            args.subList(5, 7).clear();
        }
        return CommandLineRun.of(args.toArray(String[]::new));
    }

    private static void assertRefused(CommandLineRun run, String sentence) {
        assertThat(run.err()).contains(sentence).startsWith("trilane: ").doesNotContain("\tat ");
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
    }
}
