package io.trilane.tools;

import io.trilane.engine.metrics.EngineCounter;
import io.trilane.perf.report.Units;
import io.trilane.tools.frontend.IoKind;
import io.trilane.tools.frontend.StatisticsCounts;
import java.io.StringWriter;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// A server's statistics, for people and for programs. Stateless.
final class StatText {
    private static final String[] ERRORS = {"no sense", "recovered error", "not ready", "medium error",
            "hardware error", "illegal request", "unit attention", "data protect", "blank check", "vendor specific",
            "copy aborted", "aborted command", "reserved", "volume overflow", "miscompare", "completed",
            "reservation conflict", "busy", "task aborted", "not delivered"};
    private static final double[] PERCENTILES = {50, 90, 99, 99.9};
    private static final String LINE = "%-4s %-40.40s %5s %9s %12s %12s %9s %9s %9s %9s %6s %8s%n";

    private StatText() {}

    static String human(StatSample before, StatSample now) {
        StringBuilder text = new StringBuilder();
        text.append(String.format("pid %d  connections %d  tasks submitted %d  claims refused %d  timeouts %d%n",
                now.statistics().pid(), now.counters().getOrDefault(EngineCounter.CLIENTS, 0L),
                now.counters().getOrDefault(EngineCounter.SUBMITTED, 0L),
                now.counters().getOrDefault(EngineCounter.REFUSED_CLAIMS, 0L),
                now.counters().getOrDefault(EngineCounter.TIMEOUTS, 0L)));
        text.append(String.format(LINE, "LUN", "unit, or nexus", "depth", "IOPS", "read", "write", "read p50", "p99",
                "write p50", "p99", "errors", "refusals"));
        for (StatRow unit : StatRow.units(before, now)) {
            text.append(line(unit, ""));
            for (StatRow nexus : StatRow.nexuses(before, now)) {
                if (nexus.lun() == unit.lun()) {
                    text.append(line(nexus, "  "));
                }
            }
            for (int error = 0; error < ERRORS.length; error++) {
                if (unit.total().errors(error) > 0) {
                    text.append(String.format("       %s: %d%n", ERRORS[error], unit.total().errors(error)));
                }
            }
        }
        return text.toString();
    }

    /// One line.
    static String json(StatSample before, StatSample now) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeNumberProperty("pid", now.statistics().pid());
            json.writeNumberProperty("started_ms", now.statistics().startedMillis());
            json.writeNumberProperty("seconds", (now.takenNs() - before.takenNs()) / 1e9);
            json.writeObjectPropertyStart("engine");
            now.counters().forEach(
                    (counter, value) -> json.writeNumberProperty(counter.name().toLowerCase(Locale.ROOT), value));
            json.writeEndObject();
            json.writeArrayPropertyStart("units");
            StatRow.units(before, now).forEach(row -> row(json, row));
            json.writeEndArray();
            json.writeArrayPropertyStart("nexuses");
            StatRow.nexuses(before, now).forEach(row -> row(json, row));
            json.writeEndArray();
            json.writeEndObject();
        }
        return out + System.lineSeparator();
    }

    private static String line(StatRow row, String indent) {
        return String.format(Locale.ROOT, LINE, indent.isEmpty() ? Integer.toString(row.lun()) : "",
                indent + row.name(), row.total().depth(), Units.count(row.perSecond(row.recent().commands())),
                Units.rate(row.bytesPerSecond(IoKind.READ)), Units.rate(row.bytesPerSecond(IoKind.WRITE)),
                time(row.recent(), IoKind.READ, 50), time(row.recent(), IoKind.READ, 99),
                time(row.recent(), IoKind.WRITE, 50), time(row.recent(), IoKind.WRITE, 99), row.total().errors(),
                row.total().refusals());
    }

    private static String time(StatisticsCounts counts, IoKind kind, double percent) {
        return counts.commands(kind) == 0 ? "-" : Units.time(counts.latencyNs(kind, percent));
    }

    private static void row(JsonGenerator json, StatRow row) {
        json.writeStartObject();
        json.writeNumberProperty("lun", row.lun());
        if (row.nexusId() >= 0) {
            json.writeNumberProperty("nexus", row.nexusId());
        }
        json.writeStringProperty("name", row.name());
        json.writeNumberProperty("depth", row.total().depth());
        json.writeNumberProperty("refusals", row.total().refusals());
        json.writeNumberProperty("iops", row.perSecond(row.recent().commands()));
        for (IoKind kind : IoKind.values()) {
            kind(json, row, kind);
        }
        json.writeObjectPropertyStart("errors");
        for (int error = 0; error < ERRORS.length; error++) {
            if (row.total().errors(error) > 0) {
                json.writeNumberProperty(ERRORS[error].replace(' ', '_'), row.total().errors(error));
            }
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void kind(JsonGenerator json, StatRow row, IoKind kind) {
        json.writeObjectPropertyStart(kind.name().toLowerCase(Locale.ROOT));
        json.writeNumberProperty("commands", row.total().commands(kind));
        json.writeNumberProperty("bytes", row.total().bytes(kind));
        json.writeNumberProperty("iops", row.perSecond(row.recent().commands(kind)));
        json.writeNumberProperty("bytes_per_second", row.bytesPerSecond(kind));
        json.writeObjectPropertyStart("latency_ns");
        for (double percent : PERCENTILES) {
            json.writeNumberProperty(Double.toString(percent).replaceAll("\\.0$", ""),
                    row.total().latencyNs(kind, percent));
        }
        json.writeEndObject();
        json.writeEndObject();
    }
}
