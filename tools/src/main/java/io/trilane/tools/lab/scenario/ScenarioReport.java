package io.trilane.tools.lab.scenario;

import io.trilane.engine.controller.Misuse;
import java.io.StringWriter;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Runs of scenarios, for people and for programs. Stateless.
final class ScenarioReport {
    private ScenarioReport() {}

    /// Four lines, or how it failed.
    static String describe(ScenarioRun run) {
        StringBuilder text = new StringBuilder();
        text.append(run.scenario().name()).append(": ").append(run.scenario().title()).append('\n');
        run.result().ifPresent(result -> {
            line(text, "done", result.done());
            line(text, "macOS", result.macOs() + " (" + result.evidence() + ")");
            line(text, "Trilane", result.trilane());
        });
        line(text, run.isPassed() ? "PASS" : "FAIL", run.reason());
        return text.toString();
    }

    /// The last line.
    static String summary(List<ScenarioRun> runs) {
        return "scenarios=" + runs.size() + " passed=" + passed(runs) + " failed=" + (runs.size() - passed(runs));
    }

    /// An object with the sums and an object per scenario.
    static String json(List<ScenarioRun> runs) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeNumberProperty("passed", passed(runs));
            json.writeNumberProperty("failed", runs.size() - passed(runs));
            json.writeArrayPropertyStart("scenarios");
            runs.forEach(run -> scenario(json, run));
            json.writeEndArray();
            json.writeEndObject();
        }
        return out + "\n";
    }

    private static void scenario(JsonGenerator json, ScenarioRun run) {
        json.writeStartObject();
        json.writeStringProperty("name", run.scenario().name());
        json.writeStringProperty("title", run.scenario().title());
        run.scenario().misuse().map(Misuse::name).ifPresentOrElse(misuse -> json.writeStringProperty("misuse", misuse),
                () -> json.writeNullProperty("misuse"));
        run.result().ifPresent(result -> {
            json.writeStringProperty("done", result.done());
            json.writeStringProperty("macos", result.macOs());
            json.writeStringProperty("evidence", result.evidence().toString());
            json.writeStringProperty("trilane", result.trilane());
        });
        json.writeBooleanProperty("passed", run.isPassed());
        json.writeStringProperty("reason", run.reason());
        json.writeEndObject();
    }

    private static long passed(List<ScenarioRun> runs) {
        return runs.stream().filter(ScenarioRun::isPassed).count();
    }

    private static void line(StringBuilder text, String label, String value) {
        text.append(String.format("  %-8s ", label)).append(value.strip().replaceAll("\\R", "\n           "))
                .append('\n');
    }
}
