package io.trilane.engine.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Runs jcstress, once, in a process of its own: every canary must fail, and nothing else.
///
/// `-Dstress.mode=default` (or `tough`) instead of the quick mode, by hand.
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class StressTest {
    private static final Set<String> PROOFS = Set.of("CommandReachesTheRole", "ResponseReachesTheClient",
            "CompletionOrTimeout", "ZombieIsFreedOnce", "CompletionOvertakesPending", "OfferWakesTheConsumer",
            "RaiseWhileLowering");
    private static final Set<String> CANARIES = Set.of("CanaryPlainHandOver", "CanaryUnsynchronizedWord",
            "CanaryRingsTooEarly", "CanaryLowersTooLate");

    @TempDir
    private Path results;

    @Test
    void handOverDecisionAndWakeUpHoldAndEachCanaryIsFound() throws Exception {
        String output = runStress();
        assertThat(testsWith("FAILED", output)).as(output).isEqualTo(CANARIES);
        assertThat(testsWith("OK", output)).as(output).containsAll(PROOFS).doesNotContainAnyElementsOf(CANARIES);
        assertThat(output).contains("0 soft errs, 0 hard errs");
    }

    private static Set<String> testsWith(String verdict, String output) {
        return Pattern.compile("\\[" + verdict + "\\] io\\.trilane\\.\\S*Stress\\.(\\w+)").matcher(output).results()
                .map(match -> match.group(1)).collect(Collectors.toSet());
    }

    private String runStress() throws IOException, InterruptedException {
        Path log = results.resolve("log.txt");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main", "-t", "io\\.trilane\\..*Stress\\.", "-m",
                System.getProperty("stress.mode", "quick"), "-sc", "false", "-iters", "3", "-v", "-r",
                results.toString(),
                "-jvmArgsPrepend", "--enable-native-access=ALL-UNNAMED").directory(results.toFile())
                .redirectErrorStream(true).redirectOutput(log.toFile()).start();
        assertThat(process.waitFor(25, TimeUnit.MINUTES)).isTrue();
        return Files.readString(log, StandardCharsets.UTF_8);
    }
}
