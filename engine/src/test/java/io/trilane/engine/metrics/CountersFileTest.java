package io.trilane.engine.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CountersFileTest {
    @TempDir
    private Path temporary;

    /// What the other process runs.
    public static final class Reader {
        private Reader() {}

        public static void main(String[] args) throws IOException {
            System.out.println(CountersFile.read(Path.of(args[0])));
        }
    }

    @Test
    void isReadableByAnotherProcessWhileItLives() throws Exception {
        try (CountersFile counters = CountersFile.create(temporary.resolve("counters"), 7)) {
            counters.add(EngineCounter.SUBMITTED, 41);
            counters.increment(EngineCounter.SUBMITTED);
            counters.set(EngineCounter.QUARANTINED, 5);
            String output = runReader(counters.path());
            assertThat(output).contains("SUBMITTED=42").contains("QUARANTINED=5").contains("COMPLETED=0");
            counters.increment(EngineCounter.SUBMITTED);
            assertThat(runReader(counters.path())).contains("SUBMITTED=43");
        }
    }

    @Test
    void isPrivateToItsUser() throws IOException {
        Path directory = temporary.resolve("counters");
        try (CountersFile counters = CountersFile.create(directory, 0)) {
            assertThat(permissions(directory)).isEqualTo("rwx------");
            assertThat(permissions(counters.path())).isEqualTo("rw-------");
        }
    }

    @Test
    void isNamedAfterProcessAndShardAndRemovedAtClose() {
        CountersFile counters = CountersFile.create(temporary, 12);
        assertThat(counters.path()).isEqualTo(temporary.resolve(ProcessHandle.current().pid() + "-12.counters"))
                .exists();
        counters.close();
        assertThat(counters.path()).doesNotExist();
        counters.increment(EngineCounter.SUBMITTED);
        counters.close();
    }

    @Test
    void removesWhatDeadProcessesLeftAndKeepsWhatLivingOnesUse() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        assertThat(dead.waitFor(30, TimeUnit.SECONDS)).isTrue();
        Path leftover = Files.createFile(temporary.resolve(dead.pid() + "-0.counters"));
        Path living = Files.createFile(temporary.resolve(ProcessHandle.current().parent().orElseThrow().pid()
                + "-0.counters"));
        Path foreign = Files.createFile(temporary.resolve("notes.counters"));
        Path other = Files.createFile(temporary.resolve(dead.pid() + "-0.txt"));
        CountersFile.create(temporary, 0).close();
        assertThat(leftover).doesNotExist();
        assertThat(living).exists();
        assertThat(foreign).exists();
        assertThat(other).exists();
    }

    @Test
    void leavesTheFileOfAnotherEngineOfTheSameShardAlone() throws IOException {
        try (CountersFile first = CountersFile.create(temporary, 0)) {
            first.increment(EngineCounter.SUBMITTED);
            CountersFile second = CountersFile.create(temporary, 0);
            assertThat(second.path()).isNotEqualTo(first.path());
            assertThat(CountersFile.read(second.path())).containsEntry(EngineCounter.SUBMITTED, 0L);
            second.close();
            assertThat(CountersFile.read(first.path())).containsEntry(EngineCounter.SUBMITTED, 1L);
        }
    }

    @Test
    void refusesADirectoryThatOthersCanWriteTo() throws IOException {
        Path shared = Files.createDirectory(temporary.resolve("shared"));
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> CountersFile.create(shared, 0)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("countersDirectory=" + shared
                        + " permissions=rwxrwxrwx let others write, use a directory of your own");
        assertThat(shared).isEmptyDirectory();
    }

    @Test
    void countsWithoutAFile() {
        CountersFile counters = CountersFile.inMemory();
        counters.addAsOnlyWriter(EngineCounter.INTERRUPTS, 3);
        assertThat(counters.get(EngineCounter.INTERRUPTS)).isEqualTo(3);
        assertThat(counters.path()).isNull();
        counters.close();
    }

    @Test
    void refusesToReadSomethingElse() throws IOException {
        Path big = temporary.resolve("big.counters");
        Files.write(big, new byte[1 << 20]);
        assertThatThrownBy(() -> CountersFile.read(big)).isInstanceOf(IOException.class)
                .hasMessageContaining("is not a counters file of version=1, name one that ends in .counters");
        Path small = Files.createFile(temporary.resolve("small.counters"));
        assertThatThrownBy(() -> CountersFile.read(small)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> CountersFile.read(temporary.resolve("none"))).isInstanceOf(IOException.class);
    }

    @Test
    void saysWhichDirectoryCannotBeUsed() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));
        assertThatThrownBy(() -> CountersFile.create(file, 0)).isInstanceOf(RuntimeException.class)
                .hasMessageContaining("countersDirectory=" + file).hasMessageContaining("choose another");
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static String runReader(Path path) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), Reader.class.getName(), path.toString())
                .redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
