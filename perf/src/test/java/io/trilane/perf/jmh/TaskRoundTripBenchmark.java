package io.trilane.perf.jmh;

import io.trilane.hba.image.ImageRegistry;
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

/// One READ(10) from claim to release through all roles, per task: on the null image (everything but the copy) and on
/// memory, at several sizes; alone and in bundles of 32.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
        "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TaskRoundTripBenchmark {
    private static final int BUNDLE = 32;

    @Param({"null:64m", "memory:64m"})
    public String image = "";
    @Param({"512", "4096", "65536"})
    public int lengthBytes;

    @SuppressWarnings("NullAway.Init")
    private DiskState disk;

    @Setup(Level.Trial)
    public void open() {
        disk = new DiskState(new ImageRegistry().open(image, false, 512), lengthBytes);
    }

    @TearDown(Level.Trial)
    public void close() {
        disk.close();
    }

    @Benchmark
    public long single() {
        return disk.readBundle(1);
    }

    @Benchmark
    @OperationsPerInvocation(BUNDLE)
    public long bundled() {
        return disk.readBundle(BUNDLE);
    }
}
