package io.trilane.tools.conformance;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A program that nobody here wrote. Where it is missing the test is skipped and says which Debian package has it; with
/// the system property `trilane.conformance=required` it fails instead.
record ForeignTool(Path program) {
    private static final Duration USUAL_LIMIT = Duration.ofSeconds(30);

    /// The program of this name where Debian keeps its own, or on the PATH.
    static ForeignTool of(String name, String debianPackage) {
        String path = ToolRun.SYSTEM_PATH + ":" + System.getenv().getOrDefault("PATH", "");
        return Stream.of(path.split(":")).map(folder -> Path.of(folder, name)).filter(Files::isExecutable).findFirst()
                .map(ForeignTool::new).orElseGet(() -> missing(name, debianPackage));
    }

    /// Fails or skips the test, and says how to get what it needs.
    static <T> T missing(String what, String debianPackage) {
        return missing(what, debianPackage, "required".equals(System.getProperty("trilane.conformance")));
    }

    static <T> T missing(String what, String debianPackage, boolean isRequired) {
        String text = what + " is missing, install the Debian package " + debianPackage;
        return isRequired ? fail(text) : abort(text);
    }

    ToolRun run(Object... arguments) {
        return run(USUAL_LIMIT, arguments);
    }

    ToolRun run(Duration limit, Object... arguments) {
        return ToolRun.of(limit, commandLine(arguments));
    }

    List<String> commandLine(Object... arguments) {
        List<String> line = new ArrayList<>(List.of(program.toString()));
        Stream.of(arguments).map(Object::toString).forEach(line::add);
        return line;
    }
}
