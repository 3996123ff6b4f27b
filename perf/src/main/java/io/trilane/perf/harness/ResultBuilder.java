package io.trilane.perf.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/// Turns what the jobs hold into a [RunResult]. After the last round, before the jobs are closed.
final class ResultBuilder {
    private static final double NS_PER_SECOND = 1e9;

    private final BenchPlan plan;
    private final List<BenchDisk> disks;
    private final List<Job> jobs;
    private final Rounds rounds;

    ResultBuilder(BenchPlan plan, List<BenchDisk> disks, List<Job> jobs, Rounds rounds) {
        this.plan = plan;
        this.disks = disks;
        this.jobs = jobs;
        this.rounds = rounds;
    }

    RunResult build(String copyNote, RunResult.Verification verification, boolean interrupted, List<String> notes) {
        List<JobResult> results = new ArrayList<>();
        for (int i = 0; i < jobs.size(); i++) {
            results.add(result(i));
        }
        IoStats read = all(results.stream().map(JobResult::read).toList(),
                jobs.stream().map(job -> job.latency().reads()).toList());
        IoStats write = all(results.stream().map(JobResult::write).toList(),
                jobs.stream().map(job -> job.latency().writes()).toList());
        return new RunResult(plan, disks, results, read, write, rounds.engineNsPerOp(), copyLimit(copyNote), copyNote,
                verification, interrupted, List.copyOf(notes));
    }

    private Optional<CopyLimit> copyLimit(String place) {
        int complete = rounds.contenders().stream().mapToInt(c -> c.nsPerOp().size()).min().orElse(0);
        if (complete == 0) {
            return Optional.empty();
        }
        // An interrupted cycle may have left one round without its contenders.
        List<CopyLimit.Contender> contenders = rounds.contenders().stream()
                .map(c -> new CopyLimit.Contender(c.name(), c.nsPerOp().subList(0, complete))).toList();
        return Optional.of(CopyLimit.of(rounds.engineNsPerOp().subList(0, complete), contenders, place));
    }

    private JobResult result(int index) {
        Job job = jobs.get(index);
        Rounds.Totals totals = rounds.totals(index);
        ThreadMeter meter = job.meter();
        long ios = Math.max(1, totals.reads() + totals.writes());
        double elapsedNs = Math.max(1, totals.elapsedNs());
        return new JobResult("job" + index, stats(totals.reads(), totals.elapsedNs(), job.latency().reads()),
                stats(totals.writes(), totals.elapsedNs(), job.latency().writes()), meter.userNs() / elapsedNs,
                (meter.cpuNs() - meter.userNs()) / elapsedNs, (double) meter.allocatedBytes() / ios,
                job.target().errors(), Optional.ofNullable(job.target().firstError()));
    }

    private IoStats stats(long ios, long runtimeNs, Histogram latency) {
        double perSecond = runtimeNs == 0 ? 0 : ios * NS_PER_SECOND / runtimeNs;
        long bytes = ios * plan.workload().requestBytes();
        return new IoStats(ios, bytes, runtimeNs, perSecond, perSecond * plan.workload().requestBytes(),
                LatencySummary.of(latency));
    }

    /// Jobs run at the same time: rates add up, time does not.
    private static IoStats all(List<IoStats> stats, List<Histogram> latencies) {
        Histogram merged = new Histogram(latencies.getFirst());
        latencies.forEach(merged::add);
        return new IoStats(stats.stream().mapToLong(IoStats::ios).sum(), stats.stream().mapToLong(IoStats::bytes).sum(),
                stats.stream().mapToLong(IoStats::runtimeNs).max().orElse(0),
                stats.stream().mapToDouble(IoStats::iops).sum(),
                stats.stream().mapToDouble(IoStats::bytesPerSecond).sum(), LatencySummary.of(merged));
    }
}
