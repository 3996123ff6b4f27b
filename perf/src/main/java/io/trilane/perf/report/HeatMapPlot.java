package io.trilane.perf.report;

import io.trilane.perf.tune.Cell;
import io.trilane.perf.tune.CellResult;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/// Size by depth: a number in each place, its colour by its part of the whole, the recommendation and the knees marked by
/// shape and word.
final class HeatMapPlot {
    /// What the numbers are.
    enum Measure {
        THROUGHPUT,
        LATENCY
    }

    private static final double LEFT = 76;
    private static final double TOP = 44;
    private static final double ROW = 38;
    private static final double WANTED_WIDTH = 760;
    private static final double LEGEND_WIDTH = 620;
    private static final double GIBI = 1 << 30;
    private static final double MEBI = 1 << 20;

    private final TuneView view;
    private final Measure measure;
    private final boolean hasTooltips;
    private final List<Integer> depths;
    private final List<Long> sizes;
    private final double column;
    private final double low;
    private final double high;

    private HeatMapPlot(TuneView view, Measure measure, boolean hasTooltips) {
        this.view = view;
        this.measure = measure;
        this.hasTooltips = hasTooltips;
        this.depths = view.depths();
        this.sizes = view.sizes().reversed();
        this.column = Math.floor(Math.clamp((WANTED_WIDTH - LEFT) / Math.max(1, depths.size()), 42, 72));
        this.low = values().min().orElse(0);
        this.high = values().max().orElse(1);
    }

    static Svg of(TuneView view, Measure measure, boolean hasTooltips) {
        return new HeatMapPlot(view, measure, hasTooltips).draw();
    }

    private DoubleStream values() {
        return sizes.stream().flatMap(size -> view.curve(size).stream()).mapToDouble(this::value)
                .filter(Double::isFinite);
    }

    private double value(CellResult cell) {
        return measure == Measure.THROUGHPUT ? cell.bytesPerSecond().median() : cell.latency().valueNs(99);
    }

    private Svg draw() {
        double bottom = TOP + sizes.size() * ROW;
        double width = Math.max(LEFT + depths.size() * column + 8, LEGEND_WIDTH);
        Svg svg = new Svg(width, bottom + 74, name() + ", " + sizes.size() + " request sizes by " + depths.size()
                + " queue depths");
        svg.text("strong", 8, 16, name());
        svg.text("small end", LEFT - 8, TOP - 6, "size \\ depth");
        for (int i = 0; i < depths.size(); i++) {
            svg.text("small middle", LEFT + (i + 0.5) * column, TOP - 6, Integer.toString(depths.get(i)));
        }
        for (int row = 0; row < sizes.size(); row++) {
            svg.text("small end", LEFT - 8, TOP + (row + 0.5) * ROW + 4, Labels.bytes(sizes.get(row)));
            svg.open("row", "");
            for (int i = 0; i < depths.size(); i++) {
                place(svg, LEFT + i * column, TOP + row * ROW, view.at(sizes.get(row), depths.get(i)));
            }
            svg.close();
        }
        outline(svg);
        legend(svg, bottom + 18);
        return svg;
    }

    private String name() {
        return measure == Measure.THROUGHPUT ? "Throughput in " + (isGibi() ? "GiB/s" : "MiB/s")
                : "Latency, 99th percentile";
    }

    private boolean isGibi() {
        return high >= GIBI;
    }

    private void place(Svg svg, double x, double y, Optional<CellResult> result) {
        if (result.isEmpty()) {
            svg.rect("empty", x, y, column - 1, ROW - 1);
            return;
        }
        CellResult cell = result.get();
        int color = Palette.color(part(value(cell)));
        String ink = Palette.isDark(color) ? "on-dark" : "on-light";
        if (hasTooltips) {
            svg.open("", tooltip(cell));
        }
        svg.filled(color, x, y, column - 1, ROW - 1);
        svg.text(ink, x + column / 2, y + 16, text(cell));
        marks(svg, x, y, cell, ink);
        if (hasTooltips) {
            svg.close();
        }
    }

    private void marks(Svg svg, double x, double y, CellResult result, String ink) {
        Cell cell = result.cell();
        boolean isKnee = view.isKnee(cell);
        double middle = x + column / 2;
        if (view.isChosen(cell)) {
            svg.path("shape", Shape.STAR.path(middle - 15, y + 27, 5));
            svg.text("mark " + ink, middle + 5, y + 30.5, "use");
            if (isKnee) {
                svg.path("shape", Shape.DIAMOND.path(x + column - 8, y + 27, 4));
            }
        } else if (isKnee) {
            svg.path("shape", Shape.DIAMOND.path(middle - 16, y + 27, 4));
            svg.text("mark " + ink, middle + 4, y + 30.5, "knee");
        } else if (result.isEqualToBest()) {
            svg.text("mark " + ink, middle, y + 30.5, "= best");
        } else if (result.errors() > 0) {
            svg.text("mark " + ink, middle, y + 30.5, "errors");
        } else if (TuneView.isUnsteady(result)) {
            svg.text("mark " + ink, middle, y + 30.5, "~");
        }
    }

    /// Drawn last, so that no neighbour covers it.
    private void outline(Svg svg) {
        view.chosen().map(CellResult::cell).ifPresent(cell -> {
            double x = LEFT + depths.indexOf(cell.depth()) * column;
            double y = TOP + sizes.indexOf(cell.requestBytes()) * ROW;
            svg.rect("outer", x, y, column - 1, ROW - 1);
            svg.rect("inner", x, y, column - 1, ROW - 1);
        });
    }

    private double part(double value) {
        if (!(high > low)) {
            return 1;
        }
        return measure == Measure.THROUGHPUT ? value / high
                : Math.log(Math.max(1, value) / Math.max(1, low)) / Math.log(high / Math.max(1, low));
    }

    private String text(CellResult cell) {
        double value = value(cell);
        if (!Double.isFinite(value)) {
            return "?";
        }
        return measure == Measure.LATENCY ? compact(value)
                : Labels.three(value / (isGibi() ? GIBI : MEBI));
    }

    /// `190 us`, `2.1 ms`: at most six characters.
    private static String compact(double ns) {
        double value = ns < 1e3 ? ns : ns < 1e6 ? ns / 1e3 : ns < 1e9 ? ns / 1e6 : ns / 1e9;
        String unit = ns < 1e3 ? " ns" : ns < 1e6 ? " us" : ns < 1e9 ? " ms" : " s";
        return Units.format(value < 9.95 ? "%.1f%s" : "%.0f%s", value, unit);
    }

    private String tooltip(CellResult cell) {
        if (measure == Measure.LATENCY) {
            return Labels.cell(cell.cell()) + ": p50 " + Units.time(cell.latency().valueNs(50)) + ", p99 "
                    + Units.time(cell.latency().valueNs(99)) + ", max " + Units.time(cell.latency().maxNs());
        }
        int variants = view.variants(cell.cell());
        return TuneView.describe(cell) + (variants == 1 ? "" : "; " + variants
                + " combinations of bundle and jobs were measured here");
    }

    private void legend(Svg svg, double y) {
        int steps = 24;
        double step = 168.0 / steps;
        for (int i = 0; i < steps; i++) {
            svg.filled(Palette.color((double) i / (steps - 1)), LEFT + i * step, y, step + 0.3, 12);
        }
        boolean isThroughput = measure == Measure.THROUGHPUT;
        svg.text("small", LEFT, y + 27, isThroughput ? "0" : Units.time(low));
        svg.text("small end", LEFT + 168, y + 27, isThroughput ? Units.rate(high) : Units.time(high) + " (log)");
        double x = LEFT + 196;
        svg.path("shape", Shape.STAR.path(x, y + 6, 5));
        svg.text("small", x + 10, y + 10, "use: the recommendation, outlined");
        svg.path("shape", Shape.DIAMOND.path(x + 214, y + 6, 4));
        svg.text("small", x + 224, y + 10, "knee: where a row bends");
        svg.text("small", x - 4, y + 27, "= best: cannot be told from the best");
        svg.text("small", x + 210, y + 27, "~ unsteady");
        svg.text("small", LEFT, y + 46,
                "Where several bundles or jobs were measured, the recommended or the fastest is shown.");
    }
}
