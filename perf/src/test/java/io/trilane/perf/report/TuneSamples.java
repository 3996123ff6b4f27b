package io.trilane.perf.report;

import io.trilane.perf.harness.Environment;
import io.trilane.perf.harness.LatencySummary;
import io.trilane.perf.harness.RwMode;
import io.trilane.perf.tune.Cell;
import io.trilane.perf.tune.CellResult;
import io.trilane.perf.tune.Interval;
import io.trilane.perf.tune.Knee;
import io.trilane.perf.tune.LittleCheck;
import io.trilane.perf.tune.Objective;
import io.trilane.perf.tune.Recommendation;
import io.trilane.perf.tune.ScalabilityFit;
import io.trilane.perf.tune.TuneGoal;
import io.trilane.perf.tune.TuneResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Tuning results of a disk that is a formula: requests wait for one of eight channels, then for the link; the rate is the
/// least of depth / latency, channels / service time, link / size. With seeded noise.
final class TuneSamples {
    static final List<Long> SIZES = IntStream.range(0, 9).mapToObj(i -> 4096L << i).toList();
    static final List<Integer> DEPTHS = List.of(1, 2, 4, 8, 16, 32, 64, 128);

    private static final double LINK = 3.2 * (1 << 30);
    private static final double CHANNEL = 0.55 * (1 << 30);
    private static final double OVERHEAD_NS = 55_000;
    private static final int CHANNELS = 8;
    private static final Objective P99 = new Objective(99, 2_000_000);

    private final SplittableRandom random;
    private final double speed;
    private long clockNs;

    private TuneSamples(long seed, double speed) {
        this.random = new SplittableRandom(seed);
        this.speed = speed;
    }

    /// 9 sizes by 8 depths, and refined cells around the best.
    static TuneResult rich() {
        return sample("nvme-model", 1, 1.0);
    }

    static TuneResult sample(String target, long seed, double speed) {
        List<Cell> cells = new ArrayList<>();
        for (long size : SIZES) {
            DEPTHS.forEach(depth -> cells.add(new Cell(size, depth, Math.min(depth, 32), 1)));
        }
        for (int depth : List.of(6, 12, 24)) {
            cells.add(new Cell(256 << 10, depth, depth, 1));
            cells.add(new Cell(192 << 10, depth, depth, 1));
        }
        cells.add(new Cell(256 << 10, 16, 1, 1));
        cells.add(new Cell(256 << 10, 8, 8, 2));
        return new TuneSamples(seed, speed).result(target, cells, SIZES, DEPTHS);
    }

    /// Cells for every size and depth of a large grid.
    static TuneResult large(int sizes, int depths) {
        List<Long> manySizes = IntStream.rangeClosed(1, sizes).mapToObj(i -> i * 4096L).toList();
        List<Integer> manyDepths = IntStream.rangeClosed(1, depths).boxed().toList();
        List<Cell> cells = manySizes.stream()
                .flatMap(size -> manyDepths.stream().map(depth -> new Cell(size, depth, depth, 1))).toList();
        return new TuneSamples(1, 1).result("large", cells, manySizes, manyDepths);
    }

    /// Nothing was measured.
    static TuneResult empty() {
        return new TuneResult("none", goal(List.of(4096L), List.of(1)), List.of(), Optional.empty(), List.of(),
                List.of(), List.of(), 0, "stopped before anything was measured", false, List.of());
    }

    static TuneReport report(TuneResult result) {
        Environment environment = new Environment("Linux 6.1", "amd64", 8, 34_359_738_368L, "25.0.1+8", "OpenJDK VM");
        return new TuneReport(result, new Machine("0.1", environment, "Example CPU @ 3 GHz",
                List.of("-Xmx1g", "-XX:+UseZGC")), Optional.of(Instant.parse("2026-02-03T04:05:06Z")));
    }

    private static TuneGoal goal(List<Long> sizes, List<Integer> depths) {
        return new TuneGoal(RwMode.RANDREAD, 50, sizes, depths, List.of(1, 32), List.of(1, 2), Optional.of(P99),
                120_000_000_000L, 42);
    }

    private TuneResult result(String target, List<Cell> cells, List<Long> sizes, List<Integer> depths) {
        List<CellResult> measured = cells.stream().map(this::measure)
                .sorted(Comparator.comparingLong((CellResult cell) -> cell.cell().requestBytes())
                        .thenComparingInt(cell -> cell.cell().depth()).thenComparingInt(cell -> cell.cell().bundle())
                        .thenComparingInt(cell -> cell.cell().jobs()))
                .toList();
        double best = measured.stream().filter(CellResult::meetsObjective)
                .mapToDouble(cell -> cell.bytesPerSecond().median()).max().orElse(0);
        List<CellResult> judged = measured.stream().map(cell -> withEqual(cell, cell.meetsObjective()
                && cell.bytesPerSecond().median() > best * 0.985)).toList();
        List<CellResult> equals = judged.stream().filter(CellResult::isEqualToBest).toList();
        CellResult chosen = equals.stream().min(Comparator.comparingLong(cell -> cell.cell().bytesInFlight()))
                .orElseThrow();
        CellResult top = equals.stream().max(Comparator.comparingDouble(cell -> cell.bytesPerSecond().median()))
                .orElseThrow();
        String sentence = "use " + Labels.cell(chosen.cell()) + ": " + Units.rate(chosen.bytesPerSecond().median())
                + ", p99 " + Units.time(chosen.latency().valueNs(99)) + "; more depth only adds latency";
        return new TuneResult(target, goal(sizes, depths), judged,
                Optional.of(new Recommendation(chosen, top, equals, sentence)), knees(sizes, judged),
                judged.stream().map(cell -> new LittleCheck(cell.cell(), cell.iops().median()
                        * cell.latency().meanNs() / 1e9 / cell.cell().concurrency())).toList(),
                List.of(new ScalabilityFit(new Cell(4096, 1, 1, 1), 17_000.5, 0.012, 0.00021, 0.031, 68.6, 8),
                        new ScalabilityFit(new Cell(262_144, 1, 1, 1), 1800, 0.12, 0, 0.044, 0, 11)),
                clockNs, "every candidate has 5 steady repetitions", true,
                List.of("depth is made by threads", "256 KiB x 64 was unsteady"));
    }

    private static List<Knee> knees(List<Long> sizes, List<CellResult> cells) {
        return sizes.stream().map(size -> {
            List<CellResult> curve = cells.stream().filter(cell -> cell.cell().requestBytes() == size).toList();
            double peak = curve.stream().mapToDouble(cell -> cell.bytesPerSecond().median()).max().orElse(1);
            CellResult bend = curve.stream().filter(cell -> cell.bytesPerSecond().median() > 0.85 * peak).findFirst()
                    .orElseThrow();
            return new Knee(bend.cell(), bend.bytesPerSecond().median() / peak);
        }).toList();
    }

    private CellResult measure(Cell cell) {
        double serviceNs = OVERHEAD_NS / speed + cell.requestBytes() / CHANNEL * 1e9 / speed;
        double rate = Math.min(Math.min(cell.concurrency() / serviceNs, CHANNELS / serviceNs) * 1e9,
                LINK * speed / cell.requestBytes());
        double contended = rate / (1 + 0.0004 * Math.max(0, cell.concurrency() - 16));
        List<Double> rounds = new ArrayList<>();
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            rounds.add(contended * cell.requestBytes() * (1 + (random.nextDouble() - 0.5) * 0.012));
            times.add(clockNs);
            clockNs += 250_000_000;
        }
        List<Double> sorted = rounds.stream().sorted().toList();
        Interval bytes = new Interval(sorted.getFirst(), sorted.get(2), sorted.getLast());
        Interval iops = new Interval(bytes.low() / cell.requestBytes(), bytes.median() / cell.requestBytes(),
                bytes.high() / cell.requestBytes());
        LatencySummary latency = latency(cell.concurrency() / contended * 1e9, (long) (contended / 4));
        double p99 = latency.valueNs(99);
        boolean isUnsteady = cell.requestBytes() == 256 << 10 && cell.depth() == 64;
        return new CellResult(cell, iops, bytes, latency, rounds, times,
                new Interval(p99 * 0.98, p99, p99 * 1.02), !isUnsteady, p99 < P99.limitNs(), false, 0);
    }

    private static LatencySummary latency(double meanNs, long count) {
        List<Long> values = LatencySummary.PERCENTILES.stream()
                .map(percentile -> Math.round(meanNs * (0.7 + 0.3 * -Math.log(1 - percentile / 100)))).toList();
        return new LatencySummary(Math.max(count, 200), Math.round(meanNs * 0.69), Math.round(meanNs * 4), meanNs,
                meanNs * 0.3, values);
    }

    private static CellResult withEqual(CellResult cell, boolean isEqual) {
        return new CellResult(cell.cell(), cell.iops(), cell.bytesPerSecond(), cell.latency(), cell.rounds(),
                cell.atNs(), cell.objectiveNs(), cell.isSteady(), cell.meetsObjective(), isEqual, cell.errors());
    }
}
