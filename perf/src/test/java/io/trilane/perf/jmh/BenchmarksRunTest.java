package io.trilane.perf.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Runs each benchmark once, tiny, so that none rots. In a JVM of its own, because JMH itself needs what tests are denied.
class BenchmarksRunTest {
    private static final List<Class<?>> BENCHMARKS = List.of(SerialQueueBenchmark.class, TaskRoundTripBenchmark.class,
            DispatchBenchmark.class, ImageCopyBenchmark.class);

    @Test
    void everyBenchmarkRuns() throws IOException, InterruptedException {
        Path output = Files.createTempFile("trilane-jmh", ".txt");
        try {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--sun-misc-unsafe-memory-access=allow", "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                    "--enable-native-access=ALL-UNNAMED", "-ea", "-cp", System.getProperty("java.class.path"),
                    "org.openjdk.jmh.Main", "-f", "0", "-wi", "0", "-i", "1", "-r", "10ms", "-foe", "true", "-p",
                    "size=8m"));
            BENCHMARKS.forEach(benchmark -> command.add(benchmark.getSimpleName()));
            Process process = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(output.toFile()).start();
            int exitCode = process.waitFor();
            String text = Files.readString(output);
            assertThat(exitCode).as(text).isZero();
            assertThat(BENCHMARKS).allSatisfy(b -> assertThat(text).contains(b.getSimpleName()));
        } finally {
            Files.deleteIfExists(output);
        }
    }

    @Test
    void everyBenchmarkIsListed() throws IOException {
        Path sources = Path.of("src/test/java/io/trilane/perf/jmh");
        try (var files = Files.list(sources)) {
            assertThat(files.map(f -> f.getFileName().toString()).filter(f -> f.endsWith("Benchmark.java")))
                    .containsExactlyInAnyOrderElementsOf(
                            BENCHMARKS.stream().map(b -> b.getSimpleName() + ".java").toList());
        }
    }
}
