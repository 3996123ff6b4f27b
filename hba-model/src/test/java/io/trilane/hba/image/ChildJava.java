package io.trilane.hba.image;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Another JVM that runs a `main` of the tests. Killed when closed, as by `kill -9`.
final class ChildJava implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    private ChildJava(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static ChildJava start(Class<?> main, Object... arguments) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow(), "-ea",
                "-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=/dev/null", "--enable-native-access=ALL-UNNAMED", "-cp",
                classPath, main.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new ChildJava(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    long pid() {
        return process.pid();
    }

    /// The next line that it prints; "nothing" when it ended.
    String nextLine() {
        try {
            return Objects.requireNonNullElse(output.readLine(), "nothing");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
