package io.trilane.perf.report;

import io.trilane.perf.tune.Cell;
import io.trilane.perf.tune.CellResult;
import io.trilane.perf.tune.Interval;
import io.trilane.perf.tune.ScalabilityFit;
import java.util.ArrayList;
import java.util.List;

/// The tables of the page.
final class PageTables {
    private final TuneView view;
    private final Markup page;

    PageTables(TuneView view, Markup page) {
        this.view = view;
        this.page = page;
    }

    /// @param most rows; of more cells, the fastest are shown
    void cells(int most) {
        List<CellResult> all = view.result().cells();
        List<CellResult> rows = all.size() <= most ? all : view.fastest().subList(0, most);
        if (rows.size() < all.size()) {
            page.element("p", "The " + most + " fastest of " + all.size() + " cells; the JSON file has all.", "class",
                    "quiet");
        }
        boolean hasObjective = view.result().goal().objective().isPresent();
        start("size", "depth", "bundle", "jobs");
        page.element("th", "remarks", "class", "words");
        heads("throughput", "95 % interval", "IOPS", "p50", "p99",
                "p99.9", "max", hasObjective ? "objective's percentile" : "mean", "Little", "rounds");
        page.raw("</tr></thead><tbody>\n");
        for (CellResult cell : rows) {
            row(cell, hasObjective);
        }
        end();
    }

    private void row(CellResult result, boolean hasObjective) {
        Cell cell = result.cell();
        page.raw(view.isChosen(cell) ? "<tr class=\"use\">" : "<tr>");
        data(Labels.bytes(cell.requestBytes()), Integer.toString(cell.depth()), Integer.toString(cell.bundle()),
                Integer.toString(cell.jobs()));
        page.element("td", remarks(result), "class", "words");
        data(Labels.exactRate(result.bytesPerSecond().median()),
                rates(result.bytesPerSecond()), Units.count(result.iops().median()),
                latency(result, 50), latency(result, 99), latency(result, 99.9), Units.time(result.latency().maxNs()),
                hasObjective ? times(result.objectiveNs()) : Units.time(result.latency().meanNs()),
                view.little(cell).map(Labels::three).orElse(""), Integer.toString(result.rounds().size()));
        page.raw("</tr>\n");
    }

    private String remarks(CellResult result) {
        List<String> remarks = new ArrayList<>();
        if (view.isChosen(result.cell())) {
            remarks.add("use");
        } else if (result.isEqualToBest()) {
            remarks.add("= best");
        }
        if (view.result().knees().stream().anyMatch(knee -> knee.cell().equals(result.cell()))) {
            remarks.add("knee");
        }
        if (TuneView.isUnsteady(result)) {
            remarks.add("unsteady");
        } else if (TuneView.isSeldomRepeated(result)) {
            remarks.add("few repetitions");
        }
        if (!result.meetsObjective()) {
            remarks.add("misses the objective");
        }
        if (result.errors() > 0) {
            remarks.add(result.errors() + " errors");
        }
        return String.join(", ", remarks);
    }

    void fits() {
        if (view.result().fits().isEmpty()) {
            return;
        }
        page.element("p", "The universal scalability law, rate(n) = lambda n / (1 + sigma (n - 1) + kappa n (n - 1)) "
                + "for n requests in flight, fitted to each curve: sigma is what the requests wait for each other, kappa "
                + "what they cost each other. A large error means that the law does not describe this disk.");
        start("size", "bundle", "jobs", "one in flight", "sigma", "kappa", "error", "peak at depth", "points");
        page.raw("</tr></thead><tbody>\n");
        for (ScalabilityFit fit : view.result().fits()) {
            page.raw("<tr>");
            data(Labels.bytes(fit.cell().requestBytes()), Integer.toString(fit.cell().bundle()),
                    Integer.toString(fit.cell().jobs()), Units.count(fit.lambda()) + " IOPS",
                    Units.format("%.4f", fit.sigma()), Units.format("%.6f", fit.kappa()),
                    Units.format("%.1f %%", fit.error() * 100),
                    fit.peakDepth() > 0 ? Units.format("%.0f", fit.peakDepth()) : "none",
                    Integer.toString(fit.points()));
            page.raw("</tr>\n");
        }
        end();
    }

    private void start(String... names) {
        page.raw("<div class=\"scroll\" tabindex=\"0\"><table><thead><tr>");
        heads(names);
    }

    private void heads(String... names) {
        for (String name : names) {
            page.element("th", name);
        }
    }

    private void end() {
        page.raw("</tbody></table></div>\n");
    }

    private void data(String... values) {
        for (String value : values) {
            page.element("td", value);
        }
    }

    private static String latency(CellResult result, double percentile) {
        return Units.time(result.latency().valueNs(percentile));
    }

    private static String rates(Interval interval) {
        return between(Labels.exactRate(interval.low()), Labels.exactRate(interval.high()));
    }

    /// `190 us ± 2.1 %`: half the interval's width.
    private static String times(Interval interval) {
        return Units.time(interval.median()) + Units.format(" ± %.1f %%", interval.relativeError() * 100);
    }

    /// `11.1 to 11.3 GiB/s`: the unit once where it is the same.
    static String between(String low, String high) {
        int space = low.indexOf(' ');
        boolean isSame = space > 0 && high.endsWith(low.substring(space));
        return (isSame ? low.substring(0, space) : low) + " to " + high;
    }
}
