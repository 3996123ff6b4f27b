package io.trilane.tools.initiator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.perf.harness.LoadDisk;
import io.trilane.tools.initiator.LoadDisks.Kind;
import io.trilane.tools.initiator.LoadDisks.Options;
import io.trilane.tools.initiator.file.FileLoadDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoadDisksTest {
    private static final Options PLAIN = new Options(false, true, false);
    private static final Options IMAGES = new Options(false, false, false);

    @TempDir
    private Path directory;

    private final List<String> opened = new ArrayList<>();
    private final LoadDisks disks = new LoadDisks((text, _) -> note("iscsi " + text),
            (text, _) -> note("image " + text));

    @ParameterizedTest
    @CsvSource({"iscsi://h/iqn.2026-01.x:y/0,ISCSI", "ISCSI://u%s@h/i/0,ISCSI", "nbd://h/x,NBD",
            "nbd+unix:///x?socket=/s,NBD", "nbds://h/x,NBD", "null:1g,IMAGE", "memory:1m,IMAGE", "/dev/sda,PATH",
            "disk.img,PATH", "a:b,PATH", "C:\\disk.img,PATH"})
    void knowsEachTarget(String text, Kind kind) {
        assertThat(LoadDisks.kind(text)).isEqualTo(kind);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://h/x", "rbd://pool/x", "vhost-user://s", "", " "})
    void refusesOthers(String text) {
        assertThatThrownBy(() -> disks.open(text, PLAIN)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("target=" + text + " is not known, write a path");
    }

    @ParameterizedTest
    @ValueSource(strings = {"iscsi:/u%topsecret@h/i/0", "ISCSI:u%topsecret@h/i/0", "isci://u%topsecret@h/i/0"})
    void aMisspeltSchemeShowsNoSecret(String text) {
        assertThatThrownBy(() -> disks.open(text, IMAGES)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("write ").hasMessageNotContaining("topsecret");
        assertThat(opened).isEmpty();
    }

    @Test
    void handsEachTargetToItsOpener() throws IOException {
        Path file = Files.write(directory.resolve("disk"), new byte[4096]);
        assertThatThrownBy(() -> disks.open("iscsi://h/i/0", PLAIN)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> disks.open("null:1g", PLAIN)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> disks.open(file.toString(), IMAGES)).isInstanceOf(UnsupportedOperationException.class);
        assertThat(opened).containsExactly("iscsi iscsi://h/i/0", "image null:1g", "image " + file);
        try (LoadDisk disk = disks.open(file.toString(), PLAIN)) {
            assertThat(disk).isInstanceOf(FileLoadDisk.class);
        }
        assertThatThrownBy(() -> disks.open("nbd+unix:///x?socket=" + directory.resolve("none"), PLAIN))
                .isInstanceOf(UncheckedIOException.class);
        assertThatThrownBy(() -> disks.open("nbds://h/x", PLAIN)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TLS");
    }

    private LoadDisk note(String what) {
        opened.add(what);
        throw new UnsupportedOperationException(what);
    }
}
