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
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads what [TuneJson] wrote. Keys that it does not know are left alone.
final class TuneJsonReader {
    private final JsonTree tree;
    private final Map<Cell, CellResult> cells = new HashMap<>();

    private TuneJsonReader(JsonTree tree) {
        this.tree = tree;
    }

    static boolean isTune(JsonTree tree) {
        return tree.find("format").isPresent();
    }

    static TuneReport report(JsonTree tree) {
        String format = tree.at("format").text();
        if (!format.equals(TuneJson.FORMAT)) {
            throw tree.at("format").refusal("is \"" + format + "\" != \"" + TuneJson.FORMAT + "\"");
        }
        long version = tree.at("version").integer();
        if (version != TuneJson.VERSION) {
            throw tree.at("version").refusal("is " + version + " != " + TuneJson.VERSION
                    + ", read it with the Trilane that wrote it");
        }
        return new TuneJsonReader(tree).report();
    }

    private TuneReport report() {
        checkPercentiles();
        List<CellResult> results = tree.at("cells").list(this::cellResult);
        TuneResult result = new TuneResult(tree.at("target").text(), tree.at("goal").as(TuneJsonReader::goal), results,
                optional(tree.at("recommendation")).map(this::recommendation), tree.at("knees").list(
                        node -> new Knee(node.at("cell").as(TuneJsonReader::cell), node.at("share_of_peak").number())),
                tree.at("little").list(
                        node -> new LittleCheck(node.at("cell").as(TuneJsonReader::cell), node.at("ratio").number())),
                tree.at("fits").list(TuneJsonReader::fit), tree.at("spent_ns").integer(), tree.at("ending").text(),
                tree.at("complete").isTrue(), tree.at("notes").list(JsonTree::text));
        return new TuneReport(result, machine(), tree.find("time").map(node -> node.as(TuneJsonReader::time)));
    }

    private void checkPercentiles() {
        JsonTree node = tree.at("percentiles");
        if (!node.list(JsonTree::number).equals(LatencySummary.PERCENTILES)) {
            throw node.refusal("are not " + LatencySummary.PERCENTILES);
        }
    }

    private static Optional<JsonTree> optional(JsonTree node) {
        return node.isNull() ? Optional.empty() : Optional.of(node);
    }

    private static Instant time(JsonTree node) {
        try {
            return Instant.parse(node.text());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("\"" + node.text() + "\" is not a time", e);
        }
    }

    private static TuneGoal goal(JsonTree node) {
        return new TuneGoal(node.at("rw").as(mode -> RwMode.parse(mode.text())), node.at("rwmixread").count(),
                node.at("bs").list(JsonTree::integer), node.at("iodepth").list(JsonTree::count),
                node.at("bundle").list(JsonTree::count), node.at("numjobs").list(JsonTree::count),
                optional(node.at("objective")).map(objective -> new Objective(objective.at("percentile").number(),
                        objective.at("limit_ns").integer())),
                node.at("budget_ns").integer(), node.at("seed").integer());
    }

    private static Cell cell(JsonTree node) {
        List<Long> numbers = node.list(4, JsonTree::integer);
        return new Cell(numbers.get(0), Math.toIntExact(Math.clamp(numbers.get(1), 0, Integer.MAX_VALUE)),
                Math.toIntExact(Math.clamp(numbers.get(2), 0, Integer.MAX_VALUE)),
                Math.toIntExact(Math.clamp(numbers.get(3), 0, Integer.MAX_VALUE)));
    }

    private CellResult cellResult(JsonTree node) {
        Cell cell = node.at("cell").as(TuneJsonReader::cell);
        List<Double> rounds = node.at("rounds_bw_bytes").list(JsonTree::number);
        CellResult result = new CellResult(cell, interval(node.at("iops")), interval(node.at("bw_bytes")),
                latency(node.at("latency_ns")), rounds, node.at("at_ns").list(rounds.size(), JsonTree::integer),
                interval(node.at("objective_ns")), node.at("steady").isTrue(), node.at("meets_objective").isTrue(),
                node.at("equal_to_best").isTrue(), node.at("errors").integer());
        if (cells.put(cell, result) != null) {
            throw node.refusal("is there twice: " + Labels.fullCell(cell));
        }
        return result;
    }

    private static LatencySummary latency(JsonTree node) {
        return new LatencySummary(node.at("N").integer(), node.at("min").integer(), node.at("max").integer(),
                node.at("mean").number(), node.at("stddev").number(),
                node.at("percentile").list(LatencySummary.PERCENTILES.size(), JsonTree::integer));
    }

    private static Interval interval(JsonTree node) {
        List<Double> numbers = node.list(3, JsonTree::number);
        // So written, it also refuses what is no number.
        if (!(numbers.get(0) <= numbers.get(1) && numbers.get(1) <= numbers.get(2))) {
            throw node.refusal("is " + numbers + ", not low <= median <= high");
        }
        return new Interval(numbers.get(0), numbers.get(1), numbers.get(2));
    }

    private Recommendation recommendation(JsonTree node) {
        return new Recommendation(known(node.at("chosen")), known(node.at("best")),
                node.at("equals").list(this::known), node.at("sentence").text());
    }

    private CellResult known(JsonTree node) {
        Cell cell = node.as(TuneJsonReader::cell);
        CellResult result = cells.get(cell);
        if (result == null) {
            throw node.refusal("is not among the cells: " + Labels.fullCell(cell));
        }
        return result;
    }

    private static ScalabilityFit fit(JsonTree node) {
        return new ScalabilityFit(node.at("cell").as(TuneJsonReader::cell), node.at("lambda").number(),
                node.at("sigma").number(), node.at("kappa").number(), node.at("error").number(),
                node.at("peak_depth").number(), node.at("points").count());
    }

    private Machine machine() {
        JsonTree node = tree.at("environment");
        return new Machine(tree.at("trilane version").text(),
                new Environment(node.at("os").text(), node.at("arch").text(), node.at("processors").count(),
                        node.at("memory_bytes").integer(), node.at("java").text(), node.at("vm").text()),
                node.at("cpu").text(), node.at("jvm_options").list(JsonTree::text));
    }
}
