package io.trilane.perf.report;

import io.trilane.perf.harness.Environment;
import io.trilane.perf.harness.LatencySummary;
import io.trilane.perf.tune.Cell;
import io.trilane.perf.tune.CellResult;
import io.trilane.perf.tune.Interval;
import io.trilane.perf.tune.Knee;
import io.trilane.perf.tune.LittleCheck;
import io.trilane.perf.tune.Recommendation;
import io.trilane.perf.tune.ScalabilityFit;
import io.trilane.perf.tune.TuneGoal;
import io.trilane.perf.tune.TuneResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/// A tuning result for programs; what was written reads back equal. Units are in the names: `_ns`, `_bytes`, and
/// `bw_bytes` for bytes per second. Numbers that do not exist are null. The keys, where `CELL` is
/// `[request bytes, depth, bundle, jobs]` and `INTERVAL` is `[low, median, high]`:
///
/// ```text
/// format           "trilane-tune"                     version     1; a reader refuses any other
/// trilane version  text                               time        ISO 8601, UTC; absent on a simulated clock
/// target           text                               complete    false: interrupted or out of budget
/// ending           text                               spent_ns    by the disk's clock
/// goal             rw, rwmixread, bs[], iodepth[], bundle[], numjobs[], objective {percentile, limit_ns} or null,
///                  budget_ns, seed
/// recommendation   null, or sentence, chosen CELL, best CELL, equals [CELL]; all of them are in "cells"
/// percentiles      what "percentile" of every cell is for
/// cells[]          cell CELL, iops INTERVAL, bw_bytes INTERVAL, latency_ns {N, min, max, mean, stddev, percentile[]},
///                  rounds_bw_bytes[], at_ns[], objective_ns INTERVAL, steady, meets_objective, equal_to_best, errors
/// knees[]          cell CELL, share_of_peak           little[]    cell CELL, ratio
/// fits[]           cell CELL (its depth means nothing), lambda, sigma, kappa, error, peak_depth, points
/// notes[]          text                               environment os, arch, processors, memory_bytes, java, vm, cpu,
///                                                     jvm_options[]
/// ```
public final class TuneJson {
    static final String FORMAT = "trilane-tune";
    static final int VERSION = 1;

    private final TuneReport report;
    private final JsonGenerator json;

    private TuneJson(TuneReport report, JsonGenerator json) {
        this.report = report;
        this.json = json;
    }

    /// Writes one line; the stream stays open.
    public static void write(TuneReport report, OutputStream out) throws IOException {
        JsonFactory factory = JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
        try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8)) {
            new TuneJson(report, json).all();
        }
        out.write('\n');
        out.flush();
    }

    /// What [#write] writes.
    public static String text(TuneReport report) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            write(report, bytes);
            return bytes.toString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @throws IllegalArgumentException the file is not a tuning result: file, line, column and what is wrong
    public static TuneReport read(Path file) {
        return TuneJsonReader.report(JsonTree.read(file));
    }

    /// As [#read(Path)].
    ///
    /// @param name of the file, for errors
    public static TuneReport read(String name, byte[] json) {
        return TuneJsonReader.report(JsonTree.parse(name, json));
    }

    private void all() {
        TuneResult result = report.result();
        json.writeStartObject();
        json.writeStringProperty("format", FORMAT);
        json.writeNumberProperty("version", VERSION);
        json.writeStringProperty("trilane version", report.machine().version());
        report.when().ifPresent(when -> json.writeStringProperty("time", when.toString()));
        json.writeStringProperty("target", result.target());
        json.writeBooleanProperty("complete", result.isComplete());
        json.writeStringProperty("ending", result.ending());
        json.writeNumberProperty("spent_ns", result.spentNs());
        goal(result.goal());
        result.recommendation().ifPresentOrElse(this::recommendation, () -> json.writeNullProperty("recommendation"));
        numbers("percentiles", LatencySummary.PERCENTILES);
        json.writeArrayPropertyStart("cells");
        result.cells().forEach(this::cellResult);
        json.writeEndArray();
        knees(result.knees());
        little(result.little());
        fits(result.fits());
        texts("notes", result.notes());
        environment(report.machine());
        json.writeEndObject();
    }

    private void goal(TuneGoal goal) {
        json.writeObjectPropertyStart("goal");
        json.writeStringProperty("rw", goal.mode().option());
        json.writeNumberProperty("rwmixread", goal.rwMixRead());
        integers("bs", goal.sizes());
        integers("iodepth", goal.depths());
        integers("bundle", goal.bundles());
        integers("numjobs", goal.jobs());
        goal.objective().ifPresentOrElse(objective -> {
            json.writeObjectPropertyStart("objective");
            number("percentile", objective.percentile());
            json.writeNumberProperty("limit_ns", objective.limitNs());
            json.writeEndObject();
        }, () -> json.writeNullProperty("objective"));
        json.writeNumberProperty("budget_ns", goal.budgetNs());
        json.writeNumberProperty("seed", goal.seed());
        json.writeEndObject();
    }

    private void recommendation(Recommendation recommendation) {
        json.writeObjectPropertyStart("recommendation");
        json.writeStringProperty("sentence", recommendation.sentence());
        cell("chosen", recommendation.chosen().cell());
        cell("best", recommendation.best().cell());
        json.writeArrayPropertyStart("equals");
        recommendation.equals().forEach(equal -> cell(equal.cell()));
        json.writeEndArray();
        json.writeEndObject();
    }

    private void cellResult(CellResult result) {
        json.writeStartObject();
        cell("cell", result.cell());
        interval("iops", result.iops());
        interval("bw_bytes", result.bytesPerSecond());
        LatencySummary latency = result.latency();
        json.writeObjectPropertyStart("latency_ns");
        json.writeNumberProperty("N", latency.count());
        json.writeNumberProperty("min", latency.minNs());
        json.writeNumberProperty("max", latency.maxNs());
        number("mean", latency.meanNs());
        number("stddev", latency.deviationNs());
        integers("percentile", latency.values());
        json.writeEndObject();
        numbers("rounds_bw_bytes", result.rounds());
        integers("at_ns", result.atNs());
        interval("objective_ns", result.objectiveNs());
        json.writeBooleanProperty("steady", result.isSteady());
        json.writeBooleanProperty("meets_objective", result.meetsObjective());
        json.writeBooleanProperty("equal_to_best", result.isEqualToBest());
        json.writeNumberProperty("errors", result.errors());
        json.writeEndObject();
    }

    private void knees(List<Knee> knees) {
        json.writeArrayPropertyStart("knees");
        for (Knee knee : knees) {
            json.writeStartObject();
            cell("cell", knee.cell());
            number("share_of_peak", knee.shareOfPeak());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void little(List<LittleCheck> checks) {
        json.writeArrayPropertyStart("little");
        for (LittleCheck check : checks) {
            json.writeStartObject();
            cell("cell", check.cell());
            number("ratio", check.ratio());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void fits(List<ScalabilityFit> fits) {
        json.writeArrayPropertyStart("fits");
        for (ScalabilityFit fit : fits) {
            json.writeStartObject();
            cell("cell", fit.cell());
            number("lambda", fit.lambda());
            number("sigma", fit.sigma());
            number("kappa", fit.kappa());
            number("error", fit.error());
            number("peak_depth", fit.peakDepth());
            json.writeNumberProperty("points", fit.points());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void environment(Machine machine) {
        Environment environment = machine.environment();
        json.writeObjectPropertyStart("environment");
        json.writeStringProperty("os", environment.os());
        json.writeStringProperty("arch", environment.architecture());
        json.writeNumberProperty("processors", environment.processors());
        json.writeNumberProperty("memory_bytes", environment.memoryBytes());
        json.writeStringProperty("java", environment.java());
        json.writeStringProperty("vm", environment.vm());
        json.writeStringProperty("cpu", machine.cpu());
        texts("jvm_options", machine.jvmOptions());
        json.writeEndObject();
    }

    private void cell(String name, Cell cell) {
        json.writeName(name);
        cell(cell);
    }

    private void cell(Cell cell) {
        json.writeStartArray();
        json.writeNumber(cell.requestBytes());
        json.writeNumber(cell.depth());
        json.writeNumber(cell.bundle());
        json.writeNumber(cell.jobs());
        json.writeEndArray();
    }

    private void interval(String name, Interval interval) {
        numbers(name, List.of(interval.low(), interval.median(), interval.high()));
    }

    private void numbers(String name, List<Double> values) {
        json.writeArrayPropertyStart(name);
        values.forEach(this::number);
        json.writeEndArray();
    }

    private void integers(String name, List<? extends Number> values) {
        json.writeArrayPropertyStart(name);
        values.forEach(value -> json.writeNumber(value.longValue()));
        json.writeEndArray();
    }

    private void texts(String name, List<String> values) {
        json.writeArrayPropertyStart(name);
        values.forEach(json::writeString);
        json.writeEndArray();
    }

    private void number(String name, double value) {
        json.writeName(name);
        number(value);
    }

    /// JSON has no word for what is not a number. Whole numbers are written as such: shorter, and the same when read.
    private void number(double value) {
        if (!Double.isFinite(value)) {
            json.writeNull();
        } else if (value == Math.rint(value) && Math.abs(value) < 1L << 53 && (value != 0 || 1 / value > 0)) {
            json.writeNumber((long) value);
        } else {
            json.writeNumber(value);
        }
    }
}
