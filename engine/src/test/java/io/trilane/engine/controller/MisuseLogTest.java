package io.trilane.engine.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.metrics.EngineCounter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MisuseLogTest {
    private final CountersFile counters = CountersFile.inMemory();
    private final MisuseLog log = new MisuseLog(() -> 42, counters);

    @Test
    void keepsTheFirstFewOfEachKindAndCountsAll() {
        int[] asked = {0};
        for (int i = 0; i < 100; i++) {
            log.report(Misuse.DOUBLE_COMPLETION, () -> "number=" + asked[0]++);
        }
        log.report(Misuse.LATE_COMPLETION, () -> "late");
        assertThat(log.count(Misuse.DOUBLE_COMPLETION)).isEqualTo(100);
        assertThat(log.count(Misuse.TARGET_EXISTS)).isZero();
        assertThat(log.reports()).hasSize(MisuseLog.KEPT_PER_MISUSE + 1);
        assertThat(asked[0]).as("details nobody keeps are not made").isEqualTo(MisuseLog.KEPT_PER_MISUSE);
        assertThat(counters.get(EngineCounter.MISUSES)).isEqualTo(101);
        assertThat(log.reports().getFirst()).isEqualTo(new MisuseReport(Misuse.DOUBLE_COMPLETION, "number=0",
                List.of(), 42));
    }

    @Test
    void tellsWhatMacosDoesAndHowThatIsKnown() {
        MisuseReport report =
                new MisuseReport(Misuse.POWER_ACK_TIMEOUT, "powerState=OFF", List.of("first", "second"), 1);
        assertThat(report.describe()).isEqualTo("""
                POWER_ACK_TIMEOUT: powerState=OFF
                    first
                    second
                  macOS: panic after about 21 s (field report)
                  remedy: quiesce, then call Framework.acknowledgePowerState last
                """);
    }

    @Test
    void hasEveryRowThatJavaCanExpress() {
        List<Integer> rows = Arrays.stream(Misuse.values()).map(Misuse::row).filter(row -> row != 0).toList();
        assertThat(rows).containsExactlyElementsOf(
                IntStream.rangeClosed(1, 28).filter(row -> row != 16).boxed().toList());
        assertThat(Misuse.values()).allSatisfy(misuse -> assertThat(List.of(misuse.summary(), misuse.consequence(),
                misuse.remedy())).noneMatch(String::isBlank));
    }
}
