package io.trilane.perf.harness;

import java.util.ArrayList;
import java.util.List;

/// How much faster several jobs are than one: rounds with one job and with all of them alternate in one process. Used
/// once, by one thread.
public final class JobScaling {
    private static final double ROUND_SECONDS = 0.2;
    private static final long FIRST_ROUND_REQUESTS = 4096;

    private JobScaling() {}

    /// @param ratio        median of `ratios`
    /// @param ratios       rate of all jobs over the rate of one, per round
    /// @param singleNsPerOp median
    public record Result(double ratio, List<Double> ratios, double singleNsPerOp) {}

    public static Result run(BenchPlan plan, List<BenchDisk> disks) {
        try (Crew<Job> crew = new Crew<>("trilane-bench-job-", false)) {
            crew.open(plan.jobs(), index -> Job.open(index, plan, disks, System::nanoTime));
            Rounds single = new Rounds(crew, 1);
            Rounds all = new Rounds(crew, plan.jobs());
            long operations = warmUp(plan, single, all);
            single.clear();
            all.clear();
            List<Double> ratios = new ArrayList<>();
            long startNs = System.nanoTime();
            while (ratios.size() < CopyLimit.MIN_ROUNDS || System.nanoTime() - startNs < plan.runtimeNs()) {
                long _ = single.engine(operations);
                long _ = all.engine(operations);
                ratios.add(all.lastIops() / single.lastIops());
            }
            return new Result(CopyLimit.median(ratios), List.copyOf(ratios), CopyLimit.median(single.engineNsPerOp()));
        }
    }

    private static long warmUp(BenchPlan plan, Rounds single, Rounds all) {
        long startNs = System.nanoTime();
        long operations = FIRST_ROUND_REQUESTS;
        do {
            long _ = all.engine(operations);
            long _ = single.engine(operations);
            operations = Math.max(1, (long) (single.lastIops() * ROUND_SECONDS / CopyLimit.MIN_ROUNDS));
        } while (System.nanoTime() - startNs < plan.rampNs());
        double seconds = Math.min(ROUND_SECONDS, plan.runtimeNs() / 1e9 / (2 * CopyLimit.MIN_ROUNDS));
        return Math.max(1, (long) (single.lastIops() * seconds));
    }
}
