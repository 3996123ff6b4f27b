package io.trilane.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchDeviceOptionsTest {
    @TempDir
    Path directory;

    @Test
    void anImageIsAsSlowAsItsDevice() {
        long startNs = System.nanoTime();
        CommandLineRun run = bench("--image", "null:1g", "--device-model", "ultra320-hdd", "--iodepth", "1");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("IOPS=");
        // Ten requests of at least command, seek and link each.
        assertThat(System.nanoTime() - startNs).isGreaterThan(10 * 615_000L);
    }

    @Test
    void aFileDescribesADevice() throws IOException {
        Path file = Files.writeString(directory.resolve("quick.model"), "rate = 1GB/s\nlink = 1GB/s\nread = 20us\n");
        CommandLineRun run = bench("--image", "memory:16m", "--device-model", file.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        Files.writeString(file, "rate = 1GB/s\nlink = fast\n");
        CommandLineRun wrong = bench("--image", "memory:16m", "--device-model", file.toString());
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("quick.model line 2: link=fast is not a rate, such as 322.5MB/s or 3GiB/s");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --device-model floppy --image null:1g               | device-model=floppy is neither a model nor a file
            --device-model sata-ssd                             | image= is not one null: or memory: image
            --device-model sata-ssd --image disk.img            | image=disk.img is not one null: or memory: image
            --device-model sata-ssd --image null:1g --numjobs 2 | numjobs=2 > 1, a modelled device takes one job
            --device-model sata-ssd --image null:1g --verify crc32c | verify=crc32c reads behind the device's back
            --device-model sata-ssd --suite limits              | suite=limits measures the engine
            """)
    void refusesWhatAModelledDeviceCannotDo(String options, String message) {
        CommandLineRun run = bench(options.split(" "));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(message);
    }

    private static CommandLineRun bench(String... options) {
        List<String> all = new ArrayList<>(List.of("bench", "--ramp_time", "0", "--number_ios", "10"));
        all.addAll(List.of(options));
        return CommandLineRun.of(all.toArray(String[]::new));
    }
}
