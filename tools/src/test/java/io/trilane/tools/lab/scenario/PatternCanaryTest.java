package io.trilane.tools.lab.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.controller.Misuse;
import io.trilane.hba.image.CorruptingImage;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.DroppingImage;
import io.trilane.hba.image.MisplacingImage;
import io.trilane.hba.image.Trigger;
import io.trilane.tools.lab.scenario.CompletionTap.Fault;
import io.trilane.tools.lab.scenario.PatternBench.Setting;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The audit notices what a pattern must not do: a fault is planted in a run that is good without it.
@Timeout(60)
class PatternCanaryTest {
    private static final int READ_IN_THE_RUN = 50;
    private static final long SEED = 7;

    @Test
    void aRunWithoutAFaultIsGood() {
        assertThat(faults(image -> image, _ -> {})).isEmpty();
    }

    @Test
    void aLostWriteIsNoticed() {
        assertThat(faults(image -> new DroppingImage(image, often()),
                _ -> {})).anyMatch(fault -> fault.contains("over its image is"));
    }

    @Test
    void aWriteThatIsStoredWrongIsNoticed() {
        assertThat(faults(image -> CorruptingImage.onWrite(image, often(), 5_000), _ -> {}))
                .anyMatch(fault -> fault.contains("over its image is"));
    }

    @Test
    void aReadThatIsDeliveredWrongIsNoticedThoughTheImageIsGood() {
        List<String> faults = faults(image -> CorruptingImage.onRead(image, Trigger.nth(READ_IN_THE_RUN), 77), _ -> {});
        assertThat(faults).hasSize(1).allMatch(fault -> fault.contains("over its own client is"));
    }

    @Test
    void aWriteElsewhereIsNoticed() {
        assertThat(faults(image -> new MisplacingImage(image, often(),
                WriteLedger.PLACE_BYTES), _ -> {})).anyMatch(fault -> fault.contains("is MISPLACED"));
    }

    @Test
    void aCompletionThatIsLostIsNoticed() {
        assertThat(faults(image -> image, bench -> bench.controller().tap().arm(Fault.LOST)))
                .contains("not so: every task came back").anyMatch(fault -> fault.startsWith("freeSlots="));
    }

    @Test
    void aDoubleCompletionThatWasNotExpectedIsNoticed() {
        assertThat(faults(image -> image, bench -> bench.controller().tap().arm(Fault.DOUBLE)))
                .anyMatch(fault -> fault.startsWith("misuse " + Misuse.DOUBLE_COMPLETION))
                .anyMatch(fault -> fault.startsWith("not so: STALE_COMPLETIONS="));
    }

    @Test
    void aMisuseThatDidNotHappenIsNoticed() {
        try (PatternBench bench = new PatternBench(Setting.of(SEED))) {
            PatternAudit audit = new PatternAudit(bench);
            audit.expect(Misuse.LATE_COMPLETION);
            bench.openLoad(0);
            bench.load(10);
            audit.finish();
            assertThat(audit.faults()).containsExactly("misuse LATE_COMPLETION was not reported");
        }
    }

    @Test
    void aSlotThatSomebodyKeepsIsNoticed() {
        try (PatternBench bench = new PatternBench(Setting.of(SEED))) {
            PatternAudit audit = new PatternAudit(bench);
            StampedLoad load = bench.openLoad(0);
            bench.load(10);
            var kept = load.client().claim(0);
            audit.finish();
            assertThat(kept).isNotNull();
            assertThat(audit.faults()).containsExactly("freeSlots=63 != 64");
        }
    }

    private static Trigger often() {
        return Trigger.oneIn(new SplittableRandom(SEED), 50);
    }

    private static List<String> faults(UnaryOperator<DiskImage> medium, Consumer<PatternBench> fault) {
        try (PatternBench bench = new PatternBench(Setting.of(SEED).withMedium(medium))) {
            PatternAudit audit = new PatternAudit(bench);
            bench.openLoad(0);
            bench.load(4);
            fault.accept(bench);
            bench.load(60);
            audit.finish();
            return audit.faults();
        }
    }
}
