package io.trilane.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.trilane.perf.report.TuneJson;
import io.trilane.perf.tune.TuneResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Searches in a process of their own that are asked to end before they are done.
@Timeout(120)
class TuneInterruptTest {
    private static final long SIGNAL_INT = 1 << 1;

    @TempDir
    Path directory;
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (Process process : processes) {
            Process _ = process.destroyForcibly();
            int _ = process.waitFor();
        }
    }

    @ParameterizedTest
    @CsvSource({"INT,130", "TERM,143"})
    void leavesAValidResultOfWhatWasKnown(String signal, int exitCode) throws Exception {
        Path json = directory.resolve("out.json");
        Path page = directory.resolve("out.html");
        Process search = tune("null:1g", "--json", json.toString(), "--report", page.toString());
        try (BufferedReader err = search.errorReader(StandardCharsets.UTF_8)) {
            // The coarse grid is done when the second phase is announced.
            assertThat(err.readLine()).isEqualTo("coarse grid");
            assertThat(err.readLine()).isNotNull();
            signal(search, signal);
            assertThat(search.waitFor()).isEqualTo(exitCode);
            assertThat(err.lines()).noneMatch(line -> line.contains("trilane:") || line.contains("\tat "));
        }
        TuneResult result = TuneJson.read(json).result();
        assertThat(result.isComplete()).isFalse();
        assertThat(result.ending()).isEqualTo("interrupted");
        assertThat(result.cells()).isNotEmpty();
        assertThat(result.spentNs()).isLessThan(60_000_000_000L);
        assertThat(Files.readString(page)).endsWith("</html>\n");
        assertThat(new String(search.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .startsWith("so far: use ").contains("search ended: interrupted", "NOT COMPLETE");
    }

    @Test
    void leavesAValidResultEvenWhenNothingIsKnown() throws Exception {
        Path json = directory.resolve("out.json");
        // The first request takes longer than this test.
        Path model = Files.writeString(directory.resolve("slow.model"), """
                name = slow
                description = one second for every request
                channels = 1
                read = 1s
                write = 1s
                rate = 1GB/s
                link = 1GB/s
                max-transfer = 1MiB
                """);
        Process search = tune("--device-model", model.toString(), "--real-time", "--json", json.toString());
        try (BufferedReader err = search.errorReader(StandardCharsets.UTF_8)) {
            assertThat(err.readLine()).isEqualTo("coarse grid");
            signal(search, "TERM");
            assertThat(search.waitFor()).isEqualTo(143);
        }
        assertThat(TuneJson.read(json).result().isComplete()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aComparisonEndsToo(int phases) throws Exception {
        Process search = tune("null:1g", "--against", "null:2g");
        try (BufferedReader err = search.errorReader(StandardCharsets.UTF_8)) {
            for (int i = 0; i < phases; i++) {
                assertThat(err.readLine()).isNotNull();
            }
            signal(search, "TERM");
            assertThat(search.waitFor()).isEqualTo(143);
            assertThat(err.lines()).noneMatch(line -> line.contains("trilane:") || line.contains("\tat "));
        }
    }

    private Process tune(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                "--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), "io.trilane.tools.Main", "tune", "--bs", "4k,64k", "--iodepth",
                "1,8", "--bundle", "1", "--numjobs", "1", "--budget", "60s"));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).start();
        processes.add(process);
        return process;
    }

    private static void signal(Process process, String name) throws Exception {
        if (name.equals("TERM")) {
            assertThat(process.toHandle().destroy()).isTrue();
            return;
        }
        // A program that was started in the background of a script ignores it, and so do all that it starts.
        String ignored = Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("SigIgn:")).findFirst().orElse("SigIgn: 0").substring(7).strip();
        assumeThat(Long.parseUnsignedLong(ignored, 16) & SIGNAL_INT).isZero();
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor()).isZero();
    }
}
