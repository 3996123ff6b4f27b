package io.trilane.perf.report;

import io.trilane.perf.tune.CellResult;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/// Latency over throughput, a line per size, from the smallest depth to the largest. Where a line turns upwards, more depth
/// buys latency alone.
final class CurvesPlot {
    private static final double WIDTH = 760;
    private static final double HEIGHT = 460;
    private static final double LEFT = 66;
    private static final double RIGHT = 650;
    private static final double TOP = 40;
    private static final double BOTTOM = 404;

    private static final int MOST_CURVES = 12;

    private final TuneView view;
    private final boolean hasTooltips;
    private final List<Long> sizes;

    private CurvesPlot(TuneView view, boolean hasTooltips) {
        this.view = view;
        this.hasTooltips = hasTooltips;
        this.sizes = view.someSizes(MOST_CURVES);
    }

    static Svg of(TuneView view, boolean hasTooltips) {
        return new CurvesPlot(view, hasTooltips).draw();
    }

    private Svg draw() {
        Svg svg = new Svg(WIDTH, HEIGHT, "Latency over throughput, a line per request size");
        Scale x = Scale.bytes(view.mostBytesPerSecond(), 8, LEFT, RIGHT);
        Scale y = Scale.log(latencies().min().orElse(1), latencies().max().orElse(1), BOTTOM, TOP);
        Axes axes = new Axes(svg, x, y).yTicks(y.logTicks(), Labels::time, "p99 latency (log)")
                .xTicks(x.binaryTicks(8), Labels::rate, "throughput; depth grows along each line"
                        + (sizes.size() == view.sizes().size() ? "" : "; " + sizes.size() + " of " + view.sizes().size()
                                + " sizes"));
        List<Axes.Name> names = new ArrayList<>();
        for (int series = 0; series < sizes.size(); series++) {
            List<CellResult> curve = plottable(sizes.get(series));
            if (!curve.isEmpty()) {
                curve(axes, series, curve);
                names.add(new Axes.Name(series, x.at(rate(curve.getLast())), y.at(latency(curve.getLast())),
                        Labels.bytes(sizes.get(series))));
            }
        }
        marks(axes);
        axes.namesBeside(names);
        return svg;
    }

    private void curve(Axes axes, int series, List<CellResult> curve) {
        Svg.Path path = new Svg.Path();
        curve.forEach(cell -> path.to(axes.x().at(rate(cell)), axes.y().at(latency(cell))));
        axes.svg().curve(series, path.toString());
        if (hasTooltips) {
            curve.forEach(cell -> axes.svg().mark(series, axes.x().at(rate(cell)), axes.y().at(latency(cell)),
                    Labels.cell(cell.cell()) + ": " + Units.rate(rate(cell)) + ", p99 " + Units.time(latency(cell))));
        } else {
            StringBuilder marks = new StringBuilder();
            curve.forEach(cell -> marks.append(Shape.of(series).path(axes.x().at(rate(cell)),
                    axes.y().at(latency(cell)), 3.8)));
            axes.svg().path("f" + series % PlotStyle.LINE_STYLES, marks.toString());
        }
    }

    /// Knees as diamonds, the recommendation as a star with its name.
    private void marks(Axes axes) {
        for (long size : sizes) {
            plottable(size).stream().filter(cell -> view.isKnee(cell.cell()) && !view.isChosen(cell.cell()))
                    .forEach(cell -> axes.svg().path("shape",
                            Shape.DIAMOND.path(axes.x().at(rate(cell)), axes.y().at(latency(cell)), 5)));
        }
        view.chosen().filter(cell -> latency(cell) > 0).ifPresent(cell -> {
            double x = axes.x().at(rate(cell));
            double y = axes.y().at(latency(cell));
            axes.svg().path("shape", Shape.STAR.path(x, y, 8));
            axes.svg().text("strong end halo", x - 14, y - 8, "use " + Labels.cell(cell.cell()));
        });
        axes.svg().path("shape", Shape.DIAMOND.path(LEFT + 200, 20, 4.5));
        axes.svg().text("small", LEFT + 210, 24, "knee of a size");
        axes.svg().path("shape", Shape.STAR.path(LEFT + 310, 20, 6));
        axes.svg().text("small", LEFT + 321, 24, "recommendation");
    }

    private List<CellResult> plottable(long size) {
        return view.curve(size).stream().filter(cell -> latency(cell) > 0 && Double.isFinite(rate(cell))).toList();
    }

    private DoubleStream latencies() {
        return sizes.stream().flatMap(size -> plottable(size).stream()).mapToDouble(CurvesPlot::latency);
    }

    private static double rate(CellResult cell) {
        return cell.bytesPerSecond().median();
    }

    private static double latency(CellResult cell) {
        return cell.latency().valueNs(99);
    }
}
