package io.trilane.perf.report;

import io.trilane.perf.harness.LatencySummary;
import io.trilane.perf.tune.Cell;
import io.trilane.perf.tune.CellResult;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/// Latency by percentile, both on log scales: each step to the right is a tenth of the requests. The recommended cell, the
/// best, and the same size at its least and its most depth.
final class PercentilePlot {
    private static final double WIDTH = 760;
    private static final double HEIGHT = 400;
    private static final double LEFT = 66;
    private static final double RIGHT = 600;
    private static final double TOP = 40;
    private static final double BOTTOM = 344;
    private static final List<Double> TICKS = List.of(0.0, 50.0, 90.0, 99.0, 99.9, 99.99);

    private final TuneView view;

    private PercentilePlot(TuneView view) {
        this.view = view;
    }

    static Svg of(TuneView view) {
        return new PercentilePlot(view).draw();
    }

    private Svg draw() {
        Svg svg = new Svg(WIDTH, HEIGHT, "Latency by percentile");
        List<CellResult> cells = cells();
        Scale x = Scale.linear(place(99.99), LEFT, RIGHT);
        Scale y = Scale.log(cells.stream().mapToDouble(cell -> cell.latency().valueNs(1)).min().orElse(1),
                cells.stream().mapToDouble(cell -> cell.latency().valueNs(99.99)).max().orElse(1), BOTTOM, TOP);
        Axes axes = new Axes(svg, x, y).yTicks(y.logTicks(), Labels::time, "latency (log)")
                .xTicks(TICKS.stream().map(PercentilePlot::place).toList(), PercentilePlot::name,
                        "percentile of the requests (log of what is left)");
        List<Axes.Name> names = new ArrayList<>();
        for (int series = 0; series < cells.size(); series++) {
            names.add(curve(axes, series, cells.get(series)));
        }
        axes.names(names);
        return svg;
    }

    /// Percentiles that fewer than one request decided are not drawn.
    private Axes.Name curve(Axes axes, int series, CellResult cell) {
        LatencySummary latency = cell.latency();
        Svg.Path path = new Svg.Path();
        List<Double> drawn = LatencySummary.PERCENTILES.stream()
                .filter(percentile -> latency.count() * (1 - percentile / 100) >= 0.9999 || percentile <= 50).toList();
        drawn.forEach(percentile -> path.to(axes.x().at(place(percentile)),
                axes.y().at((double) latency.valueNs(percentile))));
        axes.svg().curve(series, path.toString());
        drawn.forEach(percentile -> axes.svg().mark(series, axes.x().at(place(percentile)),
                axes.y().at((double) latency.valueNs(percentile)), Labels.fullCell(cell.cell()) + ": "
                        + Labels.percentile(percentile) + " " + Units.time(latency.valueNs(percentile))));
        String name = Labels.cell(cell.cell());
        return new Axes.Name(series, axes.x().at(place(drawn.getLast())),
                axes.y().at((double) latency.valueNs(drawn.getLast())),
                view.isChosen(cell.cell()) ? name + " (use)" : name);
    }

    private List<CellResult> cells() {
        SequencedSet<CellResult> cells = new LinkedHashSet<>();
        view.chosen().ifPresent(cells::add);
        view.result().recommendation().ifPresent(recommendation -> cells.add(recommendation.best()));
        if (cells.isEmpty()) {
            view.fastest().stream().limit(1).forEach(cells::add);
        }
        if (!cells.isEmpty()) {
            Cell cell = cells.getFirst().cell();
            List<CellResult> sameSize = view.curve(cell.requestBytes());
            if (!sameSize.isEmpty()) {
                cells.add(sameSize.getFirst());
                cells.add(sameSize.getLast());
            }
        }
        return cells.stream().filter(cell -> cell.latency().count() > 0).toList();
    }

    /// 0 for nothing, 1 for 90 %, 2 for 99 %.
    private static double place(double percentile) {
        return -Math.log10(1 - percentile / 100);
    }

    private static String name(double place) {
        return Labels.number(100 - 100 * Math.pow(10, -place)) + " %";
    }
}
