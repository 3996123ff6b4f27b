package io.trilane.tools;

import io.trilane.perf.harness.LatencyPlan;
import io.trilane.perf.harness.OpenLoop;
import io.trilane.perf.harness.PercentileText;
import io.trilane.perf.harness.RateProcess;
import io.trilane.perf.harness.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of `trilane bench` that are about latency, and what they mean. Filled in by the parser.
final class BenchLatencyOptions {
    @Option(names = "--rate_iops", paramLabel = "N",
            description = "Open loop: start N requests per second and job, whatever became of those before; at most "
                    + "--iodepth are in flight. Latency counts from the intended start.")
    @Nullable
    Long rateIops;

    @Option(names = "--rate_process", paramLabel = "linear|poisson",
            description = "How they are spread over time. Default: linear.")
    @Nullable
    String rateProcess;

    @Option(names = "--stage-latency",
            description = "Say where the time goes: queue wait, execution, interrupt, delivery. Costs five clock calls "
                    + "per request where latency is taken.")
    boolean stages;

    @Option(names = "--hgrm", paramLabel = "FILE",
            description = "Write the latency percentiles of all requests as HdrHistogram text, in microseconds.")
    @Nullable
    String percentiles;

    @Option(names = "--hlog", paramLabel = "FILE",
            description = "Write the latencies of each interval as HdrHistogram log, in nanoseconds.")
    @Nullable
    String log;

    LatencyPlan plan() {
        if (rateIops == null && rateProcess != null) {
            throw new IllegalArgumentException("rate_process=" + rateProcess + " without a rate, add --rate_iops");
        }
        RateProcess process = rateProcess == null ? RateProcess.LINEAR : RateProcess.parse(rateProcess);
        return new LatencyPlan(Optional.ofNullable(rateIops).map(rate -> new OpenLoop(rate, process)), stages);
    }

    boolean isAnyGiven() {
        return rateIops != null || rateProcess != null || stages || percentiles != null || log != null;
    }

    void writePercentiles(RunResult result) throws IOException {
        Optional<Histogram> histogram = result.latency().histogram();
        if (percentiles != null && histogram.isPresent()) {
            PercentileText.write(Path.of(percentiles), histogram.get());
        }
    }
}
