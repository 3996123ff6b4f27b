package io.trilane.hba.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SidecarTest {
    @TempDir
    Path directory;

    @Test
    void readsBackWhatItWrote() throws IOException {
        Sidecar sidecar = Sidecar.DEFAULT.withBlockBytes(4096).with(Sidecar.SERIAL, "S-1 = ü#").with(Sidecar.NAA, "5");
        sidecar.write(image());
        assertThat(Sidecar.read(image())).isEqualTo(sidecar);
        assertThat(Files.readString(directory.resolve("disk.img.trilane")))
                .endsWith("version = 1\nblock-size = 4096\nnaa = 5\nserial = S-1 = ü#\n");
        try (var files = Files.list(directory)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void isDefaultWhenAbsentAndAbsentWhenDefault() {
        assertThat(Sidecar.read(image())).isEqualTo(Sidecar.DEFAULT);
        assertThat(Sidecar.DEFAULT.blockBytes()).isEqualTo(512);
        Sidecar.DEFAULT.with(Sidecar.SERIAL, "1").write(image());
        Sidecar.read(image()).without(Sidecar.SERIAL).write(image());
        assertThat(Sidecar.path(image())).doesNotExist();
    }

    @Test
    void saysTheOptimalTransfer() throws IOException {
        assertThat(Sidecar.DEFAULT.optimalTransferBytes()).isEmpty();
        Files.writeString(Sidecar.path(image()), "version = 1\noptimal-transfer = 256k\n");
        assertThat(Sidecar.read(image()).optimalTransferBytes()).hasValue(256 << 10);
    }

    @Test
    void namesAnUnknownKey() throws IOException {
        Files.writeString(Sidecar.path(image()), "version = 1\ncolour = blue\n");
        assertThatThrownBy(() -> Sidecar.read(image())).isInstanceOf(ImageException.class)
                .hasMessageContaining("disk.img.trilane").hasMessageContaining("key=colour is unknown");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "serial = 1|version=null != 1", "version = 2|version=2 != 1",
            "version = 1;block-size = 1024|block-size=1024",
            "version = 1;optimal-transfer = 1000|optimal-transfer=1000 is not a multiple of 512",
            "version = 1;optimal-transfer = lots|size=lots is not a size",
            "version = 1;serial|line=2 has no '='",
            "version = 1;serial = 1;serial = 2|line=3 key=serial is there twice",
            "version = 1;serial =|key=serial has an empty value"})
    void refusesWhatItDoesNotUnderstand(String text, String message) throws IOException {
        Files.writeString(Sidecar.path(image()), text.replace(';', '\n'));
        assertThatThrownBy(() -> Sidecar.read(image())).isInstanceOf(ImageException.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesBytesThatAreNotText() throws IOException {
        Files.write(Sidecar.path(image()), new byte[]{(byte) 0xC3, 0x28});
        assertThatThrownBy(() -> Sidecar.read(image())).isInstanceOf(ImageException.class)
                .hasMessageContaining("UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " a", "a\nb = c"})
    void refusesValuesThatWouldNotReadBack(String value) {
        assertThatThrownBy(() -> Sidecar.DEFAULT.with(Sidecar.SERIAL, value)).isInstanceOf(ImageException.class);
    }

    private Path image() {
        return directory.resolve("disk.img");
    }
}
