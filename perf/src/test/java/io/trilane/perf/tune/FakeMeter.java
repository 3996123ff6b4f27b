package io.trilane.perf.tune;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/// A disk that is a formula, with a clock of its own and noise by seed. A round takes as long as was asked for.
final class FakeMeter implements CellMeter {
    static final long OPEN_NS = 3_000_000;
    private static final int REQUESTS = 200;

    final ToDoubleFunction<Cell> iops;
    final double noise;
    final Random random;
    final List<Cell> measured = new ArrayList<>();
    long nowNs = 1_000;
    int open;
    long longestRoundNs;
    Runnable onMeasure = () -> {};
    ToDoubleFunction<Cell> drift = _ -> 0;
    ToDoubleFunction<Cell> errors = _ -> 0;
    boolean stopped;

    /// @param iops  requests per second of a cell
    /// @param noise standard deviation of a round, as a part of it
    FakeMeter(ToDoubleFunction<Cell> iops, double noise, long seed) {
        this.iops = iops;
        this.noise = noise;
        this.random = new Random(seed);
    }

    /// Closed loop on `channels` servers with a time each, a fixed way there and back, and a wire: the least of three limits.
    static ToDoubleFunction<Cell> queue(double wayNs, double commandNs, double nsPerByte, int channels,
            double bytesPerSecond) {
        return cell -> {
            double serviceNs = commandNs + nsPerByte * cell.requestBytes();
            double byDepth = cell.concurrency() / (wayNs + serviceNs) * 1e9;
            double byChannels = channels / serviceNs * 1e9;
            return Math.min(byDepth, Math.min(byChannels, bytesPerSecond / cell.requestBytes()));
        };
    }

    @Override
    public Load open(Cell cell) {
        nowNs += OPEN_NS;
        open++;
        return new Load() {
            @Override
            public Sample measure(long wantedNs) {
                onMeasure.run();
                measured.add(cell);
                longestRoundNs = Math.max(longestRoundNs, wantedNs);
                double factor = 1 + noise * random.nextGaussian() + drift.applyAsDouble(cell) * nowNs / 1e9;
                double rate = iops.applyAsDouble(cell) * Math.max(0.01, factor);
                nowNs += wantedNs;
                return new Sample(Math.max(1, (long) (rate * wantedNs / 1e9)), wantedNs, rate, latency(cell, rate),
                        (long) errors.applyAsDouble(cell));
            }

            @Override
            public void close() {
                open--;
            }
        };
    }

    /// By Little's law, from 0.8 to 1.2 times the mean.
    private static Histogram latency(Cell cell, double rate) {
        Histogram histogram = new Histogram(3_600_000_000_000L, 3);
        double meanNs = cell.concurrency() / rate * 1e9;
        for (int i = 0; i < REQUESTS; i++) {
            histogram.recordValue((long) (meanNs * (0.8 + 0.4 * i / (REQUESTS - 1))));
        }
        return histogram;
    }

    @Override
    public LongSupplier nanoClock() {
        return () -> nowNs;
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public void close() {}
}
