package io.trilane.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.hba.image.ImageFiles;
import io.trilane.hba.image.ImageRegistry;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BenchCommandTest {
    private static final long SIZE = 16 << 20;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"read", "write", "randread", "randwrite", "rw", "randrw"})
    void runsEveryModeOnASmallMemoryImage(String mode) {
        CommandLineRun run = bench("--image", "memory:16m", "--rw", mode, "--verify", "crc32c");
        assertThat(run.err()).doesNotContain("trilane:");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("rw".equals(mode) || "randrw".equals(mode) ? mode + " 50% reads" : mode + ", bs=4k")
                .contains("IOPS=", "latency mean=", "p99.9=", "CPU=", "allocation=", "all good");
    }

    @Test
    void withoutAnImageMakesChecksAndRemovesAStampedOne() {
        CommandLineRun run = bench("--size", "16m");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("temporary image of 16m, every block stamped, on ");
        assertThat(run.out()).contains("32768 blocks checked, all good");
    }

    @Test
    void theSuitePrintsARowForEveryGoal() {
        CommandLineRun run = CommandLineRun.of("bench", "--suite", "limits", "--size", "32m", "--runtime", "10ms",
                "--ramp_time", "0");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out().lines()).hasSize(1 + 7 * 2 + 2);
        assertThat(run.out()).contains("512 randread depth 32, x copy", "256k randwrite depth 8", "1m randread depth 4",
                "null image, one task / one 512 B copy", "4k randread, 2 jobs / 1 job");
    }

    @Test
    void jsonOnStandardOutputIsAllThereIs() {
        CommandLineRun run = bench("--image", "memory:16m", "--json", "-", "--copy-limit", "on", "--rw", "randrw");
        assertThat(run.exitCode()).isZero();
        Object json = Json.parse(run.out());
        for (String key : List.of("trilane version", "timestamp", "jobs/0/jobname", "jobs/0/read/io_bytes",
                "jobs/0/read/bw",
                "jobs/0/read/bw_bytes", "jobs/0/read/iops", "jobs/0/read/runtime", "jobs/0/read/total_ios",
                "jobs/0/read/clat_ns/min", "jobs/0/read/clat_ns/max", "jobs/0/read/clat_ns/mean",
                "jobs/0/read/clat_ns/stddev", "jobs/0/read/clat_ns/N", "jobs/0/read/clat_ns/percentile/50.000000",
                "jobs/0/read/clat_ns/percentile/99.900000", "jobs/0/write/iops",
                "jobs/0/write/clat_ns/percentile/99.000000",
                "jobs/0/usr_cpu", "jobs/0/sys_cpu", "trilane/copy_limit/ratio", "trilane/copy_limit/contender",
                "trilane/copy_limit/contenders/memcpy/ns_per_op",
                "trilane/copy_limit/contenders/segment/rounds_ns_per_op/4",
                "trilane/engine_ns_per_op/4", "trilane/rounds", "trilane/environment/processors", "trilane/seed",
                "trilane/images/0/name", "trilane/allocated_bytes_per_io", "trilane/verify/checked_blocks")) {
            assertThat(Json.at(json, key)).as(key).isNotEqualTo("null");
        }
        double reads = (double) Json.at(json, "jobs/0/read/total_ios");
        double writes = (double) Json.at(json, "jobs/0/write/total_ios");
        assertThat(reads + writes).isEqualTo(2000);
        assertThat(run.err()).contains("IOPS=");
    }

    @Test
    void jsonIntoAFile() throws IOException {
        Path file = directory.resolve("result.json");
        CommandLineRun run = bench("--image", "null:1g", "--json", file.toString(), "--numjobs", "2");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("a null image copies nothing");
        Object json = Json.parse(Files.readString(file));
        assertThat(Json.at(json, "jobs/1/jobname")).isEqualTo("job1");
        assertThat(Json.at(json, "trilane/copy_limit/reason")).isEqualTo("a null image copies nothing");
    }

    @Test
    void writesToAnExistingFileOnlyWhenAllowed() throws Exception {
        Path image = image();
        String before = digest(image);
        CommandLineRun refused = bench("--image", image.toString(), "--rw", "randwrite");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("rw=randwrite would overwrite", "--allow-overwrite");
        assertThat(digest(image)).isEqualTo(before);

        CommandLineRun allowed =
                bench("--image", image.toString(), "--rw", "randwrite", "--allow-overwrite", "--verify",
                        "crc32c");
        assertThat(allowed.exitCode()).isZero();
        assertThat(digest(image)).isNotEqualTo(before);
    }

    @Test
    void stampsAFileAndFindsWhatIsChangedLater() throws IOException {
        Path image = image();
        CommandLineRun unstamped = bench("--image", image.toString(), "--verify", "crc32c");
        assertThat(unstamped.exitCode()).isEqualTo(2);
        assertThat(unstamped.err()).contains("has no stamps to check");

        assertThat(CommandLineRun.of("bench", "--image", image.toString(), "--rw", "write", "--verify", "crc32c",
                "--allow-overwrite", "--ramp_time", "0").exitCode()).isZero();
        assertThat(bench("--image", image.toString(), "--rw", "read", "--verify", "crc32c").exitCode()).isZero();

        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.seek(777 * 512 + 100);
            int before = file.read();
            file.seek(777 * 512 + 100);
            file.write(before ^ 1);
        }
        CommandLineRun wrong =
                CommandLineRun.of("bench", "--image", image.toString(), "--rw", "read", "--verify", "crc32c",
                        "--ramp_time", "0", "--number_ios", "5000");
        assertThat(wrong.exitCode()).isEqualTo(1);
        assertThat(wrong.out()).contains("1 of ", "lba=777 corrupt: expected lba=777", "found lba=777");
        CommandLineRun json =
                CommandLineRun.of("bench", "--image", image.toString(), "--rw", "read", "--verify", "crc32c",
                        "--ramp_time", "0", "--runtime", "50ms", "--json", "-");
        assertThat(json.exitCode()).isEqualTo(1);
        assertThat(json.out()).contains("\"error\":84", "\"total_err\":1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "--foo | argument=--foo is unknown",
            "extra | jobfile=extra is no file, name a fio job file",
            "--rw sideways | rw=sideways is unknown, choose one of read",
            "--bs 0 | bs=0 < 1",
            "--bs 1000 | bs=1000 is not a multiple of blockBytes=512",
            "--bs 4q | bs=4q is not a size",
            "--bs 32m | bs=33554432 not in 1..16777216",
            "--size 0 | size=0 < 1",
            "--size 1000 | size=1000 is not a multiple of blockBytes=512",
            "--size 32m | --offset or --size",
            "--offset 100 | offset=100 is not a multiple",
            "--offset 16m | lower --offset",
            "--size 2k | size=2048 < bs=4096, choose a smaller --bs or a larger --size",
            "--iodepth 0 | iodepth=0 < 1",
            "--iodepth -5 | iodepth=-5 < 1",
            "--iodepth 65537 | iodepth=65537 > maxTasks=65536, lower --iodepth",
            "--iodepth 65536 --bs 1m | lower --iodepth or --bs",
            "--iodepth many | iodepth",
            "--bundle 33 | bundle=33 not in 1..32",
            "--bundle 0 | bundle=0 not in 1..32",
            "--numjobs 0 | numjobs=0 not in 1..256",
            "--numjobs 200 --bs 1m | lower --numjobs",
            "--rwmixread 101 --rw rw | rwmixread=101 not in 0..100",
            "--runtime 0 | runtime=0ns < 1ns",
            "--runtime soon | runtime=soon is not a time",
            "--ramp_time -1 | ramp_time=-1 is not a time",
            "--number_ios 0 | number_ios=0 < 1",
            "--threading loose | threading=loose is unknown",
            "--verify md5 | verify=md5 is unknown, choose crc32c",
            "--copy-limit maybe | copy-limit=maybe is unknown",
            "--suite all | suite=all is unknown",
            "--suite limits | leave --image out",
            "--json /nowhere/at/all.json | json=/nowhere/at/all.json is a directory or is in one that does not exist"})
    void refusesBadOptionsWithASentence(String options, String sentence) throws IOException {
        Path image = image();
        FileState before = FileState.of(image);
        String[] args = ("bench --image " + image + " " + options.strip()).split(" ");
        assertRefused(CommandLineRun.of(args), sentence.strip());
        assertThat(FileState.of(image)).isEqualTo(before);
    }

    @Test
    void refusesFilesThatAreNoUse() throws IOException {
        Path empty = Files.createFile(directory.resolve("empty.img"));
        Path small = Files.write(directory.resolve("small.img"), new byte[1024]);
        assertRefused(bench("--image", directory.resolve("none.img").toString()), "does not exist");
        assertRefused(bench("--image", directory.toString()), "is a directory");
        assertRefused(bench("--image", empty.toString()), "is empty");
        assertRefused(bench("--image", small.toString()), "size=1024 < bs=4096");
        assertRefused(bench("--image", "null:1000"), "size=1000");
        assertRefused(bench("--image", "null:1g", "--verify", "crc32c"), "keeps no data");
        assertRefused(bench("--image", small.toString(), "--image", small.toString(), "--bs", "512"), "is given twice");
        Path image = image();
        assertRefused(bench("--image", image.toString(), "--json", image.toString()),
                "is what is read or loaded, name another file");
        assertRefused(CommandLineRun.of("bench", "--suite", "limits", "--json", "-"), "leave --json out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"iscsi:/u%topsecret@h/i/0", "iscsi://u%topsecret@h/i/0"})
    void showsNoSecretOfADiskThatItDoesNotLoad(String image) {
        CommandLineRun run = bench("--image", image);
        assertRefused(run, "image begins with iscsi:");
        assertThat(run.err()).doesNotContain("topsecret");
    }

    @Test
    void refusesALockedFile() {
        Path image = image();
        try (var _ = new ImageRegistry().open(image, false, 0)) {
            assertRefused(bench("--image", image.toString()), "is in use by");
        }
    }

    private CommandLineRun bench(String... options) {
        List<String> args = new ArrayList<>(List.of("bench", "--ramp_time", "0", "--number_ios", "2000"));
        args.addAll(List.of(options));
        return CommandLineRun.of(args.toArray(String[]::new));
    }

    private Path image() {
        Path path = directory.resolve("disk.img");
        ImageFiles.create(path, SIZE, 512, false);
        return path;
    }

    private static void assertRefused(CommandLineRun run, String sentence) {
        assertThat(run.err()).contains(sentence).startsWith("trilane: ").doesNotContain("\tat ");
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
    }

    private static String digest(Path path) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path)));
    }

    private record FileState(long size, FileTime modified) {
        static FileState of(Path path) throws IOException {
            return new FileState(Files.size(path), Files.getLastModifiedTime(path));
        }
    }
}
