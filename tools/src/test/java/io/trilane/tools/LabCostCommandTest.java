package io.trilane.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Runs tiny: what is printed matters, not the figures.
class LabCostCommandTest {
    private static final List<String> TINY = List.of("lab", "cost", "--runtime", "1ms", "--bs", "4k,8k", "--iodepth",
            "1,2", "--bundle", "2", "--transfer", "64k", "--max-transfer", "4k,64k", "--size", "1m", "--numjobs", "1,2",
            "--call-cost", "1us", "--wake-up-cost", "1us");

    @Test
    void printsThreeTablesAndTheShapeAtTheStatedCostAndAtNone() {
        CommandLineRun run = cost();
        assertThat(run.err()).doesNotContain("trilane:");
        assertThat(run.exitCode()).isZero();
        for (String text : List.of("1.0 us per call", "median of 5 alternating rounds",
                "== crossings at the stated cost ==", "== crossings at no cost ==", "1. is bundling worth it?",
                "2. what does a small maximum transfer cost?", "3. would a fourth queue help?",
                "2 engines, three queues and a thread each", "one engine, a thread for each queue",
                "counted for 2 limits")) {
            assertThat(run.out()).contains(text);
        }
        assertThat(run.out()).containsPattern("4k +16 ").containsPattern("64k +1 ");
    }

    @Test
    void writesAreMeasuredToo() {
        assertThat(cost("--rw", "randwrite").exitCode()).isZero();
    }

    @Test
    void jsonIsAllThereIsOnStandardOutput() {
        CommandLineRun run = cost("--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        Object json = Json.parse(run.out());
        assertThat(Json.at(json, "results/0/call_ns")).isEqualTo(1000.0);
        assertThat(Json.at(json, "results/1/call_ns")).isEqualTo(0.0);
        assertThat(Json.at(json, "results/0/splits/0/round_trips")).isEqualTo(16.0);
        for (String key : List.of("results/0/bundling/7/ns_per_op/4", "results/0/queues/2/engines",
                "results/0/findings/0/verdict", "results/1/splits/1/median_ns")) {
            assertThat(Json.at(json, key)).as(key).isNotEqualTo("null");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "--bs | 1000 | bs=1000 is not a multiple of blockBytes=512, ",
            "--bs | 2m | bs=2097152 > 1048576, ",
            "--bs | many | bs=many is not a size, ",
            "--iodepth | 0 | iodepth=0 < 1, ",
            "--bundle | 33 | bundle=[33] not in 1..32, ",
            "--numjobs | 0 | numjobs=[0] not in 1..64, ",
            "--max-transfer | 511 | max-transfer=511 is not a multiple of blockBytes=512, ",
            "--rounds | 4 | rounds=4 < 5, ",
            "--runtime | 0 | runtime=0ns < 1ns, ",
            "--runtime | soon | runtime=soon is not a time, ",
            "--call-cost | 2s | call-cost=2s > 1s, ",
            "--rw | rw | rw=rw is not measured here, ",
            "--rw | up | rw=up is unknown, "})
    void refusesBadOptionsByName(String option, String value, String message) {
        String size = option.equals("--bs") ? value : "4k";
        CommandLineRun run = option.equals("--bs")
                ? CommandLineRun.of("lab", "cost", "--size", "1m", "--transfer", "64k", "--bs", size)
                : CommandLineRun.of("lab", "cost", "--size", "1m", "--transfer", "64k", "--bs", size, option, value);
        assertThat(run.err()).startsWith("trilane: " + message);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void refusesAnUnknownOption() {
        assertThat(CommandLineRun.of("lab", "cost", "--fast").exitCode()).isEqualTo(2);
    }

    private static CommandLineRun cost(String... more) {
        List<String> arguments = new ArrayList<>(TINY);
        arguments.addAll(List.of(more));
        return CommandLineRun.of(arguments.toArray(new String[0]));
    }
}
