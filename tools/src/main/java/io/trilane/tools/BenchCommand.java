package io.trilane.tools;

import io.trilane.perf.harness.Bench;
import io.trilane.perf.harness.BenchDisk;
import io.trilane.perf.harness.BenchPlan;
import io.trilane.perf.harness.LatencyLog;
import io.trilane.perf.harness.LimitsSuite;
import io.trilane.perf.harness.RunResult;
import io.trilane.perf.harness.StampIdentity;
import io.trilane.perf.report.HumanReport;
import io.trilane.perf.report.JsonReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `trilane bench`: how many requests per second the engine does against a disk image, what share of the copy limit that
/// is, and whether every byte was right.
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {"Measures the engine against a disk image.",
                "Without options: 4 KiB random reads at depth 32 from a temporary image, then every block is checked."})
final class BenchCommand implements Callable<Integer> {
    private static final String STANDARD_OUTPUT = "-";
    private static final String SUITE_RUNTIME = "2";

    @Parameters(arity = "0..1", paramLabel = "JOBFILE",
            description = "A fio job file: its jobs are run one after the other. Options beside it go before its own.")
    private @Nullable Path jobFile;

    @Mixin
    private BenchOptions options = new BenchOptions();

    @Mixin
    private BenchLatencyOptions latencyOptions = new BenchLatencyOptions();

    @Mixin
    private BenchDeviceOptions device = new BenchDeviceOptions();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (jobFile != null) {
            return new JobFileBench(Objects.requireNonNull(spec).commandLine()).run(JobFileRuns.read(jobFile));
        }
        requireOptions();
        if (options.suite != null && options.runtime == null) {
            options.runtime = SUITE_RUNTIME;
        }
        int generation = new SplittableRandom().nextInt(1, Integer.MAX_VALUE);
        BenchPlan plan = plan(generation);
        try (Interruption interruption = new Interruption();
                BenchDisks disks = BenchDisks.open(options, plan)) {
            if (!disks.announcement().isEmpty()) {
                err().println(disks.announcement());
            }
            return options.suite == null ? bench(plan, disks, interruption) : suite(plan, disks, interruption);
        }
    }

    /// Fails as [#call] would before it runs anything. What is on the images is not looked at: an earlier job may put it
    /// there.
    void requirePlan() throws IOException {
        requireOptions();
        BenchPlan plan = plan(1);
        BenchDisks.require(options, plan, disks -> {
            Bench _ = new Bench(plan, device.applyTo(disks, plan), new ProgressLine(err(), false, () -> {}));
        });
    }

    private void requireOptions() throws IOException {
        requireSuite();
        requirePlaces();
        device.requireFit(options);
    }

    private BenchPlan plan(int generation) {
        return options.plan(new StampIdentity(options.randSeed, generation)).withLatency(latencyOptions.plan());
    }

    private int bench(BenchPlan plan, BenchDisks disks, Interruption interruption) throws IOException {
        ProgressLine progress = new ProgressLine(err(), ProgressLine.onTerminal(), disks::onOpened);
        Bench bench = new Bench(plan, device.applyTo(disks.disks(), plan), progress);
        interruption.onRequest(bench::stop);
        RunResult result;
        try {
            result = run(bench);
        } finally {
            progress.end();
        }
        boolean jsonOut = STANDARD_OUTPUT.equals(options.json);
        PrintWriter human = jsonOut ? err() : out();
        human.print(HumanReport.of(result));
        human.flush();
        writeJson(result, jsonOut);
        latencyOptions.writePercentiles(result);
        return result.isGood() ? 0 : Failures.FAILED;
    }

    private RunResult run(Bench bench) throws IOException {
        if (latencyOptions.log == null) {
            return bench.run();
        }
        try (LatencyLog log = LatencyLog.create(Path.of(latencyOptions.log))) {
            bench.logTo(log);
            return bench.run();
        }
    }

    private int suite(BenchPlan plan, BenchDisks disks, Interruption interruption) {
        BenchDisk disk = disks.disks().getFirst();
        out().printf("%-40s %8s %9s %9s  %s%n", "goal", "measured", "at least", "reach for", "");
        LimitsSuite suite = new LimitsSuite(disk, plan.runtimeNs(), plan.rampNs(), interruption::isRequested);
        suite.run(row -> {
            String verdict = row.isReached() ? "reached" : row.isMet() ? "met" : "SHORT";
            String relation = row.lowerIsBetter() ? "<=" : ">=";
            out().printf(Locale.ROOT, "%-40s %8.3f %4s%5.2f %4s%5.2f  %-7s %s%n", row.name(), row.value(), relation,
                    row.least(), relation, row.reach(), verdict, row.detail());
            out().flush();
        });
        return 0;
    }

    private void writeJson(RunResult result, boolean toStandardOutput) throws IOException {
        if (options.json == null) {
            return;
        }
        if (toStandardOutput) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            JsonReport.write(result, Instant.now(), bytes);
            out().print(bytes.toString(StandardCharsets.UTF_8));
            out().flush();
            return;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        JsonReport.write(result, Instant.now(), bytes);
        ResultFile.of("json", options.json, options.images).write(bytes.toByteArray());
    }

    private void requireSuite() {
        if (options.suite != null && !options.suite.equals("limits")) {
            throw new IllegalArgumentException("suite=" + options.suite + " is unknown, choose limits");
        }
        if (options.suite != null && !options.images.isEmpty()) {
            throw new IllegalArgumentException("suite=" + options.suite
                    + " makes an image of its own, leave --image out");
        }
        if (options.suite != null && options.json != null) {
            throw new IllegalArgumentException("suite=" + options.suite + " prints a table only, leave --json out");
        }
        if (options.suite != null && latencyOptions.isAnyGiven()) {
            throw new IllegalArgumentException("suite=" + options.suite
                    + " decides itself how latency is taken, leave --rate_iops, --rate_process, --stage-latency, --hgrm"
                    + " and --hlog out");
        }
    }

    private void requirePlaces() throws IOException {
        OutputPlaces places = new OutputPlaces(options.images);
        if (!STANDARD_OUTPUT.equals(options.json)) {
            places.require("json", options.json);
        }
        places.require("hgrm", latencyOptions.percentiles);
        places.require("hlog", latencyOptions.log);
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    private PrintWriter err() {
        return Objects.requireNonNull(spec).commandLine().getErr();
    }
}
