package io.trilane.perf.report;

import io.trilane.perf.harness.Environment;
import io.trilane.perf.harness.RwMode;
import io.trilane.perf.tune.Cell;
import io.trilane.perf.tune.CellResult;
import io.trilane.perf.tune.Interval;
import io.trilane.perf.tune.Objective;
import io.trilane.perf.tune.Recommendation;
import io.trilane.perf.tune.TuneResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// One side of a comparison: a tuning result, or a bench's as a single cell.
///
/// @param name     the file's
/// @param requests what was asked of the disk
/// @param machine  what would explain a difference
/// @param chosen   the recommendation; a bench's only cell
public record ComparedReport(String name, String target, String requests, String machine,
        Optional<Objective> objective, List<Entry> entries, Optional<Entry> chosen, boolean isComplete) {
    private static final double NS_PER_SECOND = 1e9;

    /// One cell.
    ///
    /// @param rate    bytes per second
    /// @param latency at the objective's percentile, nanoseconds; all zero without an objective
    /// @param p99Ns   of latency
    /// @param rounds  repetitions
    public record Entry(Cell cell, Interval rate, Interval latency, double p99Ns, int rounds, long errors) {}

    /// @throws IllegalArgumentException neither of the two: file, line, column and what is wrong
    static ComparedReport read(Path file) {
        return of(file.toString(), JsonTree.read(file));
    }

    static ComparedReport of(String name, JsonTree tree) {
        if (TuneJsonReader.isTune(tree)) {
            return of(name, TuneJsonReader.report(tree));
        }
        if (tree.find("trilane").isEmpty() || tree.find("jobs").isEmpty()) {
            throw tree.refusal("is neither of tune nor of bench, write it with --json");
        }
        return bench(name, tree);
    }

    static ComparedReport of(String name, TuneReport report) {
        TuneResult result = report.result();
        Machine machine = report.machine();
        Environment environment = machine.environment();
        return new ComparedReport(name, result.target(), Labels.requests(result.goal()), describe(machine.cpu(),
                environment.processors(), environment.os(), environment.java()), result.goal().objective(),
                result.cells().stream().map(ComparedReport::entry).toList(),
                result.recommendation().map(Recommendation::chosen).map(ComparedReport::entry), result.isComplete());
    }

    private static Entry entry(CellResult result) {
        return new Entry(result.cell(), result.bytesPerSecond(), result.objectiveNs(), result.latency().valueNs(99),
                result.rounds().size(), result.errors());
    }

    /// Its rounds are nanoseconds per request, all jobs together.
    private static ComparedReport bench(String name, JsonTree tree) {
        JsonTree options = tree.at("global options");
        JsonTree trilane = tree.at("trilane");
        JsonTree environment = trilane.at("environment");
        if (trilane.find("open_loop").isPresent()) {
            throw trilane.refusal("is of an open loop, whose rate was given: compare closed loops");
        }
        if (options.find("bssplit").isPresent()) {
            throw options.refusal("has requests of several lengths: compare results of one");
        }
        long requestBytes = digits(options.at("bs"));
        Cell cell = options.as(_ -> new Cell(requestBytes, (int) digits(options.at("iodepth")),
                trilane.at("bundle").count(), (int) digits(options.at("numjobs"))));
        List<Double> rates = trilane.at("engine_ns_per_op")
                .list(node -> requestBytes * NS_PER_SECOND / Math.max(Double.MIN_NORMAL, node.number()));
        if (rates.isEmpty()) {
            throw trilane.at("engine_ns_per_op").refusal("is empty: nothing was measured");
        }
        double p99 = tree.at("jobs").list(ComparedReport::p99).stream().mapToDouble(worst -> worst).max().orElse(0);
        Entry entry = new Entry(cell, MedianInterval.of(rates), new Interval(0, 0, 0), p99, rates.size(),
                trilane.at("errors").integer());
        return new ComparedReport(name, String.join(", ", trilane.at("images").list(image -> image.at("name").text())),
                requests(options), describe("", environment.at("processors").count(),
                        environment.at("os").text(), environment.at("java").text()),
                Optional.empty(), List.of(entry), Optional.of(entry), !trilane.at("interrupted").isTrue());
    }

    /// As [Labels#requests], and what a search cannot ask for.
    private static String requests(JsonTree options) {
        RwMode mode = options.at("rw").as(node -> RwMode.parse(node.text()));
        String reads = mode.mixed()
                ? options.find("rwmixread").map(percent -> " with " + percent.text() + "% reads").orElse("") : "";
        return mode.option() + reads + other(options, "fsync", "0") + other(options, "unmap_percent", "0")
                + other(options, "random_distribution", "random");
    }

    private static String other(JsonTree options, String key, String usual) {
        return options.find(key).map(JsonTree::text).filter(value -> !value.equals(usual))
                .map(value -> " " + key + "=" + value).orElse("");
    }

    private static double p99(JsonTree job) {
        return List.of("read", "write").stream()
                .mapToDouble(kind -> job.at(kind).at("clat_ns").at("percentile").at("99.000000").number()).max()
                .orElse(0);
    }

    private static long digits(JsonTree node) {
        return node.as(text -> {
            if (!text.text().matches("[0-9]{1,9}")) {
                throw node.refusal("is \"" + node.text() + "\", not a number");
            }
            return Long.parseLong(text.text());
        });
    }

    private static String describe(String cpu, int processors, String os, String java) {
        return List.of(cpu, processors + " cores", os, "Java " + java).stream().filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
    }

    Optional<Entry> entry(Cell cell) {
        return entries.stream().filter(entry -> entry.cell().equals(cell)).findFirst();
    }
}
