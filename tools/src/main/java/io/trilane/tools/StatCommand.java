package io.trilane.tools;

import io.trilane.engine.EngineConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `trilane stat`: what running servers do, per logical unit and nexus, read from their mapped files. They do not notice.
@Command(
        name = "stat",
        mixinStandardHelpOptions = true,
        description = {"Shows what running servers do, per logical unit and connection, every second, like top.",
                "Rates and latencies are those of the last interval, errors and refusals those since the start."})
final class StatCommand implements Callable<Integer> {
    private static final String CLEAR = "\u001b[H\u001b[2J";

    @Option(names = "--once", description = "Show one interval, then end.")
    private boolean once;

    @Option(names = "--json",
            description = "One JSON object per server and interval, each on a line; its latencies are "
                    + "those since the start.")
    private boolean json;

    @Option(names = "--pid", paramLabel = "N", description = "Only this server.")
    private @Nullable Long pid;

    @Option(names = "--interval", paramLabel = "TIME", defaultValue = "1",
            description = "Time between two looks: 1, 500ms. Default: ${DEFAULT-VALUE} second.")
    private String interval = "1";

    @Option(names = "--counters-directory", paramLabel = "DIR",
            description = "Where the server was told to have its counters.")
    private @Nullable Path countersDirectory;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        long intervalNs = Quantities.timeNs("interval", interval);
        if (intervalNs == 0) {
            throw new IllegalArgumentException("interval=" + interval + " < 1ms, choose a longer one");
        }
        Path directory = countersDirectory != null ? countersDirectory
                : EngineConfig.defaults().countersDirectory().orElseThrow();
        OptionalLong wanted = pid == null ? OptionalLong.empty() : OptionalLong.of(pid);
        CountDownLatch stop = new CountDownLatch(1);
        try (Interruption interruption = new Interruption()) {
            interruption.onRequest(stop::countDown);
            watch(directory, wanted, intervalNs, stop);
        }
        return 0;
    }

    /// Until it is interrupted, or, once it had found some, no server runs any more.
    private void watch(Path directory, OptionalLong wanted, long intervalNs, CountDownLatch stop) throws IOException {
        boolean clears = !once && !json && ProgressLine.onTerminal();
        Map<Path, StatSample> before = samples(StatSample.find(directory, wanted));
        if (before.isEmpty()) {
            throw new IOException((pid == null ? "no server is" : "no server of pid=" + pid + " is")
                    + " running in counters-directory=" + directory + ", start one: trilane serve --image FILE");
        }
        try {
            while (!before.isEmpty() && !stop.await(intervalNs, TimeUnit.NANOSECONDS)) {
                Map<Path, StatSample> now = samples(StatSample.find(directory, wanted));
                if (clears) {
                    out().print(CLEAR);
                }
                for (Map.Entry<Path, StatSample> sample : now.entrySet()) {
                    StatSample earlier = before.getOrDefault(sample.getKey(), sample.getValue());
                    out().print(json ? StatText.json(earlier, sample.getValue())
                            : StatText.human(earlier, sample.getValue()));
                }
                out().flush();
                before = now;
                if (once) {
                    return;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Of those that still run.
    private static Map<Path, StatSample> samples(List<Path> files) throws IOException {
        Map<Path, StatSample> samples = new LinkedHashMap<>();
        for (Path file : files) {
            try {
                samples.put(file, StatSample.read(file, System.nanoTime()));
            } catch (NoSuchFileException _) {
                // It has ended meanwhile.
            }
        }
        return samples;
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
