package io.trilane.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.hba.image.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `trilane tune` does not begin: one sentence, and nothing is written.
@Timeout(120)
class TuneRefusalTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "IMAGE --rw randwrite | rw=randwrite would overwrite what is there, add --allow-overwrite if it may go",
            "IMAGE --rw randrw | rw=randrw would overwrite what is there, add --allow-overwrite",
            "IMAGE --rw write --plain | rw=write would overwrite what is there, add --allow-overwrite",
            "memory:16m --against IMAGE --rw write | IMAGE rw=write would overwrite what is there",
            "IMAGE --rw trim --allow-overwrite | rw=trim moves no bytes, choose one of read, write, randread, randwrite, rw, randrw",
            "null:1g --rw randtrim | rw=randtrim moves no bytes, choose one of",
            "null:1g --device-model nvme-ssd --rw trim | rw=trim moves no bytes",
            "null:1g --rw sideways | rw=sideways is unknown, choose one of read",
            "null:1g --rwmixread 101 --rw rw | rwmixread=101 not in 0..100, choose a percentage",
            "none.img | none.img does not exist",
            "none.img --plain | target=none.img does not exist, name a file or a block device",
            "DIRECTORY | is a directory",
            "DIRECTORY --plain | is neither a file nor a block device",
            "ftp://host/disk | target=ftp://host/disk is not known, write a path, null:SIZE, memory:SIZE",
            "null:1000 | size=1000",
            "nbd://host:99999/x | nbd://host:99999/x",
            "iscsi://host/disk | target has parts=2 != 3 between slashes, write iscsi://",
            "IMAGE --direct | direct=true needs plain=true, add --plain",
            "IMAGE --real-time | real-time=true needs a device model, add --device-model NAME",
            "IMAGE --plain --device-model nvme-ssd | plain=true and device-model=nvme-ssd exclude each other",
            "null:1g --plain | plain=true needs a file or a block device, leave --plain out or name one",
            "IMAGE --plain --against null:1g | plain=true needs a file or a block device",
            "IMAGE --device-model nvme-ssd | device-model=nvme-ssd needs a target that holds bytes in this process, choose null:SIZE",
            "null:1g --device-model floppy | device-model=floppy is neither a model nor a file, choose one of ultra320-hdd, raid0",
            "null:1g --device-model nvme-ssd --against null:2g | device-model=nvme-ssd would be compared with itself, leave --against",
            "null:1g --bs , | bs= is not a size",
            "null:1g --bs 64k..4k | bs=64k..4k begins above its end, write it the other way round",
            "null:1g --bs 1000 | bs=[1000] cannot be had on this disk",
            "null:1g --bs 32m | cannot be had on this disk",
            "null:4k --bs 8k | cannot be had on this disk",
            "null:1g --iodepth 0 | iodepth=0 is not a positive number",
            "null:1g --iodepth many | iodepth=many is not a positive number, write a list such as 1,8,32 or 1..64",
            "null:1g --iodepth 8..1 | iodepth=8..1 begins above its end",
            "null:1g --iodepth 999999 | cannot be had on this disk",
            "null:1g --bundle 1,, | bundle= is not a positive number",
            "null:1g --numjobs -1 | numjobs=-1 is not a positive number",
            "null:1g --device-model nvme-ssd --numjobs 2 | cannot be had on this disk",
            "null:1g --slo fast | slo=fast is not a latency objective, write a percentile < a time",
            "null:1g --slo p101<5us | slo=p101<5us percentile=101 not in 0..100",
            "null:1g --budget 0 | budget=0 ns < 1.00 ms, raise --budget",
            "null:1g --budget 999us | budget=999 us < 1.00 ms, raise --budget",
            "null:1g --budget soon | budget=soon is not a time",
            "null:1g --randseed x | randseed",
            "null:1g extra | argument=extra is unknown",
            "null:1g --foo | argument=--foo is unknown",
            "IMAGE --json IMAGE | json=IMAGE is what is read or loaded, name another file",
            "IMAGE --plain --csv IMAGE | csv=IMAGE is what is read or loaded, name another file",
            "null:1g --json DIRECTORY | json=DIRECTORY is a directory or is in one that does not exist, name a file",
            "null:1g --report DIRECTORY/none/page | is a directory or is in one that does not exist, name a file",
            "null:1g --json - --csv - | csv=- standard output is taken already, name a file",
            "null:1g --json DIRECTORY/a --report DIRECTORY/./a | report=DIRECTORY/./a is what json names, name another file",
            "null:1g --svg IMAGE | svg=IMAGE is not a directory or is in a file, name a directory",
            "null:1g --svg IMAGE/plots | svg=IMAGE/plots is not a directory or is in a file",
            "null:1g --against null:1g --json - | targets=2: a comparison prints text only, leave --json, --csv, --report and --svg out",
            "null:1g --against null:1g --svg plots | a comparison prints text only"})
    void refusesWithASentence(String options, String sentence) throws IOException {
        Path image = image();
        byte[] before = Files.readAllBytes(image);
        FileTime modified = Files.getLastModifiedTime(image);
        assertRefused(sentence.strip(), options.strip().split(" "));
        assertThat(Files.readAllBytes(image)).isEqualTo(before);
        assertThat(Files.getLastModifiedTime(image)).isEqualTo(modified);
    }

    @Test
    void aListMayNotBeEmpty() throws IOException {
        Path _ = image();
        assertRefused("bs= is not a size", "null:1g", "--bs", "");
        assertRefused("iodepth= is not a positive number", "null:1g", "--iodepth", "");
        assertRefused("target= is not known", "");
    }

    @Test
    void refusalsHappenWhenOutputsAreAskedForToo() throws IOException {
        Path image = image();
        assertRefused("would overwrite what is there", image.toString(), "--rw", "write", "--json",
                directory + "/out.json", "--csv", directory + "/out.csv", "--report", directory + "/out.html", "--svg",
                directory + "/plots");
        assertRefused("budget=1.00 us < 1.00 ms", "null:1g", "--budget", "1us", "--svg", directory + "/plots", "--json",
                directory + "/out.json");
    }

    @Test
    void aServerThatIsNotThereIsAFailureInOneLine() throws IOException {
        Path _ = image();
        for (String target : List.of("nbd+unix:///x?socket=" + directory + "/none", "nbd://127.0.0.1:1/x",
                "iscsi://127.0.0.1:1/iqn.2026-01.io.trilane:disk/0")) {
            CommandLineRun run = tune(target, "--json", directory + "/out.json");
            assertThat(run.err()).startsWith("trilane: failed: ")
                    .contains(target + (target.startsWith("nbd") ? " cannot be opened: " : ": "));
            assertThat(run.err().lines()).hasSize(1);
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).isEmpty();
        }
        assertThat(directory.toFile().list()).containsExactly("disk.img");
    }

    @Test
    void aSecretIsNotRepeated() throws IOException {
        Path _ = image();
        for (String options : List.of("", "--plain", "--device-model nvme-ssd", "--rw write",
                "--against null:1g --json -")) {
            List<String> args =
                    new ArrayList<>(List.of("iscsi://me%geheimgeheim@127.0.0.1:1/iqn.2026-01.io.trilane:d/0"));
            args.addAll(Arrays.stream(options.split(" ")).filter(option -> !option.isEmpty()).toList());
            CommandLineRun run = tune(args.toArray(String[]::new));
            assertThat(run.exitCode()).isNotZero();
            assertThat(run.err()).startsWith("trilane: ").doesNotContain("geheim");
        }
    }

    private void assertRefused(String sentence, String... options) {
        CommandLineRun run = tune(options);
        assertThat(run.err()).contains(placed(sentence)).startsWith("trilane: ").doesNotContain("\tat ");
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(directory.toFile().list()).containsExactly("disk.img");
    }

    private CommandLineRun tune(String... options) {
        List<String> args = new ArrayList<>(List.of("tune"));
        Arrays.stream(options).map(this::placed).forEach(args::add);
        return CommandLineRun.of(args.toArray(String[]::new));
    }

    private String placed(String text) {
        return text.replace("IMAGE", directory.resolve("disk.img").toString()).replace("DIRECTORY",
                directory.toString());
    }

    private Path image() {
        Path image = directory.resolve("disk.img");
        ImageFiles.create(image, 1 << 20, 512, false);
        return image;
    }
}
