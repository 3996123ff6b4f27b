package io.trilane.tools;

import io.trilane.perf.report.HtmlReport;
import io.trilane.perf.report.PlotFiles;
import io.trilane.perf.report.TuneCsv;
import io.trilane.perf.report.TuneJson;
import io.trilane.perf.report.TuneReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where a search's result goes beside the terminal. Places are looked at before the search begins.
final class TuneOutputs {
    private final List<Output> outputs = new ArrayList<>();
    private final @Nullable Path plots;
    private boolean takesStandardOutput;

    /// @param file null: standard output
    private record Output(@Nullable ResultFile file, Function<TuneReport, String> form) {}

    private TuneOutputs(@Nullable Path plots) {
        this.plots = plots;
    }

    static TuneOutputs of(TuneOptions options) {
        TuneOutputs outputs = new TuneOutputs(options.svg);
        List<String> inputs = new ArrayList<>(options.targets());
        Stream.of(options.deviceModel, options.chapSecretFile).filter(Objects::nonNull)
                .forEach(input -> inputs.add(input.toString()));
        outputs.add("json", options.json, inputs, TuneJson::text);
        outputs.add("csv", options.csv, inputs, report -> TuneCsv.of(report.result()));
        outputs.add("report", options.report, inputs, HtmlReport::of);
        if (options.svg != null) {
            requireDirectory(options.svg);
        }
        return outputs;
    }

    /// Each plot as a file of its own in this directory, which is made where it is missing.
    static void writePlots(TuneReport report, Path directory) throws IOException {
        List<Path> _ = PlotFiles.write(report.result(), directory);
    }

    /// @throws IllegalArgumentException something else is there, or in the way
    static void requireDirectory(Path svg) {
        Path there = svg.toAbsolutePath().normalize();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there)) {
            throw new IllegalArgumentException("svg=" + svg + " is not a directory or is in a file, name a directory");
        }
    }

    /// True when standard output is for a program; what is for people goes to standard error then.
    boolean takesStandardOutput() {
        return takesStandardOutput;
    }

    boolean isEmpty() {
        return outputs.isEmpty() && plots == null;
    }

    /// Writes all that can be written, whatever cannot.
    void write(TuneReport report, PrintWriter out) throws IOException {
        List<IOException> failures = new ArrayList<>();
        for (Output output : outputs) {
            try {
                write(output, report, out);
            } catch (IOException e) {
                failures.add(e);
            }
        }
        if (plots != null) {
            writePlots(report, plots);
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    private static void write(Output output, TuneReport report, PrintWriter out) throws IOException {
        String text = output.form.apply(report);
        if (output.file != null) {
            output.file.write(text.getBytes(StandardCharsets.UTF_8));
            return;
        }
        out.print(text);
        out.flush();
    }

    private void add(String option, @Nullable String place, List<String> targets, Function<TuneReport, String> form) {
        if (place == null) {
            return;
        }
        if (!place.equals(ResultFile.STANDARD_OUTPUT)) {
            ResultFile file = ResultFile.of(option, place, targets);
            requireFree(file, place);
            outputs.add(new Output(file, form));
            return;
        }
        if (takesStandardOutput) {
            throw new IllegalArgumentException(option + "=- standard output is taken already, name a file");
        }
        takesStandardOutput = true;
        outputs.add(new Output(null, form));
    }

    private void requireFree(ResultFile file, String place) {
        for (Output output : outputs) {
            if (output.file != null && output.file.path().normalize().equals(file.path().normalize())) {
                throw new IllegalArgumentException(file.option() + "=" + place + " is what " + output.file.option()
                        + " names, name another file");
            }
        }
    }
}
