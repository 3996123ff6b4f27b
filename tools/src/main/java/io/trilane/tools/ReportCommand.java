package io.trilane.tools;

import io.trilane.perf.report.CompareText;
import io.trilane.perf.report.HtmlReport;
import io.trilane.perf.report.ReportCompare;
import io.trilane.perf.report.TuneJson;
import io.trilane.perf.report.TuneReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `trilane report`: what to do with results that were stored.
@Command(name = "report", mixinStandardHelpOptions = true, description = "Compares and draws results that were stored.")
final class ReportCommand implements Runnable {
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,2}(?:\\.\\d{1,3})?)%");

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandSpec own = Objects.requireNonNull(spec);
        throw new ParameterException(own.commandLine(), "command is missing, choose one of "
                + String.join(", ", own.subcommands().keySet()));
    }

    @Command(name = "compare", mixinStandardHelpOptions = true,
            description = {
                    "Better, worse or the same, cell by cell, with intervals: results of tune --json or bench --json.",
                    "Exit code 1 on a regression: a cell, or the recommendation, is worse by more than the threshold and the "
                            + "intervals are apart."})
    int compare(@Parameters(paramLabel = "BEFORE") Path before, @Parameters(paramLabel = "AFTER") Path after,
            @Option(names = "--threshold", paramLabel = "PERCENT", defaultValue = "5%",
                    description = "What counts as a change. Default: ${DEFAULT-VALUE}.") String threshold) {
        ReportCompare compare = ReportCompare.of(before, after, share(threshold));
        Objects.requireNonNull(spec).commandLine().getOut().print(CompareText.of(compare));
        Objects.requireNonNull(spec).commandLine().getOut().flush();
        return compare.isRegression() ? Failures.FAILED : 0;
    }

    @Command(name = "html", mixinStandardHelpOptions = true,
            description = "Draws a result of tune --json as a page that opens offline.")
    int html(@Parameters(paramLabel = "RESULT") Path result, @Parameters(paramLabel = "PAGE") String page,
            @Option(names = "--svg", paramLabel = "DIR",
                    description = "Also each plot by itself.") @Nullable Path plots)
            throws IOException {
        TuneReport report = TuneJson.read(result);
        ResultFile file = ResultFile.of("page", page, List.of());
        if (Files.exists(file.path()) && Files.isSameFile(file.path(), result)) {
            throw new IllegalArgumentException("page=" + page + " is the result, name another file");
        }
        if (plots != null) {
            TuneOutputs.requireDirectory(plots);
        }
        file.write(HtmlReport.of(report).getBytes(StandardCharsets.UTF_8));
        if (plots != null) {
            TuneOutputs.writePlots(report, plots);
        }
        return 0;
    }

    private static double share(String text) {
        Matcher matcher = PERCENT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("threshold=" + text + " is no percentage, write 5% or 2.5%");
        }
        return Double.parseDouble(matcher.group(1)) / 100;
    }
}
