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
        return new RunResult(plan, disks, results, all(results, RequestKind.READ), all(results, RequestKind.WRITE),
                all(results, RequestKind.FLUSH), all(results, RequestKind.UNMAP), rounds.engineNsPerOp(),
                copyLimit(copyNote), copyNote, verification, interrupted, List.copyOf(notes), detail());
    }

    private LatencyDetail detail() {
        List<StageRecorder> stages = jobs.stream().flatMap(job -> job.stages().stream()).toList();
        List<OpenLoopJob> open = jobs.stream().flatMap(job -> job.open().stream()).toList();
        Histogram service = LatencyRecorder.newHistogram();
        for (RequestKind kind : RequestKind.values()) {
            jobs.forEach(job -> service.add(job.latency().histogram(kind)));
        }
        Histogram response = LatencyRecorder.newHistogram();
        open.forEach(job -> response.add(job.response()));
        Optional<OpenLoopResult> openLoop =
                plan.latency().openLoop().map(rate -> openLoop(rate, open, response, service));
        return new LatencyDetail(openLoop, stages.isEmpty() ? Optional.empty() : Optional.of(StageLatency.of(stages)),
                Optional.of(open.isEmpty() ? service : response));
    }

    private OpenLoopResult openLoop(OpenLoop rate, List<OpenLoopJob> open, Histogram response, Histogram service) {
        double achieved = 0;
        for (int i = 0; i < jobs.size(); i++) {
            Rounds.Totals totals = rounds.totals(i);
            achieved += totals.counts().requests() * NS_PER_SECOND / Math.max(1, totals.elapsedNs());
        }
        return new OpenLoopResult(rate, (double) rate.rateIops() * jobs.size(), achieved,
                open.stream().mapToLong(OpenLoopJob::mostBacklog).max().orElse(0),
                open.stream().mapToLong(OpenLoopJob::behindNs).max().orElse(0), LatencySummary.of(response),
                LatencySummary.of(service));
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
        long ios = Math.max(1, totals.counts().requests());
        double elapsedNs = Math.max(1, totals.elapsedNs());
        return new JobResult("job" + index, stats(index, RequestKind.READ), stats(index, RequestKind.WRITE),
                stats(index, RequestKind.FLUSH), stats(index, RequestKind.UNMAP), meter.userNs() / elapsedNs,
                (meter.cpuNs() - meter.userNs()) / elapsedNs, (double) meter.allocatedBytes() / ios,
                job.target().errors(), Optional.ofNullable(job.target().firstError()));
    }

    private IoStats stats(int index, RequestKind kind) {
        Rounds.Totals totals = rounds.totals(index);
        long ios = totals.counts().requests(kind);
        long bytes = totals.counts().bytes(kind);
        double seconds = totals.elapsedNs() / NS_PER_SECOND;
        return new IoStats(ios, bytes, totals.elapsedNs(), seconds == 0 ? 0 : ios / seconds,
                seconds == 0 ? 0 : bytes / seconds, LatencySummary.of(jobs.get(index).latency().histogram(kind)));
    }

    /// Jobs run at the same time: rates add up, time does not.
    private IoStats all(List<JobResult> results, RequestKind kind) {
        List<IoStats> stats = results.stream().map(result -> result.stats(kind)).toList();
        Histogram merged = new Histogram(jobs.getFirst().latency().histogram(kind));
        jobs.forEach(job -> merged.add(job.latency().histogram(kind)));
        return new IoStats(stats.stream().mapToLong(IoStats::ios).sum(), stats.stream().mapToLong(IoStats::bytes).sum(),
                stats.stream().mapToLong(IoStats::runtimeNs).max().orElse(0),
                stats.stream().mapToDouble(IoStats::iops).sum(),
                stats.stream().mapToDouble(IoStats::bytesPerSecond).sum(), LatencySummary.of(merged));
    }
}
