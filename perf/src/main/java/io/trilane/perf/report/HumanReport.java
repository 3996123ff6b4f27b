package io.trilane.perf.report;

import io.trilane.hba.image.ByteSize;
import io.trilane.perf.harness.BenchDisk;
import io.trilane.perf.harness.CopyLimit;
import io.trilane.perf.harness.IoStats;
import io.trilane.perf.harness.JobResult;
import io.trilane.perf.harness.LatencySummary;
import io.trilane.perf.harness.OffsetDistribution;
import io.trilane.perf.harness.OpenLoopResult;
import io.trilane.perf.harness.RequestMix;
import io.trilane.perf.harness.RunResult;
import io.trilane.perf.harness.StampFailure;
import io.trilane.perf.harness.Workload;
import java.util.Locale;
import java.util.stream.Collectors;

/// A result for a person: a dozen lines.
public final class HumanReport {
    /// What a schedule can miss by chance.
    private static final double REACHED = 0.98;

    private final RunResult result;
    private final StringBuilder text = new StringBuilder();

    private HumanReport(RunResult result) {
        this.result = result;
    }

    public static String of(RunResult result) {
        HumanReport report = new HumanReport(result);
        report.header();
        report.operations("read", result.read());
        report.operations("write", result.write());
        report.operations("flush", result.flush());
        report.operations("unmap", result.unmap());
        report.openLoop();
        report.stages();
        report.costs();
        report.copyLimit();
        report.verification();
        report.errors();
        result.notes().forEach(note -> report.line("note", note));
        return report.text.toString();
    }

    private void header() {
        Workload workload = result.plan().workload();
        RequestMix requests = workload.mix();
        String mix = (workload.mode().mixed() ? " " + workload.rwMixRead() + "% reads" : "")
                + (requests.unmapPercent() > 0 ? " " + requests.unmapPercent() + "% unmaps" : "")
                + (requests.flushEvery() > 0 ? " fsync=" + requests.flushEvery() : "")
                + (requests.places().kind() == OffsetDistribution.Kind.RANDOM ? "" : " " + requests.places().option());
        line("workload", Units.format("%s%s, bs=%s, iodepth=%d, bundle=%d, numjobs=%d, %s%s", workload.mode().option(),
                mix, requests.sizes().option(), workload.depth(), workload.bundle(),
                result.plan().jobs(), result.plan().threading().name().toLowerCase(Locale.ROOT),
                workload.fua() ? ", fua" : ""));
        line("image", result.disks().stream().map(HumanReport::disk).collect(Collectors.joining(", ")));
        if (result.interrupted()) {
            line("note", result.engineNsPerOp().isEmpty() ? "interrupted before anything was measured"
                    : "interrupted; this is what was measured until then");
        }
    }

    private static String disk(BenchDisk disk) {
        return disk.name() + " (" + ByteSize.format(disk.region().sizeBytes())
                + (disk.region().offsetBytes() == 0 ? ")"
                        : " from " + ByteSize.format(disk.region().offsetBytes()) + ")");
    }

    private void operations(String name, IoStats stats) {
        if (stats.ios() == 0 && stats.latency().count() == 0) {
            return;
        }
        line(name, Units.format("IOPS=%s  BW=%s  (%d requests in %s)", Units.count(stats.iops()),
                Units.rate(stats.bytesPerSecond()), stats.ios(), Units.time(stats.runtimeNs())));
        line("", (result.latency().openLoop().isPresent() ? "service " : "") + "latency " + latency(stats.latency()));
    }

    private void openLoop() {
        if (result.latency().openLoop().isEmpty()) {
            return;
        }
        OpenLoopResult open = result.latency().openLoop().get();
        boolean isReached = open.achievedIops() >= REACHED * open.wantedIops();
        line("open loop",
                Units.format("rate_iops=%d (%s)  achieved %s of %s IOPS%s  most backlog=%d  behind at the end=%s",
                        open.rate().rateIops(), open.rate().process().option(), Units.count(open.achievedIops()),
                        Units.count(open.wantedIops()),
                        isReached ? "" : ", NOT REACHED: the longer it runs the worse the latency",
                        open.mostBacklog(), Units.time(open.behindNs())));
        line("", "response, from the intended start: " + latency(open.response()));
    }

    private void stages() {
        result.latency().stages().ifPresent(stages -> {
            line("stages", "queue wait " + latency(stages.queueWait()));
            line("", "execution  " + latency(stages.execution()));
            line("", "interrupt  " + latency(stages.interrupt()));
            line("", "delivery   " + latency(stages.delivery()));
            line("", "all        " + latency(stages.total()));
        });
    }

    private static String latency(LatencySummary latency) {
        return Units.format("mean=%s p50=%s p99=%s p99.9=%s max=%s", Units.time(latency.meanNs()),
                Units.time(latency.valueNs(50)), Units.time(latency.valueNs(99)), Units.time(latency.valueNs(99.9)),
                Units.time(latency.maxNs()));
    }

    private void costs() {
        double user = result.jobs().stream().mapToDouble(JobResult::userCpu).sum();
        double system = result.jobs().stream().mapToDouble(JobResult::systemCpu).sum();
        double allocated = result.jobs().stream().mapToDouble(JobResult::allocatedPerIo).max().orElse(0);
        line("cost", Units.format("CPU=%.0f%% (user %.0f%%, system %.0f%%)  allocation=%.3f B per I/O",
                (user + system) * 100, user * 100, system * 100, allocated));
    }

    private void copyLimit() {
        if (result.copyLimit().isEmpty()) {
            line("x copy", "not measured: " + result.copyLimitNote());
            return;
        }
        CopyLimit limit = result.copyLimit().get();
        String contenders = limit.contenders().stream()
                .map(c -> Units.format("%s %.0f ns", c.name(), c.medianNsPerOp())).collect(Collectors.joining(", "));
        line("x copy", Units.format("%.2f of %s (engine %.0f ns, %s per request; median of %d rounds, copying on %s)",
                limit.ratio(), limit.contender(), CopyLimit.median(limit.engineNsPerOp()), contenders,
                limit.ratios().size(), limit.place()));
    }

    private void verification() {
        RunResult.Verification verification = result.verification();
        if (verification.checkedBlocks() == 0) {
            return;
        }
        line("stamps", verification.failedBlocks() == 0
                ? verification.checkedBlocks() + " blocks checked, all good"
                        + (verification.complete() ? "" : "; not all were read back")
                : verification.failedBlocks() + " of " + verification.checkedBlocks() + " blocks are WRONG");
        for (StampFailure failure : verification.failures()) {
            line("", failure.toString());
        }
        if (verification.failedBlocks() > verification.failures().size()) {
            line("", "... and " + (verification.failedBlocks() - verification.failures().size()) + " more");
        }
    }

    private void errors() {
        if (result.errors() > 0) {
            String first = result.jobs().stream().flatMap(job -> job.firstError().stream()).findFirst().orElse("");
            line("errors", result.errors() + " requests FAILED, first: " + first);
        }
    }

    private void line(String name, String value) {
        text.append(Units.format("%-9s %s%n", name, value));
    }
}
