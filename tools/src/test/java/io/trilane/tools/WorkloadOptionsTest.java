package io.trilane.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.hba.image.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadOptionsTest {
    @TempDir
    Path directory;

    @Test
    void mixesEverything() {
        CommandLineRun run = bench("--rw", "randrw", "--bssplit", "4k/60:64k/40", "--random_distribution", "zipf:1.2",
                "--fsync", "10", "--unmap-percent", "20");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("randrw 50% reads 20% unmaps fsync=10 zipf:1.2, bs=4k/60:64k/40",
                "read      IOPS=",
                "write     IOPS=", "flush     IOPS=", "unmap     IOPS=",
                "not measured: a copy has one length and no flushes or unmaps");
    }

    @ParameterizedTest
    @ValueSource(strings = {"trim", "randtrim"})
    void unmapsOnly(String mode) {
        CommandLineRun run = bench("--rw", mode, "--bs", "64k");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("unmap     IOPS=").doesNotContain("read      IOPS=", "write     IOPS=");
    }

    @Test
    void jsonHasFiosNamesForTheKinds() {
        CommandLineRun run = bench("--rw", "randwrite", "--fsync", "4", "--unmap-percent", "50", "--json", "-");
        assertThat(run.exitCode()).as(run.err()).isZero();
        Object json = Json.parse(run.out());
        double flushes = (double) Json.at(json, "jobs/0/sync/total_ios");
        double writes = (double) Json.at(json, "jobs/0/write/total_ios");
        double trims = (double) Json.at(json, "jobs/0/trim/total_ios");
        assertThat(flushes + writes + trims).isEqualTo(2000);
        assertThat(flushes).isBetween(writes / 4 - 5, writes / 4 + 5);
        assertThat(Json.at(json, "jobs/0/sync/lat_ns/N")).isNotEqualTo("null");
    }

    @Test
    void unmapsOfAnExistingFileNeedPermission() throws IOException {
        Path image = directory.resolve("disk.img");
        ImageFiles.create(image, 1 << 20, 512, false);
        byte[] before = new byte[1 << 20];
        Arrays.fill(before, (byte) 7);
        Files.write(image, before);
        for (String[] options : List.of(new String[]{"--rw", "randtrim"},
                new String[]{"--rw", "randread", "--unmap-percent", "1"})) {
            List<String> args = new ArrayList<>(List.of(options));
            args.addAll(List.of("--image", image.toString()));
            CommandLineRun run = CommandLineRun.of(withBench(args));
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err()).contains("would overwrite an existing file, add --allow-overwrite");
        }
        assertThat(Files.readAllBytes(image)).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "--bssplit 4k/50 | bssplit percentages add up to 50 != 100",
            "--bssplit 4k/50:1000/50 | bs=1000 is not a multiple of blockBytes=512",
            "--random_distribution zipf:0 | zipf:0 is out of range",
            "--random_distribution zipf:1.2 --rw read | rw=read is sequential",
            "--fsync 4 | fsync=4 rw=randread never writes",
            "--fsync -1 --rw write | fsync=-1 not in 0..65536",
            "--unmap-percent 101 | unmap-percent=101 not in 0..100",
            "--unmap-percent x | unmap-percent",
            "--verify crc32c --bssplit 4k:8k | only requests of one length can be checked",
            "--verify crc32c --rw randrw --unmap-percent 5 | unmaps take the stamps away",
            "--rw trim --copy-limit on | copy-limit=on cannot be measured"})
    void refusesWithTheNameOfTheOption(String options, String reason) {
        CommandLineRun run = bench(options.split(" "));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("trilane: ").contains(reason);
        assertThat(run.out()).isEmpty();
    }

    private static CommandLineRun bench(String... options) {
        List<String> args = new ArrayList<>(List.of(options));
        args.addAll(List.of("--image", "memory:16m"));
        return CommandLineRun.of(withBench(args));
    }

    private static String[] withBench(List<String> options) {
        List<String> args = new ArrayList<>(List.of("bench", "--ramp_time", "0", "--number_ios", "2000"));
        args.addAll(options);
        return args.toArray(String[]::new);
    }
}
