package io.trilane.perf.jmh;

import io.trilane.engine.queue.Doorbell;
import io.trilane.engine.queue.SerialQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// One element through a serial queue on one thread: alone, and in a bundle of 32 with one claim.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
        "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SerialQueueBenchmark {
    private static final int BUNDLE = 32;

    private final SerialQueue<Object> queue = new SerialQueue<>("benchmark", 64, Doorbell.silent());
    private final SerialQueue.Bundle<Object> bundle = new SerialQueue.Bundle<>(BUNDLE);
    private final Object element = new Object();

    @Benchmark
    public @Nullable Object single() {
        boolean taken = queue.offer(element);
        return taken ? queue.poll() : null;
    }

    @Benchmark
    @OperationsPerInvocation(BUNDLE)
    public int bundled() {
        bundle.clear();
        for (int i = 0; i < BUNDLE; i++) {
            bundle.add(element);
        }
        int sent = queue.offer(bundle);
        while (queue.poll() != null) {
            sent--;
        }
        return sent;
    }
}
