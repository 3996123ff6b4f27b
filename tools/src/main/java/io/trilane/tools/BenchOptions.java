package io.trilane.tools;

import io.trilane.engine.ThreadingMode;
import io.trilane.engine.task.TaskBatch;
import io.trilane.perf.harness.BenchPlan;
import io.trilane.perf.harness.RwMode;
import io.trilane.perf.harness.StampIdentity;
import io.trilane.perf.harness.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options of `trilane bench`, with fio's names and units, and what they mean. Filled in by the parser.
final class BenchOptions {
    private static final String UNLIMITED = "365d";

    @Option(names = "--image", paramLabel = "IMAGE",
            description = "A file, null:SIZE or memory:SIZE; may be given several times. Default: a temporary, "
                    + "stamped image.")
    List<String> images = new ArrayList<>();

    @Option(names = "--allow-overwrite", description = "Let a write workload overwrite an existing file.")
    boolean allowOverwrite;

    @Mixin
    WorkloadOptions requests = new WorkloadOptions();

    @Option(names = "--iodepth", paramLabel = "N", defaultValue = "32",
            description = "Requests in flight, per job. Default: ${DEFAULT-VALUE}.")
    int ioDepth = 32;

    @Option(names = "--bundle", paramLabel = "N",
            description = "Most tasks handed over in one call, 1..32. Default: 32 or the depth.")
    @Nullable
    Integer bundle;

    @Option(names = "--numjobs", paramLabel = "N", defaultValue = "1",
            description = "Engines, each with a thread and a region of its own. Default: ${DEFAULT-VALUE}.")
    int numJobs = 1;

    @Option(names = "--offset", paramLabel = "SIZE", defaultValue = "0",
            description = "Where in the image the workload begins.")
    String offset = "0";

    @Option(names = "--size", paramLabel = "SIZE",
            description = "How much of the image it uses. Default: up to the end; 1g of a temporary image.")
    @Nullable
    String size;

    @Option(names = "--runtime", paramLabel = "TIME",
            description = "How long to measure, everything included: 5, 500ms, 2m. Default: 5 seconds; until the end of the "
                    + "image for --rw write --verify.")
    @Nullable
    String runtime;

    @Option(names = "--ramp_time", paramLabel = "TIME", defaultValue = "1",
            description = "How long to warm up before. Default: ${DEFAULT-VALUE} second.")
    String rampTime = "1";

    @Option(names = "--number_ios", paramLabel = "N",
            description = "Stop after so many measured requests per job; warm-up and latency rounds come on top.")
    @Nullable
    Long numberIos;

    @Option(names = "--threading", paramLabel = "MODE", defaultValue = "invoker",
            description = "invoker or dedicated. Default: ${DEFAULT-VALUE}.")
    String threading = "invoker";

    @Option(names = "--randseed", paramLabel = "N", defaultValue = "1",
            description = "Seed of offsets, mix and stamps. Default: ${DEFAULT-VALUE}.")
    long randSeed = 1;

    @Option(names = "--fua", description = "Writes are durable when they complete.")
    boolean fua;

    @Option(names = "--verify", paramLabel = "crc32c", description = "Stamp every write, check every read.")
    @Nullable
    String verify;

    @Option(names = "--copy-limit", paramLabel = "on|off|auto", defaultValue = "auto",
            description = "Compare with a plain memory copy. Default: ${DEFAULT-VALUE}.")
    String copyLimit = "auto";

    @Option(names = "--json", paramLabel = "FILE", description = "Write the result as JSON; - is standard output.")
    @Nullable
    String json;

    @Option(names = "--suite", paramLabel = "limits",
            description = "Measure this project's speed goals, one row after the other; --runtime and --ramp_time are "
                    + "per row, --size is the image's.")
    @Nullable
    String suite;

    Workload workload() {
        if (verify != null && !verify.equals("crc32c")) {
            throw new IllegalArgumentException("verify=" + verify + " is unknown, choose crc32c");
        }
        int bundled = bundle == null ? Math.clamp(ioDepth, 1, TaskBatch.MAX_TASKS) : bundle;
        return new Workload(requests.mix(), ioDepth, bundled, fua, randSeed, verify != null);
    }

    /// @param stamps for what the run stamps
    BenchPlan plan(StampIdentity stamps) {
        if (numberIos != null && numberIos < 1) {
            throw new IllegalArgumentException("number_ios=" + numberIos + " < 1, choose at least 1");
        }
        // Stamping a disk from end to end takes as long as it takes, and so does a number of requests.
        boolean stampsAll = verify != null && requests.rw.equals(RwMode.WRITE.option()) && runtime == null;
        long requests = numberIos != null ? numberIos : stampsAll ? BenchPlan.ONE_PASS : 0;
        String time = runtime != null ? runtime : requests != 0 ? UNLIMITED : "5";
        return new BenchPlan(workload(), threadingMode(), numJobs, Quantities.timeNs("runtime", time),
                Quantities.timeNs("ramp_time", rampTime), requests, copyLimitMode(), stamps);
    }

    long offsetBytes() {
        return Quantities.size("offset", offset);
    }

    /// 0 when it was not given.
    long sizeBytes() {
        return size == null ? 0 : Quantities.positiveSize("size", size);
    }

    private ThreadingMode threadingMode() {
        return switch (threading.toLowerCase(Locale.ROOT)) {
            case "invoker" -> ThreadingMode.INVOKER;
            case "dedicated" -> ThreadingMode.DEDICATED;
            default -> throw new IllegalArgumentException("threading=" + threading
                    + " is unknown, choose invoker or dedicated");
        };
    }

    private BenchPlan.CopyLimitMode copyLimitMode() {
        return switch (copyLimit.toLowerCase(Locale.ROOT)) {
            case "on" -> BenchPlan.CopyLimitMode.ON;
            case "off" -> BenchPlan.CopyLimitMode.OFF;
            case "auto" -> BenchPlan.CopyLimitMode.AUTO;
            default -> throw new IllegalArgumentException("copy-limit=" + copyLimit
                    + " is unknown, choose on, off or auto");
        };
    }
}
