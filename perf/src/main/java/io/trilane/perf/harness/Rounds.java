package io.trilane.perf.harness;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Alternates engine, contenders and latency taking, and collects what each round took. On the bench's thread.
final class Rounds {
    private final Crew<Job> crew;
    private final int active;
    private final List<String> contenderNames;
    private final List<Double> engineNsPerOp = new ArrayList<>();
    private final List<List<Double>> contenderNsPerOp = new ArrayList<>();
    private final Totals[] totals;
    private double lastIops;

    /// Sums over one job's measured rounds.
    static final class Totals {
        private final RequestCounts counts = new RequestCounts();
        private long elapsedNs;

        RequestCounts counts() {
            return counts;
        }

        long elapsedNs() {
            return elapsedNs;
        }
    }

    /// @param active how many of the crew's jobs take part
    Rounds(Crew<Job> crew, int active) {
        this.crew = crew;
        this.active = active;
        this.contenderNames = crew.jobs().getFirst().contenders().stream().map(CopyContender::name).toList();
        this.totals = new Totals[active];
        clear();
    }

    /// Forgets everything measured so far.
    void clear() {
        engineNsPerOp.clear();
        contenderNsPerOp.clear();
        contenderNames.forEach(_ -> contenderNsPerOp.add(new ArrayList<>()));
        Arrays.setAll(totals, _ -> new Totals());
    }

    /// One round of each, `operations` requests per job; returns how many the slowest job made.
    ///
    /// @param latencyOperations 0: latencies are taken in the engine's rounds
    long cycle(long operations, long latencyOperations) {
        long done = engine(operations);
        for (int i = 0; done > 0 && i < contenderNames.size(); i++) {
            // Who comes second finds a warmer cache: take turns.
            contender((count() + i) % contenderNames.size(), done);
        }
        if (latencyOperations > 0) {
            List<Boolean> _ = crew.run(active, job -> {
                job.latencyRound(latencyOperations);
                return true;
            });
        }
        return done;
    }

    /// A round of the engine alone.
    long engine(long operations) {
        List<RoundSample> samples = crew.run(active, job -> job.engineRound(operations));
        double rate = 0;
        long least = operations;
        for (int i = 0; i < samples.size(); i++) {
            RoundSample sample = samples.get(i);
            totals[i].counts.add(sample.counts());
            totals[i].elapsedNs += sample.elapsedNs();
            rate += sample.operationsPerNs();
            least = Math.min(least, sample.operations());
        }
        lastIops = rate * 1e9;
        engineNsPerOp.add(1 / rate);
        return least;
    }

    /// A round of one contender.
    void contender(int index, long operations) {
        double rate = crew.run(active, job -> job.contenderRound(index, operations)).stream()
                .mapToDouble(RoundSample::operationsPerNs).sum();
        contenderNsPerOp.get(index).add(1 / rate);
    }

    /// The engine's requests per second in its last round.
    double lastIops() {
        return lastIops;
    }

    int count() {
        return engineNsPerOp.size();
    }

    List<Double> engineNsPerOp() {
        return List.copyOf(engineNsPerOp);
    }

    List<CopyLimit.Contender> contenders() {
        List<CopyLimit.Contender> contenders = new ArrayList<>();
        for (int i = 0; i < contenderNames.size(); i++) {
            contenders.add(new CopyLimit.Contender(contenderNames.get(i), List.copyOf(contenderNsPerOp.get(i))));
        }
        return contenders;
    }

    Totals totals(int job) {
        return totals[job];
    }
}
