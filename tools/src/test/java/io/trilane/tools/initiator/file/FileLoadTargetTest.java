package io.trilane.tools.initiator.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.perf.harness.RequestKind;
import io.trilane.perf.harness.RwMode;
import io.trilane.tools.initiator.slot.DiskRules;
import io.trilane.tools.initiator.slot.Runs;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The end of a way to a device that does not answer.
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FileLoadTargetTest {
    private static final int BYTES = 4096;
    private static final long LOOK_NS = 10_000_000_000L;
    private static final DiskRules RULES = new DiskRules("stuck", 512, BYTES, false, true, false, true);

    @Test
    void closesWithoutTheThreadThatIsStuck() throws InterruptedException {
        StuckChannel channel = new StuckChannel();
        FileLoadTarget target = target(channel);
        try {
            Runs.start(target, RequestKind.READ, 0);
            channel.awaitReader();
            target.close();
            assertThat(channel.isOpen()).as("closing would have waited for the reader").isTrue();
            target.close();
            assertThat(target.inFlight()).isEqualTo(1);
        } finally {
            channel.letGo();
        }
    }

    /// Patience is over at every look.
    private static FileLoadTarget target(StuckChannel channel) {
        AtomicLong now = new AtomicLong();
        LongSupplier clock = () -> now.addAndGet(LOOK_NS);
        return new FileLoadTarget(channel, RULES, Runs.workload(RwMode.READ, BYTES, 1), 0, BYTES, clock).start();
    }
}
