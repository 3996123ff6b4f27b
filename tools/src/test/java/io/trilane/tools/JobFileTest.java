package io.trilane.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobFileTest {
    private static final String FRAGMENTS =
            "[global]\n|[a]\n|[b]|rw=randread\n|bs=4k|bssplit=4k/60:64k|\n|=|;|#|stonewall\n"
                    + "|iodepth=32\n|size=1g\n|time_based|runtime=10\n|random_distribution=zipf:1.2\n|fsync=3\n|numjobs=|filename=a:b"
                    + "|,|:|/|$|99999999999999999999|\u0000|\u00e9|include x\n|zoom=1\n|rwmixwrite=30\n|sync=1\n|  |\t|]|[|verify=crc32c\n";

    @Test
    void readsSectionsWithTheGlobalsBeforeThem() {
        JobFile file = JobFile.parse("""
                ; a comment
                [global]
                rw=randread
                  bs = 4k \s
                # another
                [first]
                time_based
                [global]
                iodepth=8
                [second job]
                bs=8k
                """);
        assertThat(file.jobs()).extracting(JobFile.Section::name).containsExactly("first", "second job");
        assertThat(file.jobs().get(0).settings()).containsExactly(new JobFile.Setting("rw", "randread", 3),
                new JobFile.Setting("bs", "4k", 4), new JobFile.Setting("time_based", "", 7));
        assertThat(file.jobs().get(1)).isEqualTo(new JobFile.Section("second job", 10,
                List.of(new JobFile.Setting("rw", "randread", 3), new JobFile.Setting("bs", "4k", 4),
                        new JobFile.Setting("iodepth", "8", 9), new JobFile.Setting("bs", "8k", 11))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "rw=read | line 1: 'rw=read' is in no section",
            "[a];rw= | line 2: rw= has no value",
            "[a];=4 | line 2: '=4' is no option",
            "[a];;rw read | line 3: 'rw read' is no option",
            "[a];include x.fio | line 2: include is not supported",
            "[a | line 1: '[a' is no section",
            "[] | line 1: '[]' is no section",
            "[a]b] | line 1: '[a]b]' is no section",
            "[global];rw=read | line 2: ends a file without a job",
            "'' | line 1: ends a file without a job"})
    void refusesWhatIsNoJobFileByItsLine(String lines, String reason) {
        assertThatIllegalArgumentException().isThrownBy(() -> JobFile.parse(lines.replace(';', '\n')))
                .withMessageStartingWith(reason);
    }

    @Test
    void refusesFilesWithoutAnEnd() {
        assertThatIllegalArgumentException().isThrownBy(() -> JobFile.parse("[a]\n".repeat(300)))
                .withMessage("line 257: jobs > 256, split the file");
        assertThatIllegalArgumentException().isThrownBy(() -> JobFile.parse("\n".repeat(20_000)))
                .withMessageContaining("line 10001: is one too many");
    }

    /// Either a result, or a refusal that names a line, in one printable line.
    @Test
    void randomBytesGiveAResultOrALine() {
        SplittableRandom random = new SplittableRandom(1);
        String[] fragments = FRAGMENTS.split("\\|");
        int results = 0;
        for (int i = 0; i < 30_000; i++) {
            String text = i % 3 == 0 ? noise(random) : joined(random, fragments);
            try {
                JobFileRuns runs = JobFileRuns.of(JobFile.parse(text));
                assertThat(runs.runs()).isNotEmpty();
                results++;
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).as("of %s", text).matches("line \\d+: .*");
                assertThat(e.getMessage().length()).isLessThan(8000);
            }
        }
        assertThat(results).isGreaterThan(100);
    }

    private static String noise(SplittableRandom random) {
        byte[] bytes = new byte[random.nextInt(60)];
        random.nextBytes(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String joined(SplittableRandom random, String[] fragments) {
        StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "" : "[j]\n");
        for (int n = random.nextInt(8); n > 0; n--) {
            text.append(fragments[random.nextInt(fragments.length)]);
        }
        return text.toString();
    }
}
