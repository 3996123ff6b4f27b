package io.trilane.perf.harness;

import io.trilane.engine.task.HotPath;
import java.util.SplittableRandom;

/// When requests are to start: a seeded schedule, made as it is needed. The first arrival is one distance after the start. Two with
/// one seed are one schedule. Belongs to one job's thread; allocates nothing.
@HotPath
final class Arrivals {
    private final RateProcess process;
    private final double gapNs;
    private final SplittableRandom random;
    private long startNs;
    private long drawn;
    /// Since the start. A double counts nanoseconds of a hundred days.
    private double offsetNs;

    Arrivals(OpenLoop rate, long seed) {
        this.process = rate.process();
        this.gapNs = rate.gapNs();
        this.random = new SplittableRandom(seed);
    }

    /// A new schedule begins at this moment.
    void startAt(long ns) {
        startNs = ns;
        drawn = 0;
        offsetNs = 0;
        advance();
    }

    /// All arrivals to come are this much later.
    void shift(long ns) {
        startNs += ns;
    }

    /// The next arrival.
    long nextNs() {
        return startNs + (long) offsetNs;
    }

    /// On to the one behind it.
    void advance() {
        drawn++;
        // A multiple and not a sum: no error adds up.
        offsetNs = process == RateProcess.LINEAR ? drawn * gapNs
                : offsetNs - Math.log(1 - random.nextDouble()) * gapNs;
    }
}
