package io.trilane.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabCommandTest {
    private static final Path DESCRIPTIONS = Path.of("..", "docs", "lab");

    @TempDir
    Path directory;

    @Test
    void theCorrectDescriptionIsClean() {
        CommandLineRun run = check(DESCRIPTIONS.resolve("correct.yaml"));
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains(":55: note CREATE_FROM_AUXILIARY", "findings=0 notes=1, clean");
    }

    @Test
    void theCustomQueuePanicsAtLoad() {
        CommandLineRun run = check(DESCRIPTIONS.resolve("custom-parallel-queue.yaml"));
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains(
                "custom-parallel-queue.yaml:17: QUEUE_NOT_IN_CONTRACT: queue=ParallelQueue is not in contract=DRIVERKIT",
                ":23: QUEUE_NOT_IN_CONTRACT: UserProcessParallelTask queue=ParallelQueue != Default",
                "macOS: kernel panic at load (field report)", "remedy: use AuxiliaryQueue and InterruptQueue only",
                "findings=2 notes=1");
    }

    @Test
    void creatingATargetFromTheDefaultQueueDeadlocks() {
        CommandLineRun run = check(DESCRIPTIONS.resolve("create-target-from-default-queue.yaml"));
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("CREATE_FROM_DEFAULT: createTarget from=Default",
                "Default waits in createTarget (line 56) for Default to run INITIALIZE_TARGET, PROCESS",
                "macOS: self-deadlock", "(documented)", "findings=1 notes=0");
    }

    @Test
    void unreadableFilesAreOneSentence() throws IOException {
        assertUnreadable(directory.resolve("none.yaml"), "it does not exist");
        assertUnreadable(directory, "it is a directory");
        assertUnreadable(Files.writeString(directory.resolve("a.yaml"), "- 1\n- 2\n"), "it is a list");
        assertUnreadable(Files.writeString(directory.resolve("b.yaml"), "queues: 5\n"), "line 1: queues is a value");
        assertUnreadable(Files.writeString(directory.resolve("c.yaml"), "a: &x [1]\nb: *x\n"), "aliases");
        assertUnreadable(Files.writeString(directory.resolve("d.yaml"), "#".repeat((1 << 20) + 1)), "> 1048576");
        CommandLineRun run = CommandLineRun.of("lab", "check");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void aFileCannotWriteToTheTerminal() throws IOException {
        Path file = Files.writeString(directory.resolve("e.yaml"), "\"\\e[2J\\n\\u202Eevil\": 1\n");
        CommandLineRun run = check(file);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("key=?[2J??evil is unknown").doesNotContain("\u001b");
        Path tagged = Files.writeString(directory.resolve("f.yaml"), "a: !<x%1B[2J> 1\n");
        assertThat(check(tagged).err()).contains("tag=x?[2J is not taken").doesNotContain("\u001b");
        Path nested = Files.writeString(directory.resolve("g.yaml"), "queues: {\"\\e[2J\": 5}\n");
        assertThat(check(nested).err()).contains("queues.?[2J is a value").doesNotContain("\u001b");
    }

    @Test
    void theReadmeOfTheFormatNamesEveryKey() throws IOException {
        String readme = Files.readString(DESCRIPTIONS.resolve("README.md"));
        String correct = Files.readString(DESCRIPTIONS.resolve("correct.yaml"));
        String keys = correct.replaceAll("(?m)^\\s*#.*$", "");
        assertThat(Pattern.compile("(?m)^([a-z-]+):|[{,] ?([a-z-]+):|^  ([a-zA-Z-]+):").matcher(keys)
                .results().map(match -> match.group().replaceAll("[^a-zA-Z-]", ""))
                .filter(key -> !key.matches("User.*|.*Queue|SetPowerState|taskTable"))).isNotEmpty()
                .allSatisfy(key -> assertThat(readme.contains("`" + key + "`")).as(key).isTrue());
    }

    @Test
    void listsAndRunsTheScenarios() {
        CommandLineRun list = CommandLineRun.of("lab", "list");
        assertThat(list.exitCode()).isZero();
        assertThat(list.out().lines().skip(1)).isNotEmpty();
        assertThat(list.out()).containsPattern("personality-wrong-kernel-library +PERSONALITY_INVALID +The property");
        CommandLineRun run = CommandLineRun.of("lab", "run", "personality-wrong-kernel-library", "--json");
        assertThat(run.exitCode()).isZero();
        assertThat(Json.at(Json.parse(run.out()), "scenarios/0/passed")).isEqualTo(true);
    }

    @Test
    void refusesWithASentence() {
        assertRefused("choose one of trace, check, list, run, cost", "lab");
        assertRefused("did you mean personality-wrong-kernel-library?", "lab", "run", "personality-wrong");
        assertRefused("excludes", "lab", "run", "--all", "x");
    }

    private static void assertRefused(String sentence, String... args) {
        CommandLineRun run = CommandLineRun.of(args);
        assertThat(run.err()).startsWith("trilane: ").contains(sentence);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.exitCode()).isEqualTo(2);
    }

    private static void assertUnreadable(Path file, String sentence) {
        CommandLineRun run = check(file);
        assertThat(run.err()).startsWith("trilane: file=" + file).contains(sentence);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(2);
    }

    private static CommandLineRun check(Path file) {
        return CommandLineRun.of("lab", "check", file.toString());
    }
}
