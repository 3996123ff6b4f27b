package io.trilane.tools.lab;

import io.trilane.engine.controller.CallTrace;
import io.trilane.engine.controller.CallTrace.Direction;
import io.trilane.engine.controller.CallTrace.Span;
import io.trilane.engine.task.Role;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/// A trace for a time-line viewer: Chrome's trace-event JSON, which ui.perfetto.dev and chrome://tracing open. One track
/// per role, then the hardware, then threads in the order in which they came. A call is a complete event (`X`), one that
/// has not returned is a begin without an end (`B`), a note is an instant (`i`). Times are microseconds since the trace was
/// attached, exact to the nanosecond.
public final class PerfettoWriter {
    private static final int PROCESS = 1;
    private static final int NS_DIGITS_OF_US = 3;

    private final List<Span> spans;
    private final Map<String, Integer> tracks = new LinkedHashMap<>();
    private final JsonGenerator json;

    private PerfettoWriter(List<Span> spans, JsonGenerator json) {
        this.spans = spans;
        this.json = json;
        for (Role role : Role.values()) {
            addTrack(role.name());
        }
        addTrack(CallTrace.HARDWARE_TRACK);
        spans.forEach(span -> addTrack(span.track()));
    }

    /// Writes the trace as it is now; the stream stays open.
    public static void write(CallTrace trace, OutputStream out) throws IOException {
        JsonFactory factory = JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
        try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8)) {
            new PerfettoWriter(trace.spans(), json).all(trace.dropped());
        }
        out.write('\n');
        out.flush();
    }

    private void all(long dropped) {
        json.writeStartObject();
        json.writeStringProperty("displayTimeUnit", "ns");
        json.writeObjectPropertyStart("otherData");
        json.writeNumberProperty("dropped", dropped);
        json.writeEndObject();
        json.writeArrayPropertyStart("traceEvents");
        name("process_name", 0, "trilane");
        tracks.forEach((track, id) -> {
            name("thread_name", id, track);
            sortIndex(id);
        });
        spans.forEach(this::event);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void addTrack(String track) {
        tracks.putIfAbsent(track, tracks.size() + 1);
    }

    private void name(String what, int track, String name) {
        startMetadata(what, track);
        json.writeStringProperty("name", name);
        endMetadata();
    }

    /// Viewers sort by name otherwise.
    private void sortIndex(int track) {
        startMetadata("thread_sort_index", track);
        json.writeNumberProperty("sort_index", track);
        endMetadata();
    }

    private void startMetadata(String what, int track) {
        json.writeStartObject();
        json.writeStringProperty("ph", "M");
        json.writeStringProperty("name", what);
        json.writeNumberProperty("pid", PROCESS);
        json.writeNumberProperty("tid", track);
        json.writeObjectPropertyStart("args");
    }

    private void endMetadata() {
        json.writeEndObject();
        json.writeEndObject();
    }

    private void event(Span span) {
        json.writeStartObject();
        json.writeStringProperty("ph", phase(span));
        json.writeStringProperty("name", span.call());
        json.writeStringProperty("cat", span.direction().toString());
        json.writeNumberProperty("pid", PROCESS);
        json.writeNumberProperty("tid", tracks.getOrDefault(span.track(), 0));
        json.writeName("ts");
        json.writeNumber(micros(span.startNs()));
        if (span.direction() == Direction.NOTE) {
            json.writeStringProperty("s", "t");
        } else if (!span.isOpen()) {
            json.writeName("dur");
            json.writeNumber(micros(span.durationNs()));
        }
        json.writeObjectPropertyStart("args");
        json.writeStringProperty("arguments", span.arguments());
        json.writeStringProperty("result", span.result());
        json.writeNumberProperty("sequence", span.sequence());
        json.writeNumberProperty("depth", span.depth());
        json.writeEndObject();
        json.writeEndObject();
    }

    private static String phase(Span span) {
        return span.direction() == Direction.NOTE ? "i" : span.isOpen() ? "B" : "X";
    }

    private static BigDecimal micros(long ns) {
        return BigDecimal.valueOf(ns, NS_DIGITS_OF_US);
    }
}
