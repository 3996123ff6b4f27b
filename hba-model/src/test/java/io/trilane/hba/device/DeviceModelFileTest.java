package io.trilane.hba.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DeviceModelFileTest {
    static List<DeviceModel> shipped() {
        return DeviceModels.all();
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void readsWhatItWrote(DeviceModel model) {
        assertThat(DeviceModelFile.parse("copy", DeviceModelFile.format(model).lines().toList())).isEqualTo(model);
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void whatIsNotMeasuredSaysSo(DeviceModel model) {
        assertThat(model.description()).startsWith("illustration, not measured: ");
    }

    @Test
    void readsUnitsAndComments() {
        DeviceModel model = parse("# mine", "", "name = mine", "rate = 1.5GB/s", "link=2GiB/s # wide", "read = 1.5us",
                "cache = 64MiB", "drain = 200MB/s", "stripe = 128k", "channels = 4");
        assertThat(model.name()).isEqualTo("mine");
        assertThat(model.member().bytesPerSecond()).isEqualTo(1_500_000_000L);
        assertThat(model.linkBytesPerSecond()).isEqualTo(2L << 30);
        assertThat(model.member().readNs()).isEqualTo(1500);
        assertThat(model.member().cache().bytes()).isEqualTo(64L << 20);
        assertThat(model.stripeBytes()).isEqualTo(128 << 10);
        assertThat(model.member().channels()).isEqualTo(4);
        assertThat(model.members()).isEqualTo(1);
        assertThat(model.stall()).isEqualTo(DeviceModel.Stall.NONE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rate = 5                | disk.model line 3: rate=5 is not a rate
            read = 5                | disk.model line 3: read=5 is not a time
            read = fast             | disk.model line 3: read=fast is not a time
            members = 1.5           | disk.model line 3: members=1.5 is not a whole number
            cache = 64 parsecs      | disk.model line 3: cache=64 parsecs is not a size
            colour = red            | disk.model line 3: key=colour is unknown, choose one of name, description, members
            no equals sign          | disk.model line 3: 'no equals sign' is not key = value
            link = 1GB/s            | disk.model line 3: key=link is given twice
            read = 99999999999999s  | disk.model line 3: read=99999999999999s is not a time
            """)
    void refusesAWrongLineWithItsNumber(String line, String message) {
        assertThatThrownBy(() -> parse("rate = 1GB/s", "link = 1GB/s", line))
                .isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            read = 1us        | disk.model: rate is missing, add a line such as rate = 500MB/s
            members = 0       | disk.model: members=0 not in 1..64
            stripe = 1000     | disk.model: stripe=1000 max-transfer=1048576 are not multiples of 512
            cache = 1m        | disk.model: drain is missing but cache=1048576 > 0
            stall-every = 1ms | disk.model: stall-for=1000000 ns >= stall-every=1000000 ns
            rotation = 4ms    | disk.model: channels=2 > 1 with seek and rotation
            seek-min = 4ms    | disk.model: seek-full=0 ns < seek-min=4000000 ns
            read = 2000s      | disk.model: read=2000000000000 ns not in 0..1000000000000 ns
            """)
    void refusesAWrongModel(String line, String message) {
        List<String> rest = line.startsWith("read = 1us") ? List.of("link = 1GB/s")
                : line.startsWith("stall") ? List.of("rate = 1GB/s", "link = 1GB/s", "stall-for = 1ms")
                : List.of("rate = 1GB/s", "link = 1GB/s", "channels = 2");
        List<String> lines = new ArrayList<>(rest);
        lines.add(line);
        assertThatThrownBy(() -> parse(lines.toArray(String[]::new))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void findsByNameOrFile(@TempDir Path directory) throws Exception {
        assertThat(DeviceModels.find("nvme-ssd").name()).isEqualTo("nvme-ssd");
        Path file = Files.writeString(directory.resolve("mine.model"), "rate = 1GB/s\nlink = 1GB/s\n");
        assertThat(DeviceModels.find(file.toString()).name()).isEqualTo(file.toString());
        assertThatThrownBy(() -> DeviceModels.find("floppy")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("device-model=floppy is neither a model nor a file, choose one of ultra320-hdd, "
                        + "raid0-userspace, sata-ssd, nvme-ssd, or name a file");
    }

    private static DeviceModel parse(String... lines) {
        return DeviceModelFile.parse("disk.model", List.of(lines));
    }
}
