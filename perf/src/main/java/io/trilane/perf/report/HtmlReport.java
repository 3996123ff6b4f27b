package io.trilane.perf.report;

import io.trilane.perf.harness.Environment;
import io.trilane.perf.tune.Recommendation;
import io.trilane.perf.tune.TuneGoal;
import io.trilane.perf.tune.TuneResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/// A tuning result as one page that needs nothing else: no network, no script, no font. The answer comes first. Of very
/// many cells it leaves out what is elsewhere, so that the page stays below [#LIMIT_BYTES].
public final class HtmlReport {
    /// Largest page, up to about 400 cells.
    public static final int LIMIT_BYTES = 200_000;

    /// Allows the style in the page and the empty icon; a browser then refuses whatever else would be asked for.
    private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

    private static final int MOST_EQUALS = 5;

    /// How much the page says.
    private enum Detail {
        ALL(Integer.MAX_VALUE, true, true),
        NO_RAW_DATA(120, false, true),
        LEAST(60, false, false);

        private final int rows;
        private final boolean hasRawData;
        private final boolean hasTooltips;

        Detail(int rows, boolean hasRawData, boolean hasTooltips) {
            this.rows = rows;
            this.hasRawData = hasRawData;
            this.hasTooltips = hasTooltips;
        }
    }

    private final TuneReport report;
    private final TuneResult result;
    private final TuneView view;
    private final Detail detail;
    private final Markup page = new Markup();

    private HtmlReport(TuneReport report, Detail detail) {
        this.report = report;
        this.result = report.result();
        this.view = new TuneView(result);
        this.detail = detail;
    }

    /// The page, to be written as UTF-8.
    public static String of(TuneReport report) {
        String page = "";
        for (Detail detail : Detail.values()) {
            page = new HtmlReport(report, detail).page();
            if (page.getBytes(StandardCharsets.UTF_8).length < LIMIT_BYTES) {
                return page;
            }
        }
        return page;
    }

    private String page() {
        page.raw("<!DOCTYPE html>\n").open("html", "lang", "en");
        head();
        page.open("body").open("main");
        answer();
        if (!result.cells().isEmpty()) {
            plots();
            section("Cells");
            new PageTables(view, page).cells(detail.rows);
            section("Scalability");
            knees();
            new PageTables(view, page).fits();
        }
        method();
        machine();
        rawData();
        return page.close().close().close().finish();
    }

    private void head() {
        page.open("head").leaf("meta", "charset", "utf-8");
        page.leaf("meta", "http-equiv", "Content-Security-Policy", "content", POLICY);
        page.leaf("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        page.leaf("link", "rel", "icon", "href", "data:,");
        page.element("title", "Tuning " + result.target());
        page.raw("\n<style>\n" + PageStyle.CSS + PlotStyle.CSS + "</style>\n").close();
    }

    private void answer() {
        page.element("h1", "Trilane tune: " + result.target());
        page.element("p", result.recommendation().map(Recommendation::sentence)
                .orElse("No recommendation: " + result.ending()), "class", "answer");
        if (!result.isComplete()) {
            page.element("p", "The search did not reach its end: " + result.ending()
                    + ". What follows is what was measured until then.", "class", "warn");
        }
        page.open("dl");
        entry("requests", Labels.requests(result.goal()));
        result.goal().objective().ifPresent(objective -> entry("objective", Labels.objective(objective)));
        result.recommendation().ifPresent(this::recommendation);
        entry("measured", result.cells().size() + (result.cells().size() == 1 ? " cell" : " cells") + " in "
                + Units.time(result.spentNs()) + " of " + Units.time(result.goal().budgetNs()));
        report.when().ifPresent(when -> entry("date", when.toString()));
        page.close();
    }

    private void recommendation(Recommendation recommendation) {
        entry("use", TuneView.describe(recommendation.chosen()));
        if (!recommendation.best().cell().equals(recommendation.chosen().cell())) {
            entry("most throughput", TuneView.describe(recommendation.best()));
        }
        List<String> others = recommendation.equals().stream()
                .filter(cell -> !cell.cell().equals(recommendation.chosen().cell()))
                .map(cell -> Labels.fullCell(cell.cell())).toList();
        if (!others.isEmpty()) {
            String named = String.join("; ", others.subList(0, Math.min(MOST_EQUALS, others.size())));
            entry("as good, by noise", others.size() <= MOST_EQUALS ? named
                    : named + "; and " + (others.size() - MOST_EQUALS) + " more");
        }
    }

    private void plots() {
        section("Throughput and latency by request size and queue depth");
        figure(HeatMapPlot.of(view, HeatMapPlot.Measure.THROUGHPUT, detail.hasTooltips));
        figure(HeatMapPlot.of(view, HeatMapPlot.Measure.LATENCY, detail.hasTooltips));
        section("What depth costs");
        figure(CurvesPlot.of(view, detail.hasTooltips));
        section("Latency by percentile");
        figure(PercentilePlot.of(view));
        section("Over time");
        figure(TimeSeriesPlot.of(view));
        page.element("p",
                "Lines: the recommendation, what equals the best, and the fastest cells. Dots: the repetitions "
                        + "of all others. A disk that tires or warms up shows as lines that fall or rise.",
                "class", "quiet");
    }

    private void knees() {
        if (!result.knees().isEmpty()) {
            page.element("p", "Knees, where more depth begins to buy latency alone: " + result.knees().stream()
                    .map(knee -> Labels.cell(knee.cell()) + Units.format(" (%.0f %% of its peak)",
                            knee.shareOfPeak() * 100))
                    .collect(Collectors.joining(", ")) + ".");
        }
    }

    private void method() {
        section("Method");
        TuneGoal goal = result.goal();
        page.element("p",
                "Each cell is a request size, a queue depth per job, a largest bundle and a number of jobs. It "
                        + "was warmed up, then loaded in a closed loop (a new request is sent when one comes back) with "
                        + Labels.requests(goal)
                        + ". Cells that may be the answer were repeated, in turn with one another, so that a disk that "
                        + "changes does not favour one of them; the others were measured once or twice.");
        page.element("p",
                "Throughput and IOPS are the median of the repetitions; the interval holds the median with 95 % "
                        + "confidence (percentile bootstrap); with fewer than five repetitions it is their range. Latency is of requests of all repetitions. Cells whose difference is "
                        + "within noise are called equal; the recommendation is the one of them with the fewest bytes in flight. "
                        + "Little is measured rate times mean latency over depth and jobs: 1 where the load was kept up as said.");
        page.element("p", "Coarse grid: sizes " + join(goal.sizes().stream().map(size -> Labels.bytes(size)).toList())
                + "; depths " + join(goal.depths()) + "; bundles " + join(goal.bundles()) + "; jobs "
                + join(goal.jobs()) + ". Budget " + Units.time(goal.budgetNs()) + ", seed " + goal.seed()
                + ". The search ended: " + result.ending() + ".");
        if (!result.notes().isEmpty()) {
            page.open("ul");
            result.notes().forEach(note -> page.element("li", note));
            page.close();
        }
    }

    private void machine() {
        section("Environment");
        Machine machine = report.machine();
        Environment environment = machine.environment();
        page.open("dl");
        entry("Trilane", machine.version());
        entry("system", environment.os() + ", " + environment.architecture());
        entry("processor", (machine.cpu().isEmpty() ? "" : machine.cpu() + ", ") + environment.processors()
                + (environment.processors() == 1 ? " core" : " cores"));
        entry("memory", Labels.bytes(Math.round(environment.memoryBytes() / 1e6) * 1e6));
        entry("Java", environment.java() + ", " + environment.vm());
        entry("JVM options", machine.jvmOptions().isEmpty() ? "none that decide speed"
                : String.join(" ", machine.jvmOptions()));
        page.close();
    }

    /// In a JSON text a solidus may be escaped, so this is the same data, and nothing in it can end the element.
    private void rawData() {
        section("Raw data");
        if (!detail.hasRawData) {
            page.element("p", "Too much for this page: write it with --json, or give this page's file fewer cells.",
                    "class", "quiet");
            return;
        }
        page.element("p", "In the source of this page, in the element with the id trilane-tune, as --json writes it.",
                "class", "quiet");
        page.raw("<script type=\"application/json\" id=\"trilane-tune\">")
                .raw(TuneJson.text(report).strip().replace("<", "\\u003c")).raw("</script>\n");
    }

    private void section(String name) {
        page.element("h2", name).raw("\n");
    }

    private void figure(Svg svg) {
        page.open("figure", "tabindex", "0").raw(svg.inline()).close();
    }

    private void entry(String name, String value) {
        page.element("dt", name).element("dd", value).raw("\n");
    }

    private static String join(List<?> values) {
        return values.stream().map(Object::toString).collect(Collectors.joining(", "));
    }
}
