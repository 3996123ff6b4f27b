package io.trilane.perf.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;

/// A latency distribution as HdrHistogram's percentile text (`.hgrm`), which plotters read. Values in microseconds.
public final class PercentileText {
    private static final int TICKS_PER_HALF_DISTANCE = 5;
    private static final double NS_PER_US = 1000;

    private PercentileText() {}

    /// Overwrites a file that is there.
    ///
    /// @param histogram in nanoseconds
    public static void write(Path path, Histogram histogram) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream text = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
            histogram.outputPercentileDistribution(text, TICKS_PER_HALF_DISTANCE, NS_PER_US);
        }
        try {
            Files.write(path, bytes.toByteArray());
        } catch (IOException e) {
            throw new IOException("hgrm=" + path + " cannot be written (" + e.getMessage() + ")", e);
        }
    }
}
