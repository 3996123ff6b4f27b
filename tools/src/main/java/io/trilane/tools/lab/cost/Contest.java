package io.trilane.tools.lab.cost;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// Lets contenders take turns, round by round, after finding out how many operations fill a round. Used once, by one
/// thread.
final class Contest {
    private static final int WARM_UP_SHARE = 2;
    private static final long MOST_OPERATIONS = 1L << 40;

    /// Something that can be timed.
    interface Contender {
        /// Runs so many operations.
        void run(long operations);
    }

    private final List<? extends Contender> contenders;
    private final LongSupplier nanoClock;

    Contest(List<? extends Contender> contenders, LongSupplier nanoClock) {
        this.contenders = List.copyOf(contenders);
        this.nanoClock = nanoClock;
    }

    /// Each contender does as much as fills `roundNs`.
    List<Samples> run(int rounds, long roundNs, long leastOperations) {
        long[] operations = new long[contenders.size()];
        for (int i = 0; i < operations.length; i++) {
            operations[i] = warmUp(contenders.get(i), roundNs, leastOperations);
        }
        return measure(rounds, operations);
    }

    /// Each contender does the same work: what the first one does in `roundNs`.
    List<Samples> runSameWork(int rounds, long roundNs, long leastOperations) {
        long[] operations = new long[contenders.size()];
        long same = warmUp(contenders.getFirst(), roundNs, leastOperations);
        for (int i = 0; i < operations.length; i++) {
            operations[i] = same;
            contenders.get(i).run(Math.max(leastOperations, same / WARM_UP_SHARE));
        }
        return measure(rounds, operations);
    }

    private long warmUp(Contender contender, long roundNs, long leastOperations) {
        long operations = Math.max(1, leastOperations);
        double ns = timed(contender, operations);
        while (ns < (double) roundNs / WARM_UP_SHARE && operations < MOST_OPERATIONS) {
            operations *= 2;
            ns = timed(contender, operations);
        }
        return Math.max(leastOperations, (long) (operations * (roundNs / Math.max(1, ns))));
    }

    private List<Samples> measure(int rounds, long[] operations) {
        List<List<Double>> nsPerOp = new ArrayList<>();
        contenders.forEach(_ -> nsPerOp.add(new ArrayList<>()));
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < operations.length; i++) {
                // Who comes second may find a warmer cache: take turns.
                int turn = (round + i) % operations.length;
                nsPerOp.get(turn).add(timed(contenders.get(turn), operations[turn]) / operations[turn]);
            }
        }
        return nsPerOp.stream().map(Samples::new).toList();
    }

    private double timed(Contender contender, long operations) {
        long startNs = nanoClock.getAsLong();
        contender.run(operations);
        return Math.max(1, nanoClock.getAsLong() - startNs);
    }
}
