package io.trilane.tools.lab.check;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `trilane lab check`: judges a controller description before anybody loads a driver.
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {"Judges a controller description (YAML) and prints every finding.",
                "Examples: docs/lab/correct.yaml, docs/lab/custom-parallel-queue.yaml (panics at load), "
                        + "docs/lab/create-target-from-default-queue.yaml (deadlocks). Format: docs/lab/README.md."},
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:clean, notes apart", "1:findings", "2:the file cannot be read as a description"})
public final class LabCheckCommand implements Callable<Integer> {
    private static final int FINDINGS = 1;

    @Parameters(paramLabel = "FILE", description = "The description.")
    private @Nullable Path file;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        Path path = Objects.requireNonNull(file);
        List<Finding> all = findingsOf(path);
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        all.forEach(finding -> out.print(finding.describe(path.toString())));
        long notes = all.stream().filter(Finding::isNote).count();
        long findings = all.size() - notes;
        out.println(path + ": findings=" + findings + " notes=" + notes + (findings == 0 ? ", clean" : ""));
        out.flush();
        return findings == 0 ? 0 : FINDINGS;
    }

    private static List<Finding> findingsOf(Path path) {
        YamlNode.Mapping description = YamlReader.read(path);
        try {
            return DescriptionCheck.check(description);
        } catch (UnreadableDescriptionException e) {
            throw new UnreadableDescriptionException(
                    "file=" + path + " is no controller description, " + e.getMessage());
        }
    }
}
