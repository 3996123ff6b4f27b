package io.trilane.tools.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.tools.conformance.TestVerdict.Outcome;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// libiscsi's own test suite, every family, against each kind of unit. What does not pass is in
/// `conformance/expected-failures.txt`, or the build fails. Logs and verdicts are left in `target/conformance`.
///
/// With `-Dtrilane.conformance.target=peers` the same runs against Debian's tgtd, for comparison, and nothing is
/// asserted.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IscsiSuiteConformanceTest {
    static final Path LIST = Path.of("src/test/resources/conformance/expected-failures.txt");
    private static final long IMAGE_BYTES = 64 << 20;
    private static final String USER = "conformance";
    private static final String SECRET = "sixteen-letters!";

    @TempDir
    Path directory;

    private final List<String> summary = new ArrayList<>();

    @ParameterizedTest
    @EnumSource(Personality.class)
    void agreesWithTheListOfExpectedFailures(Personality personality) throws IOException {
        long begin = System.nanoTime();
        StringBuilder log = new StringBuilder();
        List<TestVerdict> verdicts = verdicts(personality, log);
        summarise(personality, verdicts, (System.nanoTime() - begin) / 1_000_000_000);
        leave(personality, verdicts, log);
        if (!TestServer.PEERS) {
            assertThat(ExpectedFailures.read(LIST).complaints(personality, verdicts)).as("%s and %s", personality, LIST)
                    .isEmpty();
        }
    }

    private List<TestVerdict> verdicts(Personality personality, StringBuilder log) throws IOException {
        IscsiTestTool tool = new IscsiTestTool();
        Path home = Files.createDirectory(directory.resolve(personality.toString()));
        Path image = home.resolve("disk.img");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(IMAGE_BYTES);
        }
        try (TestServer server = server(home, image, personality)) {
            List<TestVerdict> verdicts = tool.runAll(server, List.of(server.iscsi(0), server.iscsi(0)), log);
            log.append("== the server's log\n").append(server.log());
            return verdicts;
        }
    }

    /// The thin unit is behind CHAP, the others are open.
    private static TestServer server(Path home, Path image, Personality personality) throws IOException {
        if (TestServer.PEERS || personality != Personality.THIN) {
            return TestServer.start(home, image, personality);
        }
        Path secret = Files.writeString(home.resolve("secret"), SECRET);
        return TrilaneServer.startWithLogin(home, USER + "%" + SECRET, "--image", image + personality.imageOptions(),
                "--chap-user", USER, "--chap-secret-file", secret.toString());
    }

    private void summarise(Personality personality, List<TestVerdict> verdicts, long seconds) {
        summary.add("%-16s %6d %6d %6d %6d %6d s".formatted(personality, count(verdicts, Outcome.PASS),
                count(verdicts, Outcome.SKIP), count(verdicts, Outcome.FAIL), verdicts.size(), seconds));
    }

    private static long count(List<TestVerdict> verdicts, Outcome outcome) {
        return verdicts.stream().filter(verdict -> verdict.outcome() == outcome).count();
    }

    private static void leave(Personality personality, List<TestVerdict> verdicts, StringBuilder log)
            throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "conformance"));
        String name = (TestServer.PEERS ? "peers-" : "") + personality;
        Files.writeString(folder.resolve(name + ".log"), log);
        Files.write(folder.resolve(name + ".txt"), verdicts.stream().map(verdict -> verdict.test() + " | "
                + personality + " | " + verdict.outcome() + " | " + verdict.detail()).toList());
    }

    @AfterAll
    void printSummary() {
        System.out.println("iscsi-test-cu against " + (TestServer.PEERS ? "tgtd" : "trilane"));
        System.out.println("%-16s %6s %6s %6s %6s".formatted("unit", "pass", "skip", "fail", "of"));
        summary.forEach(System.out::println);
    }
}
