package io.trilane.tools.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What a program printed (both streams, in order) and how it ended. A program that outlives its limit is killed with
/// all that it started.
record ToolRun(String commandLine, int exitCode, boolean timedOut, String output) {
    static final String SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin";

    static ToolRun of(Duration limit, List<String> commandLine) {
        try {
            Path file = Files.createTempFile("trilane-conformance-", ".out");
            try {
                return of(limit, commandLine, file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static ToolRun of(Duration limit, List<String> commandLine, Path file) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(commandLine).redirectErrorStream(true)
                .redirectOutput(file.toFile()).redirectInput(Path.of("/dev/null").toFile());
        // A tool that is a script wants its own system's interpreter, not one that a user put in front of it.
        builder.environment().merge("PATH", SYSTEM_PATH, (path, system) -> system + ":" + path);
        Process process = builder.start();
        boolean ended = false;
        try {
            ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().onExit().join();
            }
        }
        String output = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        return new ToolRun(String.join(" ", commandLine), process.exitValue(), !ended, output);
    }

    /// This run, which must have ended well.
    ToolRun good() {
        assertThat(timedOut).as("%s took too long:%n%s", commandLine, output).isFalse();
        assertThat(exitCode).as("%s:%n%s", commandLine, output).isZero();
        return this;
    }

    /// This run, which must have been refused by the tool or the server, in time.
    ToolRun bad() {
        assertThat(timedOut).as("%s took too long:%n%s", commandLine, output).isFalse();
        assertThat(exitCode).as("%s must fail:%n%s", commandLine, output).isNotZero();
        return this;
    }
}
