package io.trilane.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.hba.image.ImageFiles;
import io.trilane.perf.report.TuneJson;
import io.trilane.perf.tune.Cell;
import io.trilane.perf.tune.CellResult;
import io.trilane.perf.tune.TuneResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(240)
class TuneCommandTest {
    private static final int SIZE = 4 << 20;
    private static final int MOST_COLUMNS = 120;
    private static final int MAX_REPORT_BYTES = 200_000;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"null:1g", "memory:16m"})
    void tunesAnImageInThisProcess(String target) {
        CommandLineRun run = tune(target, "--bundle", "1,8", "--numjobs", "1,2", "--json", json());
        TuneResult result = good(run);
        assertThat(result.target()).isEqualTo(target);
        assertThat(result.goal().sizes()).containsExactly(4096L, 65536L);
        assertThat(result.goal().depths()).containsExactly(1, 8);
        assertThat(result.cells().stream().map(CellResult::cell)).contains(new Cell(4096, 1, 1, 1),
                new Cell(65536, 8, 8, 1));
        assertThat(result.cells()).extracting(CellResult::errors).containsOnly(0L);
        assertThat(run.out()).startsWith(result.recommendation().orElseThrow().sentence())
                .contains("search ended: ", "95 % interval", "knee", "Little's law", "announce it", "VPD page B0",
                        "fio job file", "rw=randread", "DriverKit", "iB/s by size and depth");
        assertThat(run.out().lines()
                .filter(line -> line.matches("[*= ] [0-9]+ KiB +[0-9]+ +[0-9]+ +[0-9]+ +[0-9.]+ [GM]iB/s .*")))
                .hasSize(result.cells().size()).allMatch(row -> row.length() <= MOST_COLUMNS);
        assertThat(run.err().lines()).startsWith("coarse grid").allMatch(line -> !line.startsWith("trilane:"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--plain", "--plain --direct"})
    void aFileThatWasOnlyReadIsAsItWas(String how) throws IOException {
        Path image = image();
        byte[] before = Files.readAllBytes(image);
        FileTime modified = Files.getLastModifiedTime(image);
        TuneResult result = good(tune((image + " --allow-overwrite --json " + json() + " " + how).split(" ")));
        assertThat(result.target()).isEqualTo(image.toString());
        assertThat(result.notes()).anySatisfy(note -> assertThat(note)
                .contains(how.isEmpty() ? "tasks in flight in an engine" : "depth is made by threads"));
        assertThat(Files.readAllBytes(image)).isEqualTo(before);
        assertThat(Files.getLastModifiedTime(image)).isEqualTo(modified);
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("disk.img", "out.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--plain"})
    void aFileIsOverwrittenWhenItMayBe(String how) throws IOException {
        Path image = image();
        byte[] before = Files.readAllBytes(image);
        TuneResult result = good(tune(
                (image + " --rw randwrite --bs 64k --allow-overwrite --json " + json() + " " + how).strip()
                        .split(" ")));
        assertThat(result.goal().mode().option()).isEqualTo("randwrite");
        assertThat(Files.size(image)).isEqualTo(SIZE);
        byte[] after = Files.readAllBytes(image);
        int changed = 0;
        for (int at = 0; at < SIZE; at += 65536) {
            changed += Arrays.mismatch(before, at, at + 65536, after, at, at + 65536) >= 0 ? 1 : 0;
        }
        assertThat(changed).as("of 64 places written at random").isGreaterThan(32);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nbd", "iscsi"})
    void tunesADiskThatIsServed(String protocol) throws IOException {
        Path image = image();
        byte[] before = Files.readAllBytes(image);
        try (DiskServer server = serve(image)) {
            String uri = server.uris().get(protocol).getFirst();
            assertThat(uri).startsWith(protocol.equals("nbd") ? "nbd+unix:///" : "iscsi://127.0.0.1:");
            CommandLineRun refused = tune(uri, "--rw", "randwrite", "--json", json());
            assertThat(refused.err()).isEqualTo("trilane: target=" + uri
                    + " rw=randwrite would overwrite what is there, add --allow-overwrite if it may go\n");
            assertThat(refused.exitCode()).isEqualTo(2);

            TuneResult result = good(tune(uri, "--json", json()));
            assertThat(result.target()).isEqualTo(uri);
            assertThat(result.cells()).extracting(CellResult::errors).containsOnly(0L);
            assertThat(Files.readAllBytes(image)).isEqualTo(before);

            assertThat(good(tune(uri, "--rw", "randwrite", "--allow-overwrite", "--json", json())).cells())
                    .isNotEmpty();
        }
        assertThat(Files.readAllBytes(image)).isNotEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ultra320-hdd", "raid0-userspace", "sata-ssd", "nvme-ssd"})
    void aModelledDeviceGivesTheSameBytesTwice(String model) throws IOException {
        Path again = directory.resolve("again.json");
        TuneResult result = good(tune("--device-model", model, "--json", json()));
        assertThat(tune("--device-model", model, "--json", again.toString()).exitCode()).isZero();
        assertThat(again).hasSameBinaryContentAs(Path.of(json()));
        assertThat(result.target()).isEqualTo(model);
        assertThat(result.notes()).anySatisfy(
                note -> assertThat(note).contains("modelled device in simulated time: illustration, not measured"));
        assertThat(TuneJson.read(Path.of(json())).when()).isEmpty();

        Path other = directory.resolve("other.json");
        assertThat(tune("--device-model", model, "--randseed", "2", "--json", other.toString()).exitCode()).isZero();
        assertThat(Files.readString(other)).isNotEqualTo(Files.readString(again));
    }

    @Test
    void aModelledDeviceTakesItsTimeWhenAsked() throws IOException {
        long began = System.nanoTime();
        TuneResult result = good(
                tune("--device-model", "nvme-ssd", "--real-time", "--budget", "1s", "--json", json()));
        assertThat(System.nanoTime() - began).isGreaterThan(result.spentNs()).isGreaterThan(300_000_000L);
        assertThat(result.notes()).anySatisfy(note -> assertThat(note).contains("modelled device in real time"));
        assertThat(TuneJson.read(Path.of(json())).when()).isPresent();
    }

    @Test
    void anObjectiveThatCanBeMetIsMet() {
        CommandLineRun run = tune("--device-model", "sata-ssd", "--slo", "p99<400us", "--json", json());
        TuneResult result = good(run);
        CellResult chosen = result.recommendation().orElseThrow().chosen();
        assertThat(chosen.meetsObjective()).isTrue();
        assertThat(chosen.objectiveNs().median()).isPositive().isLessThan(400_000);
        assertThat(result.cells()).anyMatch(cell -> !cell.meetsObjective());
        assertThat(run.out()).startsWith("use ").contains("! objective missed");
    }

    @Test
    void anObjectiveThatNobodyMeetsIsAFailureThatNamesTheClosest() throws IOException {
        CommandLineRun run = tune("--device-model", "ultra320-hdd", "--slo", "p99<10us", "--json", json());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).startsWith("no cell meets p99<10.0 us; the closest is ")
                .containsPattern("the closest is [0-9]+ KiB x 1: p99 [0-9.]+ ms, ").doesNotContain("announce it");
        TuneResult result = TuneJson.read(Path.of(json())).result();
        assertThat(result.recommendation()).isEmpty();
        assertThat(result.cells()).isNotEmpty().noneMatch(CellResult::meetsObjective);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null:64m", "memory:32m"})
    void twoTargetsAreTunedAndMeasuredInAlternation(String other) {
        CommandLineRun run = tune("memory:16m", "--against", other, "--bs", "64k");
        assertThat(run.exitCode()).as(run.err()).isZero();
        List<String> lines = run.out().lines().toList();
        assertThat(lines).anySatisfy(line -> assertThat(line).startsWith("memory:16m, randread, "))
                .anySatisfy(line -> assertThat(line).startsWith(other + ", randread, "));
        assertThat(lines.get(lines.size() - 3)).startsWith("memory:16m at 64k x ").contains("iB/s (95 %: ");
        assertThat(lines.get(lines.size() - 2)).startsWith(other + " at 64k x ").contains("iB/s (95 %: ");
        assertThat(lines.getLast()).startsWith("side by side: memory:16m ").contains(other, "ratio ", "(95 %: ",
                ", 15 alternating rounds");
        if (other.startsWith("null:")) {
            // What copies nothing is faster, by far.
            assertThat(lines.getLast()).contains("is slower than null:64m");
        }
    }

    @Test
    void everyOutputIsWrittenWholeAndReadsBack() throws IOException {
        Path csv = directory.resolve("out.csv");
        Path page = directory.resolve("out.html");
        Path plots = directory.resolve("deep/plots");
        TuneResult result = good(tune("--device-model", "sata-ssd", "--json", json(), "--csv", csv.toString(),
                "--report", page.toString(), "--svg", plots.toString()));
        assertThat(Files.readAllLines(csv)).hasSize(1 + result.cells().size());
        assertThat(Files.readString(page)).startsWith("<!DOCTYPE html>").contains("<svg", "trilane-tune")
                .endsWith("</html>\n");
        assertThat(Files.size(page)).isLessThan(MAX_REPORT_BYTES);
        assertThat(plots.toFile().list()).containsExactlyInAnyOrder("throughput.svg", "latency.svg", "curves.svg",
                "percentiles.svg", "time.svg");
        assertThat(Files.readString(plots.resolve("curves.svg"))).contains("<svg").endsWith("</svg>\n");
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("out.json", "out.csv", "out.html", "deep");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--json", "--csv", "--report"})
    void standardOutputIsForTheProgramAndStandardErrorForPeople(String option) {
        CommandLineRun run = tune("--device-model", "sata-ssd", option, "-");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("coarse grid", "use ", "95 % interval", "iB/s by size and depth");
        switch (option) {
            case "--json" -> assertThat(TuneJson.read("-", run.out().getBytes(StandardCharsets.UTF_8)).result().cells())
                    .isNotEmpty();
            case "--csv" -> assertThat(run.out().lines().toList()).hasSizeGreaterThan(4)
                    .allSatisfy(line -> assertThat(line).doesNotContain(" "));
            default -> assertThat(run.out()).startsWith("<!DOCTYPE html>").endsWith("</html>\n");
        }
    }

    private TuneResult good(CommandLineRun run) {
        assertThat(run.exitCode()).as(run.err() + run.out()).isZero();
        TuneResult result = TuneJson.read(Path.of(json())).result();
        assertThat(result.isComplete()).isTrue();
        assertThat(result.recommendation()).isPresent();
        return result;
    }

    /// With a small grid, as far as `options` do not say otherwise.
    private static CommandLineRun tune(String... options) {
        List<String> args = new ArrayList<>(List.of("tune"));
        args.addAll(List.of(options));
        String[] small = {"--bs", "4k,64k", "--iodepth", "1,8", "--bundle", "8", "--numjobs", "1", "--budget", "1s"};
        for (int i = 0; i < small.length; i += 2) {
            if (!args.contains(small[i])) {
                args.addAll(List.of(small[i], small[i + 1]));
            }
        }
        return CommandLineRun.of(args.toArray(String[]::new));
    }

    private String json() {
        return directory.resolve("out.json").toString();
    }

    private Path image() throws IOException {
        Path image = directory.resolve("disk.img");
        ImageFiles.create(image, SIZE, 512, false);
        byte[] content = new byte[SIZE];
        new Random(5).nextBytes(content);
        return Files.write(image, content);
    }

    private DiskServer serve(Path image) throws IOException {
        ServeOptions options = new ServeOptions();
        options.images.add(image.toString());
        options.iscsi = "127.0.0.1:0";
        options.nbd = "unix:" + directory.resolve("nbd");
        options.countersDirectory = directory.resolve("counters");
        return DiskServer.start(ServePlan.of(options), _ -> {});
    }
}
