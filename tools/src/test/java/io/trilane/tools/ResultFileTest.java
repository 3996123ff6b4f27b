package io.trilane.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFileTest {
    @TempDir
    Path directory;

    @Test
    void writesAFileAndReplacesItAsAWhole() throws IOException {
        Path path = directory.resolve("out.json");
        ResultFile file = ResultFile.of("json", path.toString(), List.of());
        assertThat(path).doesNotExist();
        file.write("a longer first result".getBytes(UTF_8));
        file.write("second".getBytes(UTF_8));
        assertThat(path).hasContent("second");
        assertThat(directory.toFile().list()).containsExactly("out.json");
    }

    @Test
    void othersMayReadItAsTheyMayReadAnyFile() throws IOException {
        Path path = directory.resolve("out.json");
        Path usual = Files.createFile(directory.resolve("usual"));
        ResultFile.of("json", path.toString(), List.of()).write(new byte[1]);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo(PosixFilePermissions.toString(Files.getPosixFilePermissions(usual)));
    }

    @Test
    void aSymbolicLinkStaysOne() throws IOException {
        Path real = Files.writeString(directory.resolve("real"), "before");
        Path link = Files.createSymbolicLink(directory.resolve("link"), real);
        ResultFile.of("csv", link.toString(), List.of()).write("after".getBytes(UTF_8));
        assertThat(link).isSymbolicLink();
        assertThat(real).hasContent("after");
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("real", "link");
    }

    @Test
    void aDeviceIsWrittenToAndStaysOne() throws IOException {
        ResultFile.of("report", "/dev/null", List.of()).write(new byte[100]);
        assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
        ResultFile full = ResultFile.of("report", "/dev/full", List.of());
        assertThatThrownBy(() -> full.write(new byte[100])).isInstanceOf(IOException.class)
                .hasMessageStartingWith("report=/dev/full cannot be written (");
    }

    @Test
    void whatCannotBeStoredIsSaidAndNothingIsLeft() throws IOException {
        Path inside = Files.createDirectory(directory.resolve("inside"));
        ResultFile file = ResultFile.of("json", inside.resolve("out").toString(), List.of());
        Files.delete(inside);
        assertThatThrownBy(() -> file.write(new byte[1])).isInstanceOf(IOException.class)
                .hasMessageStartingWith("json=" + inside.resolve("out") + " cannot be written (");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void refusesWhatIsNoPlaceForAFile() throws IOException {
        String sentence = " is a directory or is in one that does not exist, name a file";
        assertRefused(directory.toString(), "json=" + directory + sentence);
        assertRefused(directory + "/none/out", "json=" + directory + "/none/out" + sentence);
        assertRefused("/", "json=/" + sentence);
        assertRefused("", "json=" + sentence);
        Path file = Files.createFile(directory.resolve("file"));
        assertRefused(file + "/out", "json=" + file + "/out" + sentence);
        assertRefused("a\0b", "is no path (Nul character not allowed), name a file");
    }

    @Test
    void refusesADirectoryThatMustNotBeWrittenTo() throws IOException {
        Path closed = Files.createDirectory(directory.resolve("closed"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-xr-xr-x")));
        assumeThat(Files.isWritable(closed)).as("the administrator may write everywhere").isFalse();
        assertRefused(closed + "/out", "must not be written to, name another file");
    }

    @Test
    void refusesAnImageUnderAnyOfItsNames() throws IOException {
        Path image = Files.createFile(directory.resolve("a:disk.img"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), image);
        for (String name : List.of(image.toString(), link.toString(), directory + "/./a:disk.img")) {
            assertThatThrownBy(() -> ResultFile.of("csv", name, List.of("memory:1g", image.toString())))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("csv=" + name + " is what is read or loaded, name another file");
        }
        Path other = Files.createFile(directory.resolve("other"));
        assertThat(ResultFile.of("csv", other.toString(), List.of("memory:1g", image.toString(), "a\0b")).path())
                .isEqualTo(other);
    }

    private static void assertRefused(String text, String sentence) {
        assertThatThrownBy(() -> ResultFile.of("json", text, List.of())).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(sentence);
    }
}
