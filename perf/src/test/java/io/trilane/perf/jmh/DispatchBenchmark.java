package io.trilane.perf.jmh;

import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskMemory;
import io.trilane.engine.task.TaskPool;
import io.trilane.engine.task.TransferDirection;
import io.trilane.hba.LogicalUnit;
import io.trilane.hba.LogicalUnitConfig;
import io.trilane.hba.SlowImageWork;
import io.trilane.hba.Target;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.NullImage;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// One command on the hardware's side: decode, gate, family, response; no queue and no copy.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
        "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DispatchBenchmark {
    /// Operation code of READ(10), WRITE(10), READ(16), TEST UNIT READY; "mixed" takes them in turn.
    @Param({"28", "2A", "88", "00", "mixed"})
    public String operation = "";

    private static final int TASKS = 4;

    private final TaskMemory memory = new TaskMemory(TASKS, 1 << 20);
    private final Task[] tasks = new Task[TASKS];
    private long finished;
    @SuppressWarnings("NullAway.Init")
    private Target target;
    private int next;

    @Setup
    public void open() {
        TaskPool pool = new TaskPool(memory, 0);
        pool.open(TASKS);
        target = new Target(0, task -> finished += task.bytesTransferred());
        target.add(0, new LogicalUnit(LogicalUnitConfig.ofSerial("JMH"), new NullImage(1 << 20, 512), new NoSlowWork(),
                task -> finished += task.bytesTransferred(), TASKS));
        String[] codes = operation.equals("mixed") ? new String[]{"28", "2A", "88", "00"}
                : new String[]{operation, operation, operation, operation};
        for (int i = 0; i < TASKS; i++) {
            tasks[i] = Objects.requireNonNull(pool.claim(this, 0, 512));
            prepare(tasks[i], Integer.parseInt(codes[i], 16));
            if (!tasks[i].moveToQueued() || !tasks[i].moveToActive()) {
                throw new IllegalStateException("slot=" + i + " is not claimed");
            }
            target.execute(tasks[i]);
        }
    }

    @Benchmark
    public long execute() {
        target.execute(tasks[next++ & TASKS - 1]);
        return finished;
    }

    private static void prepare(Task task, int code) {
        task.setTargetId(0);
        task.setLun(0);
        task.setCdbByte(0, code);
        switch (code) {
            case 0x00 -> task.setCdbLength(6);
            case 0x88 -> {
                task.setCdbByte(13, 1);
                task.setCdbLength(16);
            }
            default -> {
                task.setCdbByte(8, 1);
                task.setCdbLength(10);
            }
        }
        if (code != 0) {
            task.setTransfer(code == 0x2A ? TransferDirection.TO_TARGET : TransferDirection.FROM_TARGET, 512);
        }
    }

    /// Nothing here is slow.
    private static final class NoSlowWork implements SlowImageWork {
        @Override
        public void submit(LogicalUnit unit, Task task, DiskImage.Operation what, long offset, long length) {
            throw new IllegalStateException("no slow work expected");
        }

        @Override
        public void submitInBackground(LogicalUnit unit, DiskImage.Operation what, long offset, long length) {
            throw new IllegalStateException("no slow work expected");
        }
    }
}
