package io.trilane.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.trilane.hba.image.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobFileRunsTest {
    @TempDir
    Path directory;

    @Test
    void everyOptionThatExistsBecomesItsArgument() {
        JobFileRuns runs = runs("""
                [global]
                ioengine=libaio
                direct=1
                group_reporting
                [mixed]
                filename=disk.img
                readwrite=randrw
                rwmixread=70
                bssplit=4k/60:64k/40
                random_distribution=zipf:1.2
                iodepth=16
                iodepth_batch=8
                numjobs=2
                offset=1m
                size=64m
                runtime=30
                ramp_time=2s
                time_based=1
                randseed=7
                fsync=100
                rate_iops=5000
                rate_process=poisson
                sync=dsync
                description=anything at all, 100%
                """);
        assertThat(runs.runs()).containsExactly(new JobFileRuns.Run("mixed", List.of("--image=disk.img",
                "--rw=randrw", "--iodepth=16", "--ramp_time=2s", "--rwmixread=70", "--bssplit=4k/60:64k/40",
                "--random_distribution=zipf:1.2", "--bundle=8", "--numjobs=2", "--offset=1m", "--size=64m",
                "--runtime=30", "--randseed=7", "--fsync=100", "--rate_iops=5000", "--rate_process=poisson", "--fua"),
                false));
        assertThat(runs.notes()).containsExactly(
                "ioengine=libaio is ignored: requests go through the engine",
                "direct=1 is ignored: images are mapped memory, there is no cache to go round",
                "group_reporting is ignored: jobs are reported together and one by one",
                "[mixed] each of the 2 jobs has a part of the file for itself, in fio they share it");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "time_based | --rw=read --iodepth=1 --ramp_time=0",
            "size=1m | --rw=read --iodepth=1 --ramp_time=0 --size=1m --number_ios=256",
            "size=1m;bs=512 | --rw=read --iodepth=1 --ramp_time=0 --size=1m --bs=512 --number_ios=2048",
            "size=1m;time_based | --rw=read --iodepth=1 --ramp_time=0 --size=1m",
            "size=1m;number_ios=5 | --rw=read --iodepth=1 --ramp_time=0 --size=1m --number_ios=5",
            "size=1k;time_based=0 | --rw=read --iodepth=1 --ramp_time=0 --size=1k --number_ios=1",
            "time_based;rw=randtrim;rw=write | --rw=write --iodepth=1 --ramp_time=0",
            "time_based;rwmixwrite=30 | --rw=read --iodepth=1 --ramp_time=0 --rwmixread=70",
            "time_based;bs=8k,8k | --rw=read --iodepth=1 --ramp_time=0 --bs=8k",
            "time_based;sync=1;sync=0 | --rw=read --iodepth=1 --ramp_time=0",
            "time_based;verify=crc32c;timeout=5 | --rw=read --iodepth=1 --ramp_time=0 --verify=crc32c --runtime=5",
            "time_based;filename=null:1g | --image=null:1g --rw=read --iodepth=1 --ramp_time=0",
            "time_based;filename=a:b\\:c | --image=a --image=b:c --rw=read --iodepth=1 --ramp_time=0",
            "time_based;fdatasync=4;fsync=5 | --rw=read --iodepth=1 --ramp_time=0 --fsync=5"})
    void defaultsAndOrderAreFios(String lines, String arguments) {
        assertThat(String.join(" ", runs("[a]\n" + lines.replace(';', '\n')).runs().getFirst().arguments()))
                .isEqualTo(arguments);
    }

    @ParameterizedTest
    @CsvSource({"iscsi://u%topsecret@h/i/0", "a:iscsi:/u%topsecret@h/i/0", "ISCSI\\://u%topsecret@h/i/0"})
    void showsNoSecretOfADiskThatItDoesNotLoad(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> runs("[a]\ntime_based\nfilename=" + name))
                .withMessageStartingWith("line 3: filename names an iSCSI disk").withMessageNotContaining("topsecret");
    }

    @Test
    void listsEverythingThatDoesNotExistInOneMessage() {
        assertThatIllegalArgumentException().isThrownBy(() -> runs("""
                [global]
                thinktime=5
                [a]
                bs=4q
                zonemode=zbd
                cpus_allowed=0-3
                [b]
                rw=trimwrite
                bsrange=4k-8k
                """)).withMessage("line 2: thinktime does not exist here, limit requests with rate_iops; "
                + "line 4: bs=4q is not a size, write 4096, 4k, 1m, 1g or 1t; "
                + "line 5: zonemode does not exist here, use random_distribution; "
                + "line 6: cpus_allowed does not exist here, remove it; "
                + "line 8: rw=trimwrite is unknown, choose one of read, write, randread, randwrite, rw, randrw, trim, "
                + "randtrim; "
                + "line 9: bsrange does not exist here, name the lengths with bssplit; "
                + "line 7: [b] runs at the same time as [a] in fio and after it here, add stonewall, or use numjobs");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "bs=4k,64k | line 2: bs=4k,64k has a value for each kind of request",
            "bs | line 2: bs has no value, write bs=value",
            "bs=0 | line 2: bs=0 < 1",
            "bs=32m | line 2: bs=33554432 not in 1..16777216",
            "bssplit=4k/50 | line 2: bssplit percentages add up to 50",
            "size=50% | line 2: size=50% is not a size",
            "size=0 | line 2: size=0 < 1",
            "runtime=soon | line 2: runtime=soon is not a time",
            "iodepth=many | line 2: iodepth=many is not a number",
            "rwmixread=101 | line 2: rwmixread=101 is not a number, write one of 0..100",
            "rwmixwrite=101 | line 2: rwmixwrite=101 is not a number",
            "verify=md5 | line 2: verify=md5 is unknown, choose crc32c",
            "sync=maybe | line 2: sync=maybe is unknown",
            "stonewall=2 | line 2: stonewall=2 is unknown, choose 0, 1",
            "rate_process=none | line 2: rate_process=none is unknown, choose linear, poisson",
            "random_distribution=zoned:1/2 | line 2: random_distribution=zoned:1/2 is unknown",
            "filename=${HOME}/a | line 2: filename=${HOME}/a has a variable"})
    void refusesAWrongValueByItsLine(String line, String reason) {
        assertThatIllegalArgumentException().isThrownBy(() -> runs("[a]\n" + line + "\ntime_based"))
                .withMessageStartingWith(reason);
    }

    @Test
    void runsTheJobsOfAFileOneAfterTheOther() throws IOException {
        ImageFiles.create(directory.resolve("disk.img"), 16 << 20, 512, false);
        Path file = file("""
                [global]
                filename=%s
                size=1m
                [fill]
                rw=write
                bs=64k
                fsync=4
                [skewed]
                stonewall
                rw=randread
                bssplit=4k/50:8k/50
                random_distribution=pareto:0.2
                """.formatted(directory.resolve("disk.img")));
        CommandLineRun refused = CommandLineRun.of("bench", file.toString());
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("would overwrite an existing file, add --allow-overwrite");

        CommandLineRun run = CommandLineRun.of("bench", file.toString(), "--allow-overwrite", "--iodepth", "4");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).contains("job fill: ", "job skewed: ");
        assertThat(run.out()).contains("write fsync=4, bs=64k, iodepth=4", "flush     IOPS=",
                "randread pareto:0.2, bs=4k/50:8k/50, iodepth=4");
        assertThat(run.out().indexOf("workload  write")).isLessThan(run.out().indexOf("workload  randread"));
    }

    @Test
    void looksAtEveryJobBeforeItRunsTheFirst() throws IOException {
        Path file = file("[a]\nfilename=memory:1m\nsize=1m\n[b]\nstonewall\nfsync=3\nrw=read\nsize=1m\n");
        CommandLineRun run = CommandLineRun.of("bench", file.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).isEqualToIgnoringNewLines(
                "trilane: job=b fsync=3 rw=read never writes, leave --fsync out or choose a mode that writes");
        assertThat(run.out()).isEmpty();
    }

    /// Each is legal by itself for the parser; the first job must not run.
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "rate_process=poisson;filename=memory:1m | rate_process=poisson without a rate, add --rate_iops",
            "rw=write;filename=IMAGE | would overwrite an existing file, add --allow-overwrite",
            "filename=NONE | does not exist",
            "bs=2m;filename=memory:1m | choose a smaller --bs",
            "verify=crc32c;filename=null:1m | keeps no data",
            "bs=1000 | bs=1000 is not a multiple of blockBytes=512"})
    void whatTheLastJobWouldBeRefusedForIsSaidFirst(String lines, String reason) throws IOException {
        Path image = directory.resolve("disk.img");
        ImageFiles.create(image, 1 << 20, 512, false);
        String last = lines.replace(';', '\n').replace("IMAGE", image.toString()).replace("NONE",
                directory.resolve("none.img").toString());
        Path file = file("[a]\nfilename=memory:1m\nnumber_ios=1\n[b]\nstonewall\ntime_based\nruntime=10ms\n" + last);
        CommandLineRun run = CommandLineRun.of("bench", file.toString());
        assertThat(run.err()).startsWith("trilane: job=b ").contains(reason).doesNotContain("job a");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void looksAtPlacesAndDevicesBeforeItRunsTheFirst() throws IOException {
        Path file = file("[a]\nfilename=null:1g\nnumber_ios=1\n[b]\nstonewall\nfilename=null:1g\nnumjobs=2\n"
                + "number_ios=1\n");
        CommandLineRun run = CommandLineRun.of("bench", file.toString(), "--device-model", "nvme-ssd");
        assertThat(run.err()).startsWith("trilane: job=b numjobs=2 > 1, a modelled device takes one job");
        Path one = file("[a]\nfilename=null:1g\nnumber_ios=1\n");
        assertRefused("job=a hgrm=/nowhere/at/all is a directory or is in one that does not exist", one.toString(),
                "--hgrm", "/nowhere/at/all");
        assertRefused("job=a ", one.toString(), "--device-model", "nothing");
    }

    @ParameterizedTest
    @CsvSource({"--bs,8k", "--size,2m", "--bssplit,4k/50:8k/50"})
    void aPassOfTheFileIsNotMixedWithLengthsFromOutside(String option, String value) throws IOException {
        Path file = file("[a]\nfilename=memory:4m\nsize=1m\n");
        assertRefused("job=a " + option.substring(2) + " would change how many requests are one pass over its size",
                file.toString(), option, value);
        CommandLineRun counted = CommandLineRun.of("bench", file.toString(), option, value, "--number_ios", "7");
        assertThat(counted.exitCode()).as(counted.err()).isZero();
        Path timed = file("[a]\nfilename=memory:4m\nsize=1m\ntime_based\nruntime=10ms\n");
        CommandLineRun free = CommandLineRun.of("bench", timed.toString(), option, value);
        assertThat(free.exitCode()).as(free.err()).isZero();
    }

    @Test
    void refusesWhatIsNoJobFile() throws IOException {
        assertRefused("jobfile=" + directory + " is no file", directory.toString());
        assertRefused("jobfile=nothing.fio is no file, name a fio job file", "nothing.fio");
        Path huge = directory.resolve("huge.fio");
        Files.write(huge, new byte[(1 << 20) + 1]);
        assertRefused("size=1048577 > 1048576", huge.toString());
        Path file = file("[a]\nzoom=1\n");
        assertRefused("jobfile=" + file + " line 2: zoom does not exist here, remove it", file.toString());
        Path two = file("[a]\nsize=1m\n[b]\nstonewall\nsize=1m\n");
        assertRefused("json holds one result and the file has 2 jobs", two.toString(), "--json", "-");
        assertRefused("hgrm holds one result and the file has 2 jobs", two.toString(), "--hgrm", "here");
        assertRefused("hlog holds one result and the file has 2 jobs", two.toString(), "--hlog", "here");
        assertRefused("leave the job file or --suite out", two.toString(), "--suite", "limits");
    }

    private static void assertRefused(String reason, String... options) {
        String[] args = new String[options.length + 1];
        args[0] = "bench";
        System.arraycopy(options, 0, args, 1, options.length);
        CommandLineRun run = CommandLineRun.of(args);
        assertThat(run.err()).startsWith("trilane: ").contains(reason);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("job.fio"), text);
    }

    private static JobFileRuns runs(String text) {
        return JobFileRuns.of(JobFile.parse(text));
    }
}
