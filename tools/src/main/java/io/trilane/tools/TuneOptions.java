package io.trilane.tools;

import io.trilane.perf.harness.RwMode;
import io.trilane.perf.tune.Objective;
import io.trilane.perf.tune.TuneGoal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The options of `trilane tune`, with fio's names where fio has them. Filled in by the parser.
final class TuneOptions {
    private static final int PERCENT = 100;

    @Parameters(arity = "0..1", paramLabel = "TARGET",
            description = "What to load: an image file, null:SIZE, memory:SIZE, iscsi://HOST[:PORT]/IQN/LUN, "
                    + "nbd://HOST[:PORT]/EXPORT, nbd+unix:///EXPORT?socket=PATH. Default: memory:1g.")
    @Nullable
    String target;

    @Option(names = "--against", paramLabel = "TARGET",
            description = "A second target: both are tuned, then measured in alternation.")
    @Nullable
    String against;

    @Option(names = "--plain",
            description = "Load a file or block device by plain reads and writes, depth by threads, instead of as an image.")
    boolean plain;

    @Option(names = "--direct", description = "With --plain: past the page cache, where that works.")
    boolean direct;

    @Option(names = "--device-model", paramLabel = "NAME|FILE",
            description = "Load a modelled device instead, in simulated time; TARGET then holds its bytes (default: null:64g). "
                    + "See docs/tuning.md.")
    @Nullable
    String deviceModel;

    @Option(names = "--real-time", description = "With --device-model: take as long as the device would.")
    boolean realTime;

    @Option(names = "--allow-overwrite", description = "Let a write workload overwrite what is on the target.")
    boolean allowOverwrite;

    @Option(names = "--chap-secret-file", paramLabel = "FILE",
            description = "For iscsi://USER@...: its first line is the secret.")
    @Nullable
    Path chapSecretFile;

    @Option(names = {"--rw", "--readwrite"}, paramLabel = "MODE", defaultValue = "randread",
            description = "read, write, randread, randwrite, rw or randrw. Default: ${DEFAULT-VALUE}.")
    String rw = "randread";

    @Option(names = "--rwmixread", paramLabel = "PERCENT", defaultValue = "50",
            description = "Reads in a mixed workload. Default: ${DEFAULT-VALUE}.")
    int rwMixRead = 50;

    @Option(names = {"--bs", "--blocksize"}, paramLabel = "LIST", defaultValue = "4k..4m",
            description = "Request sizes to begin with: 4k,64k,1m or 4k..1m, doubling. Default: ${DEFAULT-VALUE}.")
    String bs = "4k..4m";

    @Option(names = "--iodepth", paramLabel = "LIST", defaultValue = "1..64",
            description = "Queue depths to begin with. Default: ${DEFAULT-VALUE}.")
    String ioDepth = "1..64";

    @Option(names = "--bundle", paramLabel = "LIST", defaultValue = "1,8,32",
            description = "Most requests handed over in one call, where the target takes bundles. Default: ${DEFAULT-VALUE}.")
    String bundle = "1,8,32";

    @Option(names = "--numjobs", paramLabel = "LIST", defaultValue = "1,2",
            description = "Ways in at the same time, each with a thread. Default: ${DEFAULT-VALUE}.")
    String numJobs = "1,2";

    @Option(names = "--slo", paramLabel = "TEXT",
            description = "Most latency: p99<500us. Without it the best throughput is searched.")
    @Nullable
    String slo;

    @Option(names = "--budget", paramLabel = "TIME", defaultValue = "2m",
            description = "How long to search, by the target's clock. Default: ${DEFAULT-VALUE}.")
    String budget = "2m";

    @Option(names = "--ramp_time", paramLabel = "TIME", defaultValue = "0",
            description = "How long to load a cell each time before it is measured: longer than a write cache lasts. "
                    + "Default: up to 200 ms, by the budget.")
    String rampTime = "0";

    @Option(names = "--randseed", paramLabel = "N", defaultValue = "1",
            description = "Seed of offsets, order and intervals. Default: ${DEFAULT-VALUE}.")
    long randSeed = 1;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the result as JSON; - is standard output.")
    @Nullable
    String json;

    @Option(names = "--csv", paramLabel = "FILE", description = "Write a line for each cell; - is standard output.")
    @Nullable
    String csv;

    @Option(names = "--report", paramLabel = "FILE",
            description = "Write a page with plots, one file that opens offline.")
    @Nullable
    String report;

    @Option(names = "--svg", paramLabel = "DIR", description = "Write each plot into this directory.")
    @Nullable
    Path svg;

    TuneGoal goal() {
        if (rwMixRead < 0 || rwMixRead > PERCENT) {
            throw new IllegalArgumentException("rwmixread=" + rwMixRead + " not in 0..100, choose a percentage");
        }
        return new TuneGoal(mode(), rwMixRead, ValueList.sizes("bs", bs),
                ValueList.counts("iodepth", ioDepth),
                ValueList.counts("bundle", bundle), ValueList.counts("numjobs", numJobs),
                Optional.ofNullable(slo).map(Objective::parse), Quantities.timeNs("budget", budget), randSeed);
    }

    /// An unmap moves no bytes: there is no throughput to search for.
    RwMode mode() {
        RwMode mode = RwMode.parse(rw);
        if (mode.unmaps()) {
            throw new IllegalArgumentException("rw=" + rw
                    + " moves no bytes, choose one of read, write, randread, randwrite, rw, randrw");
        }
        return mode;
    }

    /// 0: by the budget.
    long rampNs() {
        return Quantities.timeNs("ramp_time", rampTime);
    }

    /// Targets that were named, or the default.
    List<String> targets() {
        String first = target != null ? target : deviceModel != null ? "null:64g" : "memory:1g";
        return against == null ? List.of(first) : List.of(first, against);
    }
}
