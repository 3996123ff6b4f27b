package io.trilane.perf.harness;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/// Latencies of a run, interval by interval, as HdrHistogram's log (`.hlog`): values in nanoseconds, the column of the
/// maximum in milliseconds, a tag per kind of request. Written while the run goes on. One thread.
public final class LatencyLog implements AutoCloseable {
    private static final double NS_PER_MS = 1e6;

    private final Path path;
    private final PrintStream stream;
    private final HistogramLogWriter writer;

    private LatencyLog(Path path, PrintStream stream) {
        this.path = path;
        this.stream = stream;
        this.writer = new HistogramLogWriter(stream);
    }

    /// Overwrites a file that is there.
    public static LatencyLog create(Path path) throws IOException {
        return new LatencyLog(path, new PrintStream(Files.newOutputStream(path), false, StandardCharsets.UTF_8));
    }

    /// Once, before the first interval.
    ///
    /// @param epochMs when the run began; intervals count from there
    void begin(long epochMs) {
        writer.outputComment("[trilane bench: latencies in nanoseconds; StartTimestamp in seconds from BaseTime]");
        writer.outputLogFormatVersion();
        writer.outputStartTime(epochMs);
        writer.outputBaseTime(epochMs);
        writer.outputLegend();
    }

    /// @param startNs since the run began
    void interval(String tag, long startNs, long endNs, Histogram histogram) {
        histogram.setTag(tag);
        writer.outputIntervalHistogram(startNs / 1e9, endNs / 1e9, histogram, NS_PER_MS);
    }

    /// @throws IOException something of it could not be written
    @Override
    public void close() throws IOException {
        boolean failed = stream.checkError();
        writer.close();
        if (failed || stream.checkError()) {
            throw new IOException("hlog=" + path + " cannot be written, what is in it is incomplete");
        }
    }
}
