package io.trilane.perf.tune;

import io.trilane.perf.harness.LatencySummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// One cell and what was measured of it so far. On the search's thread.
final class Candidate {
    private static final Interval NOTHING = new Interval(0, 0, 0);

    private final Cell cell;
    private final Optional<Objective> objective;
    private final long seed;
    private final List<Double> iops = new ArrayList<>();
    private final List<Double> bytesPerSecond = new ArrayList<>();
    private final List<Long> atNs = new ArrayList<>();
    private final List<Double> objectiveNs = new ArrayList<>();
    private @Nullable Histogram latency;
    private CellMeter.@Nullable Load load;
    private long errors;
    private long overheadNs;
    private boolean repeated;
    private @Nullable String failure;
    /// Drawn once per measurement; null: not yet.
    private @Nullable Interval throughputInterval;
    private @Nullable Interval objectiveInterval;

    /// @param seed of the whole search
    Candidate(Cell cell, Optional<Objective> objective, long seed) {
        this.cell = cell;
        this.objective = objective;
        this.seed = ((seed * 31 + cell.requestBytes()) * 31 + cell.depth()) * 31 + cell.bundle() * 64L + cell.jobs();
    }

    Cell cell() {
        return cell;
    }

    /// Opened by the first measurement.
    CellMeter.Load load(CellMeter meter) {
        CellMeter.Load opened = load == null ? meter.open(cell) : load;
        load = opened;
        return opened;
    }

    void close() {
        CellMeter.Load opened = load;
        load = null;
        if (opened != null) {
            opened.close();
        }
    }

    /// The rounds of the coarse grid are shorter and stand alone in time: the first repetition replaces them.
    void add(CellMeter.Sample sample, long beganNs, boolean repetition) {
        if (repetition && !repeated) {
            repeated = true;
            iops.clear();
            bytesPerSecond.clear();
            atNs.clear();
            objectiveNs.clear();
            latency = null;
        }
        throughputInterval = null;
        objectiveInterval = null;
        iops.add(sample.rate());
        bytesPerSecond.add(sample.rate() * cell.requestBytes());
        atNs.add(beganNs);
        objective.ifPresent(wanted -> objectiveNs.add((double) sample.latency()
                .getValueAtPercentile(wanted.percentile())));
        errors += sample.errors();
        if (latency == null) {
            latency = sample.latency();
            latency.setAutoResize(true);
        } else {
            latency.add(sample.latency());
        }
    }

    /// What a measurement took beside the time that was asked for: opening, warming up, waiting for the last requests.
    void onOverhead(long newOverheadNs) {
        overheadNs = Math.max(0, newOverheadNs);
    }

    long overheadNs() {
        return overheadNs;
    }

    void fail(String reason) {
        failure = reason;
    }

    Optional<String> failure() {
        return errors > 0 && failure == null ? Optional.of("errors=" + errors) : Optional.ofNullable(failure);
    }

    boolean isUsable() {
        return failure == null && errors == 0 && !iops.isEmpty();
    }

    /// Repetitions so far; the round of the coarse grid is one as long as there is no other.
    int rounds() {
        return iops.size();
    }

    /// Bytes per second.
    List<Double> throughputs() {
        return bytesPerSecond;
    }

    double throughput() {
        return bytesPerSecond.isEmpty() ? 0
                : Bootstrap.median(bytesPerSecond.stream().mapToDouble(Double::doubleValue).toArray());
    }

    Interval throughputInterval() {
        Interval known = throughputInterval == null ? interval(bytesPerSecond) : throughputInterval;
        throughputInterval = known;
        return known;
    }

    Interval objectiveInterval() {
        Interval known = objectiveInterval == null ? interval(objectiveNs) : objectiveInterval;
        objectiveInterval = known;
        return known;
    }

    double meanLatencyNs() {
        return latency == null ? 0 : latency.getMean();
    }

    /// True without an objective. The whole interval has to be within it.
    boolean meetsObjective() {
        return objective.isEmpty() || !objectiveNs.isEmpty() && objectiveInterval().high() < objective.get().limitNs()
                && latency != null
                && latency.getValueAtPercentile(objective.get().percentile()) < objective.get().limitNs();
    }

    boolean isSteady() {
        return SteadyState.isSteady(bytesPerSecond);
    }

    /// @param equal cannot be told from the best
    CellResult result(boolean equal) {
        LatencySummary summary = LatencySummary.of(latency == null ? new Histogram(1) : latency);
        return new CellResult(cell, interval(iops), throughputInterval(), summary, List.copyOf(bytesPerSecond),
                List.copyOf(atNs), objectiveInterval(), isSteady(), meetsObjective(), equal, errors);
    }

    long seed() {
        return seed;
    }

    private Interval interval(List<Double> values) {
        return values.isEmpty() ? NOTHING : Bootstrap.median(values, seed);
    }
}
