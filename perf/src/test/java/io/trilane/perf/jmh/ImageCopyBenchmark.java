package io.trilane.perf.jmh;

import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskMemory;
import io.trilane.engine.task.TaskPool;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageRegistry;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// 32 copies out of an image at random places, per copy: one after another, and anticipated together first.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
        "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ImageCopyBenchmark {
    private static final int BUNDLE = 32;
    private static final int PLACES = 1 << 16;

    /// Large enough to miss every cache; the test run makes it small.
    @Param("512m")
    public String size = "";
    @Param({"512", "4096", "16384", "65536"})
    public int lengthBytes;

    private final TaskMemory memory = new TaskMemory(BUNDLE, 64 << 20);
    private final Task[] tasks = new Task[BUNDLE];
    private final long[] places = new long[PLACES];
    private final long[] bundle = new long[BUNDLE];
    @SuppressWarnings("NullAway.Init")
    private DiskImage image;
    private int next;

    @Setup(Level.Trial)
    public void open() {
        image = new ImageRegistry().open("memory:" + size, false, 512);
        TaskPool pool = new TaskPool(memory, 0);
        pool.open(BUNDLE);
        SplittableRandom random = new SplittableRandom(1);
        long count = image.capacityBlocks() * image.blockBytes() / lengthBytes;
        for (int i = 0; i < PLACES; i++) {
            places[i] = random.nextLong(count) * lengthBytes;
        }
        for (int i = 0; i < BUNDLE; i++) {
            tasks[i] = Objects.requireNonNull(pool.claim(this, 0, lengthBytes));
        }
        for (long at = 0; at < count; at++) {
            long _ = image.submit(DiskImage.Operation.WRITE, at * lengthBytes, lengthBytes, tasks[0].extents(), 0);
        }
    }

    @TearDown(Level.Trial)
    public void close() {
        image.close();
    }

    @Benchmark
    @OperationsPerInvocation(BUNDLE)
    public long oneAfterAnother() {
        return copyAll();
    }

    @Benchmark
    @OperationsPerInvocation(BUNDLE)
    public long anticipated() {
        for (int i = 0; i < BUNDLE; i++) {
            bundle[i] = places[next + i & PLACES - 1];
        }
        image.anticipate(bundle, BUNDLE, lengthBytes == 512 ? 512 : 1);
        return copyAll();
    }

    private long copyAll() {
        long result = 0;
        for (int i = 0; i < BUNDLE; i++) {
            result += image.submit(DiskImage.Operation.READ, places[next++ & PLACES - 1], lengthBytes,
                    tasks[i].extents(), 0);
        }
        return result;
    }
}
