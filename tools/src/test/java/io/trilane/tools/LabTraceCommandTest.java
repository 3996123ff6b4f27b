package io.trilane.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.controller.QueueContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LabTraceCommandTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(QueueContract.class)
    void printsTheContractAndTheConversationTheSameEachTime(QueueContract contract) {
        CommandLineRun run = CommandLineRun.of("lab", "trace", "--contract", contract.name(), "--targets", "2");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith("contract=" + contract + "\n" + contract.describe()
                + contract.describeTargetCreation()).contains("→ startController() = true", "online, targets=2",
                        "→ manageTask(ABORT_TASK", "suspend and resume", "→ stop()");
        assertThat(CommandLineRun.of("lab", "trace", "--contract", contract.name(), "--targets", "2")).isEqualTo(run);
    }

    @Test
    void isOfTheEngineContractAndOneTargetByDefault() {
        assertThat(CommandLineRun.of("lab", "trace")).isEqualTo(
                CommandLineRun.of("lab", "trace", "--contract", "ENGINE", "--targets", "1", "--format", "tree"));
    }

    @ParameterizedTest
    @EnumSource(QueueContract.class)
    void writesAFileForPerfetto(QueueContract contract) {
        CommandLineRun run = CommandLineRun.of("lab", "trace", "--contract", contract.name(), "--format", "perfetto");
        assertThat(run.exitCode()).isZero();
        List<?> events = (List<?>) Json.at(Json.parse(run.out()), "traceEvents");
        assertThat(events.stream().map(event -> String.valueOf(((Map<?, ?>) event).get("name")))).contains(
                "startController", "process",
                "complete", "stop");
        assertThat(Json.at(Json.parse(run.out()), "otherData/dropped")).isEqualTo(0.0);
    }

    @Test
    void writesIntoAFileThatDoesNotExist() throws IOException {
        Path file = directory.resolve("trace.txt");
        CommandLineRun run = CommandLineRun.of("lab", "trace", "--output", file.toString());
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(Files.readString(file)).isEqualTo(CommandLineRun.of("lab", "trace").out());
    }

    @Test
    void overwritesOnlyByForce() throws IOException {
        Path file = Files.writeString(directory.resolve("old"), "old");
        assertRefused("exists, choose another name or add --force", "--output", file.toString());
        assertThat(file).hasContent("old");
        assertThat(CommandLineRun.of("lab", "trace", "--output", file.toString(), "--force").exitCode()).isZero();
        assertThat(Files.readString(file)).startsWith("contract=ENGINE\n").doesNotEndWith("old");
    }

    @Test
    void refusesWithASentence() {
        assertRefused("targets=0 not in 1..64", "--targets", "0");
        assertRefused("targets=65 not in 1..64", "--targets", "65");
        assertRefused("'--targets'", "--targets", "many");
        assertRefused("'--contract'", "--contract", "MINE");
        assertRefused("'--format'", "--format", "xml");
        assertRefused("argument=more is unknown", "more");
        assertRefused("force=true without output", "--force");
        assertRefused("is a directory or is in one that does not exist", "--output", directory.toString());
        assertRefused("is a directory or is in one that does not exist", "--output",
                directory.resolve("none").resolve("file").toString());
    }

    private static void assertRefused(String sentence, String... args) {
        String[] all = new String[args.length + 2];
        all[0] = "lab";
        all[1] = "trace";
        System.arraycopy(args, 0, all, 2, args.length);
        CommandLineRun run = CommandLineRun.of(all);
        assertThat(run.err()).startsWith("trilane: ").contains(sentence);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(2);
    }
}
