package io.trilane.perf.report;

import io.trilane.perf.harness.BenchDisk;
import io.trilane.perf.harness.CopyLimit;
import io.trilane.perf.harness.Environment;
import io.trilane.perf.harness.IoStats;
import io.trilane.perf.harness.JobResult;
import io.trilane.perf.harness.LatencySummary;
import io.trilane.perf.harness.OpenLoopResult;
import io.trilane.perf.harness.RunResult;
import io.trilane.perf.harness.StageLatency;
import io.trilane.perf.harness.StampFailure;
import io.trilane.perf.harness.Workload;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/// A result for programs: the keys of fio's JSON with fio's units, and an object `trilane` for the rest. Rates come from
/// measured rounds, `clat_ns` from latency rounds.
public final class JsonReport {
    /// What fio reports for a failed request, and for a block that is not what was written.
    private static final int EIO = 5;
    private static final int EILSEQ = 84;
    private static final double PERCENT = 100;
    private static final long NS_PER_MS = 1_000_000;

    private final RunResult result;
    private final JsonGenerator json;

    private JsonReport(RunResult result, JsonGenerator json) {
        this.result = result;
        this.json = json;
    }

    /// Writes the result; the stream stays open.
    public static void write(RunResult result, Instant when, OutputStream out) throws IOException {
        JsonFactory factory = JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
        try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8)) {
            new JsonReport(result, json).all(when);
        }
        out.write('\n');
        out.flush();
    }

    private void all(Instant when) {
        json.writeStartObject();
        String version = JsonReport.class.getPackage().getImplementationVersion();
        json.writeStringProperty("trilane version", version == null ? "unknown" : version);
        json.writeNumberProperty("timestamp", when.getEpochSecond());
        json.writeNumberProperty("timestamp_ms", when.toEpochMilli());
        json.writeStringProperty("time", when.toString());
        options("global options");
        json.writeArrayPropertyStart("jobs");
        for (JobResult job : result.jobs()) {
            job(job);
        }
        json.writeEndArray();
        trilane();
        json.writeEndObject();
    }

    private void options(String name) {
        Workload workload = result.plan().workload();
        json.writeObjectPropertyStart(name);
        json.writeStringProperty("rw", workload.mode().option());
        if (workload.mix().sizes().count() == 1) {
            json.writeStringProperty("bs", Long.toString(workload.requestBytes()));
        } else {
            json.writeStringProperty("bssplit", workload.mix().sizes().option());
        }
        json.writeStringProperty("rwmixread", Integer.toString(workload.rwMixRead()));
        json.writeStringProperty("fsync", Integer.toString(workload.mix().flushEvery()));
        json.writeStringProperty("unmap_percent", Integer.toString(workload.mix().unmapPercent()));
        json.writeStringProperty("random_distribution", workload.mix().places().option());
        json.writeStringProperty("iodepth", Integer.toString(workload.depth()));
        json.writeStringProperty("numjobs", Integer.toString(result.plan().jobs()));
        json.writeStringProperty("randseed", Long.toString(workload.seed()));
        json.writeEndObject();
    }

    /// Wrong blocks are counted for all jobs together; fio's keys show them with the first.
    private void job(JobResult job) {
        long failedBlocks = job.equals(result.jobs().getFirst()) ? result.verification().failedBlocks() : 0;
        json.writeStartObject();
        json.writeStringProperty("jobname", job.name());
        json.writeNumberProperty("groupid", 0);
        json.writeNumberProperty("error", job.errors() != 0 ? EIO : failedBlocks != 0 ? EILSEQ : 0);
        io("read", job.read());
        io("write", job.write());
        // fio's names for these.
        io("trim", job.unmap());
        sync(job.flush());
        json.writeNumberProperty("usr_cpu", job.userCpu() * PERCENT);
        json.writeNumberProperty("sys_cpu", job.systemCpu() * PERCENT);
        json.writeNumberProperty("total_err", job.errors() + failedBlocks);
        json.writeEndObject();
    }

    private void io(String name, IoStats stats) {
        json.writeObjectPropertyStart(name);
        json.writeNumberProperty("io_bytes", stats.bytes());
        json.writeNumberProperty("io_kbytes", stats.bytes() / 1024);
        json.writeNumberProperty("bw_bytes", Math.round(stats.bytesPerSecond()));
        json.writeNumberProperty("bw", Math.round(stats.bytesPerSecond() / 1024));
        json.writeNumberProperty("iops", stats.iops());
        json.writeNumberProperty("runtime", stats.ios() == 0 ? 0 : stats.runtimeNs() / NS_PER_MS);
        json.writeNumberProperty("total_ios", stats.ios());
        latency("clat_ns", stats.latency());
        json.writeEndObject();
    }

    private void sync(IoStats stats) {
        json.writeObjectPropertyStart("sync");
        json.writeNumberProperty("total_ios", stats.ios());
        latency("lat_ns", stats.latency());
        json.writeEndObject();
    }

    private void latency(String name, LatencySummary latency) {
        json.writeObjectPropertyStart(name);
        json.writeNumberProperty("min", latency.minNs());
        json.writeNumberProperty("max", latency.maxNs());
        json.writeNumberProperty("mean", latency.meanNs());
        json.writeNumberProperty("stddev", latency.deviationNs());
        json.writeNumberProperty("N", latency.count());
        json.writeObjectPropertyStart("percentile");
        for (double percentile : LatencySummary.PERCENTILES) {
            json.writeNumberProperty(String.format(Locale.ROOT, "%.6f", percentile), latency.valueNs(percentile));
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private void trilane() {
        json.writeObjectPropertyStart("trilane");
        json.writeNumberProperty("iops", result.iops());
        json.writeNumberProperty("bw_bytes", Math.round(result.bytesPerSecond()));
        json.writeNumberProperty("rounds", result.engineNsPerOp().size());
        numbers("engine_ns_per_op", result.engineNsPerOp());
        copyLimit();
        json.writeNumberProperty("allocated_bytes_per_io",
                result.jobs().stream().mapToDouble(JobResult::allocatedPerIo).max().orElse(0));
        json.writeNumberProperty("errors", result.errors());
        json.writeBooleanProperty("interrupted", result.interrupted());
        json.writeNumberProperty("seed", result.plan().workload().seed());
        json.writeNumberProperty("bundle", result.plan().workload().bundle());
        json.writeStringProperty("threading", result.plan().threading().name().toLowerCase(Locale.ROOT));
        openLoop();
        stages();
        verification();
        images();
        environment();
        json.writeArrayPropertyStart("notes");
        result.notes().forEach(json::writeString);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void openLoop() {
        if (result.latency().openLoop().isEmpty()) {
            return;
        }
        OpenLoopResult open = result.latency().openLoop().get();
        json.writeObjectPropertyStart("open_loop");
        json.writeNumberProperty("rate_iops", open.rate().rateIops());
        json.writeStringProperty("rate_process", open.rate().process().option());
        json.writeNumberProperty("wanted_iops", open.wantedIops());
        json.writeNumberProperty("achieved_iops", open.achievedIops());
        json.writeNumberProperty("most_backlog", open.mostBacklog());
        json.writeNumberProperty("behind_ns", open.behindNs());
        latency("response_ns", open.response());
        latency("service_ns", open.service());
        json.writeEndObject();
    }

    private void stages() {
        if (result.latency().stages().isEmpty()) {
            return;
        }
        StageLatency stages = result.latency().stages().get();
        json.writeObjectPropertyStart("stage_latency");
        latency("queue_wait_ns", stages.queueWait());
        latency("execution_ns", stages.execution());
        latency("interrupt_ns", stages.interrupt());
        latency("delivery_ns", stages.delivery());
        latency("total_ns", stages.total());
        json.writeEndObject();
    }

    private void copyLimit() {
        json.writeObjectPropertyStart("copy_limit");
        if (result.copyLimit().isEmpty()) {
            json.writeNullProperty("ratio");
            json.writeStringProperty("reason", result.copyLimitNote());
            json.writeEndObject();
            return;
        }
        CopyLimit limit = result.copyLimit().get();
        json.writeNumberProperty("ratio", limit.ratio());
        json.writeNumberProperty("rounds", limit.ratios().size());
        json.writeStringProperty("contender", limit.contender());
        json.writeStringProperty("place", limit.place());
        numbers("ratios", limit.ratios());
        json.writeNumberProperty("engine_ns_per_op", CopyLimit.median(limit.engineNsPerOp()));
        json.writeObjectPropertyStart("contenders");
        for (CopyLimit.Contender contender : limit.contenders()) {
            json.writeObjectPropertyStart(contender.name());
            json.writeNumberProperty("ns_per_op", contender.medianNsPerOp());
            numbers("rounds_ns_per_op", contender.nsPerOp());
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private void verification() {
        RunResult.Verification verification = result.verification();
        json.writeObjectPropertyStart("verify");
        json.writeNumberProperty("checked_blocks", verification.checkedBlocks());
        json.writeNumberProperty("failed_blocks", verification.failedBlocks());
        json.writeBooleanProperty("complete", verification.complete());
        json.writeArrayPropertyStart("failures");
        for (StampFailure failure : verification.failures()) {
            json.writeStartObject();
            json.writeStringProperty("image", failure.image());
            json.writeNumberProperty("lba", failure.lba());
            json.writeStringProperty("verdict", failure.verdict().name().toLowerCase(Locale.ROOT));
            json.writeStringProperty("expected", failure.expected());
            json.writeStringProperty("found", failure.found());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void images() {
        json.writeArrayPropertyStart("images");
        for (BenchDisk disk : result.disks()) {
            json.writeStartObject();
            json.writeStringProperty("name", disk.name());
            json.writeStringProperty("kind", disk.kind().name().toLowerCase(Locale.ROOT));
            json.writeNumberProperty("offset", disk.region().offsetBytes());
            json.writeNumberProperty("size", disk.region().sizeBytes());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void environment() {
        Environment environment = Environment.current();
        json.writeObjectPropertyStart("environment");
        json.writeStringProperty("os", environment.os());
        json.writeStringProperty("arch", environment.architecture());
        json.writeNumberProperty("processors", environment.processors());
        json.writeNumberProperty("memory_bytes", environment.memoryBytes());
        json.writeStringProperty("java", environment.java());
        json.writeStringProperty("vm", environment.vm());
        json.writeEndObject();
    }

    private void numbers(String name, List<Double> values) {
        json.writeArrayPropertyStart(name);
        values.forEach(value -> json.writeNumber((double) value));
        json.writeEndArray();
    }
}
