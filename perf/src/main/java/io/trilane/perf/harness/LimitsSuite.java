package io.trilane.perf.harness;

import io.trilane.engine.ThreadingMode;
import io.trilane.hba.image.ByteSize;
import io.trilane.hba.image.NullImage;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// The speed goals of this project, measured one after the other on one temporary image. A row that falls short is
/// reported as it is. Used once, by one thread.
public final class LimitsSuite {
    private static final int DEPTH = 32;
    private static final long NULL_BYTES = 1L << 30;
    private static final long SMALL = 512;
    private static final long PAGE = 4096;
    private static final List<Size> SIZES =
            List.of(new Size(SMALL, DEPTH, 0.50, 0.75), new Size(PAGE, DEPTH, 0.90, 0.97),
                    new Size(16 << 10, DEPTH, 0.90, 0.97), new Size(64 << 10, DEPTH, 0.90, 0.97),
                    new Size(128 << 10, DEPTH, 0.90, 0.97), new Size(256 << 10, 8, 0.85, 0.97),
                    new Size(1 << 20, 4, 0.85, 0.97));

    private record Size(long requestBytes, int depth, double least, double reach) {}

    /// One line of the table.
    ///
    /// @param value       what was measured, in the unit that the name says
    /// @param least       the goal that must be met
    /// @param lowerIsBetter whether the goals are upper bounds
    /// @param detail      for people
    public record Row(String name, double value, double least, double reach, boolean lowerIsBetter, String detail) {
        public boolean isMet() {
            return lowerIsBetter ? value <= least : value >= least;
        }

        public boolean isReached() {
            return lowerIsBetter ? value <= reach : value >= reach;
        }
    }

    private final BenchDisk disk;
    private final long runtimeNs;
    private final long rampNs;
    private final BooleanSupplier stopped;

    /// @param disk      a temporary file
    /// @param runtimeNs of each row
    /// @param stopped   asked between rows
    public LimitsSuite(BenchDisk disk, long runtimeNs, long rampNs, BooleanSupplier stopped) {
        // Write rows overwrite the stamps, so nobody looks for them.
        this.disk =
                new BenchDisk(disk.name(), disk.kind(), disk.file(), disk.opener(), disk.region(), Optional.empty());
        this.runtimeNs = runtimeNs;
        this.rampNs = rampNs;
        this.stopped = stopped;
    }

    /// Gives each row to `out` as soon as it is there.
    public void run(Consumer<Row> out) {
        double smallCopyNs = Double.NaN;
        for (Size size : SIZES) {
            for (RwMode mode : List.of(RwMode.RANDREAD, RwMode.RANDWRITE)) {
                if (stopped.getAsBoolean()) {
                    return;
                }
                CopyLimit limit = measure(size, mode);
                smallCopyNs = Double.isNaN(smallCopyNs) ? best(limit) : smallCopyNs;
                out.accept(new Row(name(size, mode) + ", x copy", limit.ratio(), size.least, size.reach, false,
                        String.format(Locale.ROOT, "engine %.0f ns, %s %.0f ns",
                                CopyLimit.median(limit.engineNsPerOp()), limit.contender(), best(limit))));
            }
        }
        if (!stopped.getAsBoolean()) {
            out.accept(nullRow(smallCopyNs));
        }
        if (!stopped.getAsBoolean()) {
            out.accept(scalingRow());
        }
    }

    private CopyLimit measure(Size size, RwMode mode) {
        Workload workload = Workload.of(mode, size.requestBytes, size.depth);
        RunResult result = new Bench(plan(workload, 1, BenchPlan.CopyLimitMode.ON), List.of(disk), BenchListener.SILENT)
                .run();
        requireGood(result);
        return result.copyLimit().orElseThrow();
    }

    private Row nullRow(double smallCopyNs) {
        Workload workload = Workload.of(RwMode.RANDREAD, SMALL, DEPTH);
        BenchDisk nothing = new BenchDisk("null:1g", BenchDisk.Kind.NULL, Optional.empty(),
                () -> new NullImage(NULL_BYTES, (int) SMALL), new Region(0, NULL_BYTES), Optional.empty());
        RunResult result = new Bench(plan(workload, 1, BenchPlan.CopyLimitMode.OFF), List.of(nothing),
                BenchListener.SILENT).run();
        requireGood(result);
        double nsPerOp = CopyLimit.median(result.engineNsPerOp());
        return new Row("null image, one task / one 512 B copy", nsPerOp / smallCopyNs, 0.60, 0.35, true,
                String.format(Locale.ROOT, "task %.0f ns, copy %.0f ns", nsPerOp, smallCopyNs));
    }

    private Row scalingRow() {
        Workload workload = Workload.of(RwMode.RANDREAD, PAGE, DEPTH);
        JobScaling.Result result = JobScaling.run(plan(workload, 2, BenchPlan.CopyLimitMode.OFF), List.of(disk));
        return new Row("4k randread, 2 jobs / 1 job", result.ratio(), 1.80, 1.95, false,
                String.format(Locale.ROOT, "one job %.0f ns per request, %d processors",
                        result.singleNsPerOp(), Runtime.getRuntime().availableProcessors()));
    }

    private BenchPlan plan(Workload workload, int jobs, BenchPlan.CopyLimitMode copyLimit) {
        return new BenchPlan(workload, ThreadingMode.INVOKER, jobs, runtimeNs, rampNs, 0, copyLimit,
                new StampIdentity(workload.seed(), 1));
    }

    private static void requireGood(RunResult result) {
        if (!result.isGood()) {
            throw new IllegalStateException(result.errors() + " requests failed, first: "
                    + result.jobs().getFirst().firstError().orElse("unknown"));
        }
    }

    private static double best(CopyLimit limit) {
        return limit.contenders().stream().filter(c -> c.name().equals(limit.contender()))
                .mapToDouble(CopyLimit.Contender::medianNsPerOp).findFirst().orElseThrow();
    }

    private static String name(Size size, RwMode mode) {
        return ByteSize.format(size.requestBytes) + " " + mode.option() + " depth " + size.depth;
    }
}
