package io.trilane.perf.tune;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// All candidates, and the time that is left to measure them. Belongs to the search's thread; anyone may stop it.
final class Field implements AutoCloseable {
    /// A shorter round is mostly its own beginning and end.
    static final long SHORTEST_ROUND_NS = 1_000_000;

    /// A longer one would not be more certain.
    static final long LONGEST_ROUND_NS = 1_000_000_000;

    /// Warm-up and a round, each of two queues at least.
    private static final int QUEUE_TURNS = 4;

    private final TuneGoal goal;
    private final CellMeter meter;
    private final TuneListener listener;
    private final long startNs;
    private final TreeMap<Cell, Candidate> candidates = new TreeMap<>(Grid.ORDER);
    private double lastThroughput;
    /// Of the budget, kept for later.
    private long reservedNs;
    private volatile boolean stopped;

    Field(TuneGoal goal, CellMeter meter, TuneListener listener) {
        this.goal = goal;
        this.meter = meter;
        this.listener = listener;
        this.startNs = meter.nanoClock().getAsLong();
    }

    Collection<Candidate> candidates() {
        return candidates.values();
    }

    boolean contains(Cell cell) {
        return candidates.containsKey(cell);
    }

    /// By the disk's clock, since the search began.
    long spentNs() {
        return meter.nanoClock().getAsLong() - startNs;
    }

    long remainingNs() {
        return Math.max(0, goal.budgetNs() - reservedNs - spentNs());
    }

    /// Keeps a part of the budget back; 0 gives it free.
    void reserve(long ns) {
        reservedNs = ns;
    }

    boolean isStopped() {
        return stopped;
    }

    /// False when the search is at its end, or so near to it that a round would be a short one.
    boolean hasTimeFor(long roundNs) {
        return !stopped && remainingNs() >= Math.max(SHORTEST_ROUND_NS, roundNs / 2);
    }

    /// Any thread.
    void stop() {
        stopped = true;
        meter.stop();
    }

    /// Measures a cell for about `wantedNs`. What goes wrong is the cell's trouble: it is noted and the cell is out.
    ///
    /// @param repetition one of the interleaved ones
    void measure(Cell cell, long wantedNs, boolean repetition) {
        Candidate candidate = candidates.computeIfAbsent(cell,
                key -> new Candidate(key, goal.objective(), goal.seed()));
        long beganNs = spentNs();
        try {
            CellMeter.Load load = candidate.load(meter);
            long roundNs = Math.min(wantedNs, remainingNs());
            if (roundNs == 0 || stopped) {
                return;
            }
            long roundAtNs = spentNs();
            CellMeter.Sample sample = load.measure(roundNs);
            // A round that was cut short is better than none.
            if (sample.errors() > 0 || sample.requests() > 0 && (!stopped || candidate.rounds() == 0)) {
                candidate.add(sample, roundAtNs, repetition);
                lastThroughput = sample.rate() * cell.requestBytes();
            }
            candidate.onOverhead(spentNs() - beganNs - roundNs);
        } catch (RuntimeException e) {
            candidate.fail(String.valueOf(e.getMessage()));
        }
        if (candidate.failure().isPresent()) {
            close(candidate);
        }
    }

    /// A hopeless cell needs no memory any more.
    void close(Candidate candidate) {
        try {
            candidate.close();
        } catch (RuntimeException e) {
            candidate.fail(String.valueOf(e.getMessage()));
        }
    }

    void report(String phase, int done, int planned, Optional<Cell> cell) {
        listener.onProgress(
                new TuneListener.Progress(phase, done, planned, Math.max(0, goal.budgetNs() - spentNs()), cell,
                        lastThroughput));
    }

    /// How long it would take to fill and drain a cell's queue a few times, judged by what smaller depths of its size gave; 0:
    /// nobody knows.
    long estimateNs(Cell cell) {
        double most = candidates.values().stream()
                .filter(other -> other.isUsable() && other.cell().requestBytes() == cell.requestBytes())
                .mapToDouble(Candidate::throughput).max().orElse(0);
        return most == 0 ? 0 : (long) (QUEUE_TURNS * cell.bytesInFlight() / most * 1e9);
    }

    List<Candidate> usable() {
        return candidates.values().stream().filter(Candidate::isUsable).toList();
    }

    @Override
    public void close() {
        candidates.values().forEach(this::close);
    }
}
