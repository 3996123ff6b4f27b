package io.trilane.perf.report;

import io.trilane.perf.harness.Environment;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Where and with what a figure was taken. Names no host, user or path.
///
/// @param version    of Trilane
/// @param cpu        the processor's name; empty where the system does not tell
/// @param jvmOptions those that decide speed: `-X...`, without paths
public record Machine(String version, Environment environment, String cpu, List<String> jvmOptions) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    /// This machine and this process.
    public static Machine current() {
        String version = Machine.class.getPackage().getImplementationVersion();
        return new Machine(version == null ? "unknown" : version, Environment.current(), cpuName(),
                speedOptions(ManagementFactory.getRuntimeMXBean().getInputArguments()));
    }

    static List<String> speedOptions(List<String> arguments) {
        return arguments.stream().filter(option -> option.startsWith("-X") && !option.contains("/")
                && !option.contains("\\")).toList();
    }

    private static String cpuName() {
        if (!Files.isReadable(CPU_INFO)) {
            return "";
        }
        try (Stream<String> lines = Files.lines(CPU_INFO)) {
            return lines.filter(line -> line.startsWith("model name")).findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse("");
        } catch (IOException _) {
            // A report without the processor's name is better than none.
            return "";
        }
    }
}
