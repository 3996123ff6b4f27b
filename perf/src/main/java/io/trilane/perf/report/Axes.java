package io.trilane.perf.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;

/// The frame of a plot with two axes: grid, ticks, names; and names of lines at their ends. Immutable.
///
/// @param svg to draw on
/// @param x   from left to right
/// @param y   from bottom to top
record Axes(Svg svg, Scale x, Scale y) {
    static final double LINE_HEIGHT = 14;

    private static final double LABEL_GAP = 10;
    /// Of small text, on the safe side.
    private static final double CHARACTER_WIDTH = 7;

    /// The name of the line `series` wants to stand beside the line's end.
    record Name(int series, double endX, double endY, String text) {}

    Axes xTicks(List<Double> ticks, DoubleFunction<String> format, String name) {
        for (double tick : ticks) {
            svg.line("grid", x.at(tick), y.to(), x.at(tick), y.from());
            svg.text("small middle", x.at(tick), y.from() + 16, format.apply(tick));
        }
        svg.line("axis", x.from(), y.from(), x.to(), y.from());
        svg.text("middle", (x.from() + x.to()) / 2, y.from() + 36, name);
        return this;
    }

    /// The name stands above the axis, so that nobody has to turn the head.
    Axes yTicks(List<Double> ticks, DoubleFunction<String> format, String name) {
        for (double tick : ticks) {
            svg.line("grid", x.from(), y.at(tick), x.to(), y.at(tick));
            svg.text("small end", x.from() - 6, y.at(tick) + 4, format.apply(tick));
        }
        svg.line("axis", x.from(), y.from(), x.from(), y.to());
        svg.text("", 8, y.to() - 12, name);
        return this;
    }

    /// Writes names in a column right of the plot, each as near to its line's end as the others allow, with a leader.
    void names(List<Name> names) {
        List<Name> sorted = names.stream().sorted(Comparator.comparingDouble(Name::endY)).toList();
        List<Double> places = apart(sorted.stream().map(Name::endY).toList(), y.to() + 4, y.from());
        double column = x.to() + 2 * LABEL_GAP;
        for (int i = 0; i < sorted.size(); i++) {
            Name name = sorted.get(i);
            svg.line("leader", name.endX() + 5, name.endY(), column - 2, places.get(i));
            svg.path("f" + name.series() % PlotStyle.LINE_STYLES,
                    Shape.of(name.series()).path(column + 4, places.get(i), 3.8));
            svg.text("small", column + 12, places.get(i) + 4, name.text());
        }
    }

    /// Writes each name right beside its line's end; where another name is, the nearest free place above or below it.
    void namesBeside(List<Name> names) {
        List<double[]> taken = new ArrayList<>();
        for (Name name : names.stream().sorted(Comparator.comparingDouble(Name::endY)).toList()) {
            double left = name.endX() + LABEL_GAP;
            double right = left + name.text().length() * CHARACTER_WIDTH;
            double place = free(taken, left, right, Math.clamp(name.endY(), y.to() + 4, y.from() - 6));
            taken.add(new double[]{left, right, place});
            if (Math.abs(place - name.endY()) > LINE_HEIGHT / 2) {
                svg.line("leader", name.endX() + 4, name.endY(), left - 1, place);
            }
            svg.text("small halo", left, place + 4, name.text());
        }
    }

    private double free(List<double[]> taken, double left, double right, double wanted) {
        for (int step = 0; step < 2 * (taken.size() + 1); step++) {
            double place = wanted + (step % 2 == 0 ? 1 : -1) * ((step + 1) / 2) * LINE_HEIGHT;
            if (place >= y.to() && place <= y.from() - 6 && taken.stream().noneMatch(other -> left < other[1]
                    && other[0] < right && Math.abs(other[2] - place) < LINE_HEIGHT)) {
                return place;
            }
        }
        return wanted;
    }

    /// Moves places down, then up, until each is a line's height from the next; where there is no room for that, evenly.
    ///
    /// @param wanted ascending
    static List<Double> apart(List<Double> wanted, double low, double high) {
        int count = wanted.size();
        double gap = count < 2 ? LINE_HEIGHT : Math.min(LINE_HEIGHT, (high - low) / (count - 1));
        List<Double> places = new ArrayList<>();
        for (double place : wanted) {
            double floor = places.isEmpty() ? low : places.getLast() + gap;
            places.add(Math.max(place, floor));
        }
        double ceiling = high;
        for (int i = count - 1; i >= 0; i--) {
            places.set(i, Math.min(places.get(i), ceiling));
            ceiling = places.get(i) - gap;
        }
        return IntStream.range(0, count).mapToObj(places::get).toList();
    }
}
