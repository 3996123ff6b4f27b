package io.trilane.perf.report;

import io.trilane.perf.tune.CellResult;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/// Every repetition when it was measured: a disk that tires or warms up shows itself here. The cells that matter as lines,
/// all others as dots.
final class TimeSeriesPlot {
    private static final double WIDTH = 760;
    private static final double HEIGHT = 360;
    private static final double LEFT = 66;
    private static final double RIGHT = 600;
    private static final double TOP = 40;
    private static final double BOTTOM = 304;
    private static final int LINES = 5;
    private static final double NS_PER_SECOND = 1e9;
    private static final int MOST_DOTS = 400;

    private final TuneView view;

    private TimeSeriesPlot(TuneView view) {
        this.view = view;
    }

    static Svg of(TuneView view) {
        return new TimeSeriesPlot(view).draw();
    }

    private Svg draw() {
        Svg svg = new Svg(WIDTH, HEIGHT, "Throughput of every repetition over time");
        double most = view.result().cells().stream().flatMap(cell -> cell.rounds().stream()).mapToDouble(rate -> rate)
                .filter(Double::isFinite).max().orElse(0);
        double end = view.result().cells().stream().flatMap(cell -> cell.atNs().stream()).mapToLong(at -> at).max()
                .orElse(0) / NS_PER_SECOND;
        Scale x = Scale.linear(end, LEFT, RIGHT);
        Scale y = Scale.bytes(most, 6, BOTTOM, TOP);
        Axes axes = new Axes(svg, x, y).yTicks(y.binaryTicks(6), Labels::rate, "throughput of one repetition")
                .xTicks(x.decimalTicks(8), seconds -> Labels.number(seconds) + " s", "time since the search began");
        List<CellResult> lines = lines();
        dots(axes, lines);
        List<Axes.Name> names = new ArrayList<>();
        for (int series = 0; series < lines.size(); series++) {
            names.add(line(axes, series, lines.get(series)));
        }
        axes.names(names);
        return svg;
    }

    private Axes.Name line(Axes axes, int series, CellResult cell) {
        Svg.Path path = new Svg.Path();
        for (int i = 0; i < cell.rounds().size(); i++) {
            path.to(axes.x().at(seconds(cell, i)), axes.y().at(rate(cell, i)));
        }
        axes.svg().curve(series, path.toString());
        for (int i = 0; i < cell.rounds().size(); i++) {
            axes.svg().mark(series, axes.x().at(seconds(cell, i)), axes.y().at(rate(cell, i)),
                    Labels.fullCell(cell.cell()) + ", repetition " + (i + 1) + ": " + Units.rate(rate(cell, i)));
        }
        int last = cell.rounds().size() - 1;
        String name = Labels.cell(cell.cell());
        return new Axes.Name(series, axes.x().at(seconds(cell, last)), axes.y().at(rate(cell, last)),
                view.isChosen(cell.cell()) ? name + " (use)" : name);
    }

    /// One path for all: hundreds of elements would fill the page. Of very many, every n-th.
    private void dots(Axes axes, List<CellResult> lines) {
        List<String> dots = new ArrayList<>();
        for (CellResult cell : view.result().cells()) {
            for (int i = 0; i < cell.rounds().size() && !lines.contains(cell); i++) {
                dots.add("M" + Svg.number(axes.x().at(seconds(cell, i))) + " " + Svg.number(axes.y().at(rate(cell, i)))
                        + "h0");
            }
        }
        int step = dots.size() / MOST_DOTS + 1;
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < dots.size(); i += step) {
            path.append(dots.get(i));
        }
        if (!path.isEmpty()) {
            axes.svg().path("dot", path.toString());
        }
    }

    /// The recommendation, what equals the best, then the fastest.
    private List<CellResult> lines() {
        SequencedSet<CellResult> cells = new LinkedHashSet<>();
        view.chosen().ifPresent(cells::add);
        view.result().recommendation().ifPresent(recommendation -> cells.addAll(recommendation.equals()));
        cells.addAll(view.fastest());
        return cells.stream().filter(cell -> !cell.rounds().isEmpty()).limit(LINES).toList();
    }

    private static double seconds(CellResult cell, int repetition) {
        return cell.atNs().get(repetition) / NS_PER_SECOND;
    }

    private static double rate(CellResult cell, int repetition) {
        double rate = cell.rounds().get(repetition);
        return Double.isFinite(rate) ? rate : 0;
    }
}
