package io.trilane.tools.lab.cost;

import java.io.StringWriter;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The results of `lab cost` for programs: every round's figure, in nanoseconds per operation. Stateless.
final class CostJson {
    private CostJson() {}

    /// One object on one line.
    static String of(CostPlan plan, List<CostResult> results) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeStringProperty("rw", plan.mode().option());
            json.writeNumberProperty("rounds", plan.rounds());
            json.writeArrayPropertyStart("results");
            results.forEach(result -> result(json, result));
            json.writeEndArray();
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void result(JsonGenerator json, CostResult result) {
        json.writeStartObject();
        json.writeNumberProperty("call_ns", result.price().callNs());
        json.writeNumberProperty("wake_up_ns", result.price().wakeUpNs());
        json.writeBooleanProperty("copies", result.price().copies());
        json.writeArrayPropertyStart("bundling");
        for (CostResult.Cell cell : result.cells()) {
            json.writeStartObject();
            json.writeNumberProperty("bs", cell.sizeBytes());
            json.writeNumberProperty("iodepth", cell.depth());
            json.writeNumberProperty("bundle", cell.bundle());
            samples(json, cell.samples());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayPropertyStart("splits");
        for (CostResult.Split split : result.splits()) {
            json.writeStartObject();
            json.writeNumberProperty("transfer", split.transferBytes());
            json.writeNumberProperty("max_transfer", split.limitBytes());
            json.writeNumberProperty("round_trips", split.roundTrips());
            samples(json, split.samples());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayPropertyStart("queues");
        for (CostResult.Queues queues : result.queues()) {
            json.writeStartObject();
            json.writeNumberProperty("engines", queues.engines());
            json.writeBooleanProperty("thread_per_queue", queues.dedicated());
            samples(json, queues.samples());
            json.writeEndObject();
        }
        json.writeEndArray();
        findings(json, ShapeCheck.of(result));
        json.writeEndObject();
    }

    private static void samples(JsonGenerator json, Samples samples) {
        json.writeNumberProperty("median_ns", samples.medianNs());
        json.writeArrayPropertyStart("ns_per_op");
        samples.nsPerOp().forEach(json::writeNumber);
        json.writeEndArray();
    }

    private static void findings(JsonGenerator json, List<ShapeFinding> findings) {
        json.writeArrayPropertyStart("findings");
        for (ShapeFinding finding : findings) {
            json.writeStartObject();
            json.writeStringProperty("claim", finding.claim());
            json.writeStringProperty("verdict", finding.verdict().name());
            json.writeStringProperty("measured", finding.measured());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
