package io.trilane.hba;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TransferDirection;
import java.lang.management.ManagementFactory;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The data path allocates nothing, and neither do its errors.
class NoAllocationTest {
    private static final int COMMANDS = 1_000_000;
    /// What the measurement itself may allocate.
    private static final long NOISE_BYTES = 4096;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @ValueSource(strings = {"28 00 00 00 00 05 00 00 01 00", "28 00 00 00 00 80 00 00 01 00",
            "28 01 00 00 00 05 00 00 01 00", "FF 00 00 00 00 00"})
    void readsAndTheirErrorsAllocateNothing(String cdb) {
        assertThat(allocated(cdb, TransferDirection.FROM_TARGET)).isLessThan(NOISE_BYTES);
    }

    @Test
    void writesAllocateNothing() {
        assertThat(allocated("2A 00 00 00 00 05 00 00 01 00", TransferDirection.TO_TARGET)).isLessThan(NOISE_BYTES);
    }

    private static long allocated(String cdb, TransferDirection direction) {
        Quiet quiet = new Quiet();
        try (Bench bench = Bench.standard()) {
            LogicalUnit unit = new LogicalUnit(Bench.config(), new TestImage(512, 1 << 20, false) {
                @Override
                long perform(Operation operation, long offset, long length, io.trilane.engine.task.Extents extents) {
                    return io.trilane.hba.image.ImageResult.DONE;
                }
            }, bench, quiet, 1);
            ((TestImage) unit.image()).remembers = false;
            Target target = new Target(1, quiet);
            target.add(0, unit);
            Task task = Objects.requireNonNull(bench.task(cdb, direction, 512));
            run(target, task, 50_000);
            long before = THREADS.getCurrentThreadAllocatedBytes();
            run(target, task, COMMANDS);
            return THREADS.getCurrentThreadAllocatedBytes() - before;
        }
    }

    private static void run(Target target, Task task, int count) {
        for (int i = 0; i < count; i++) {
            target.execute(task);
        }
    }

    private static final class Quiet implements CommandFinisher {
        @Override
        public void onFinished(Task task) {
            assert task.slot() >= 0;
        }
    }
}
