package io.trilane.perf.report;

import java.util.Locale;

/// One picture. Text is escaped; places are in units of the picture, y downwards, rounded to a tenth. One use, one thread.
final class Svg {
    private final double width;
    private final double height;
    private final String label;
    private final Markup body = new Markup();

    /// @param label what it shows, for those who do not see it
    Svg(double width, double height, String label) {
        this.width = width;
        this.height = height;
        this.label = label;
    }

    /// Begins a group that shows `title` when it is pointed at; may be empty.
    Svg open(String cssClass, String title) {
        if (cssClass.isEmpty()) {
            body.open("g");
        } else {
            body.open("g", "class", cssClass);
        }
        if (!title.isEmpty()) {
            body.element("title", title);
        }
        return this;
    }

    Svg close() {
        body.close();
        return this;
    }

    Svg text(String cssClass, double x, double y, String text) {
        body.element("text", text, "class", cssClass, "x", number(x), "y", number(y));
        return this;
    }

    Svg line(String cssClass, double x1, double y1, double x2, double y2) {
        body.leaf("line", "class", cssClass, "x1", number(x1), "y1", number(y1), "x2", number(x2), "y2", number(y2));
        return this;
    }

    Svg rect(String cssClass, double x, double y, double rectWidth, double rectHeight) {
        body.leaf("rect", "class", cssClass, "x", number(x), "y", number(y), "width", number(rectWidth), "height",
                number(rectHeight));
        return this;
    }

    Svg filled(int color, double x, double y, double rectWidth, double rectHeight) {
        body.leaf("rect", "fill", Palette.hex(color), "x", number(x), "y", number(y), "width", number(rectWidth),
                "height", number(rectHeight));
        return this;
    }

    /// @param path as [Shape#path] and [Path] make it
    Svg path(String cssClass, String path) {
        body.leaf("path", "class", cssClass, "d", path);
        return this;
    }

    /// A line with the dashes of its series.
    Svg curve(int series, String path) {
        body.leaf("path", "class", "line s" + series % PlotStyle.LINE_STYLES, "stroke-dasharray",
                PlotStyle.dashes(series).isEmpty() ? "none" : PlotStyle.dashes(series), "d", path);
        return this;
    }

    /// A mark of a series, with a title of its own.
    Svg mark(int series, double x, double y, String title) {
        body.open("path", "class", "f" + series % PlotStyle.LINE_STYLES, "d", Shape.of(series).path(x, y, 3.8));
        body.element("title", title);
        body.close();
        return this;
    }

    /// For a page that has [PlotStyle#CSS].
    String inline() {
        Markup page = new Markup();
        root(page, true);
        return page.raw(body.finish()).close().finish();
    }

    /// For a file of its own.
    String file() {
        Markup page = new Markup().raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        root(page, false);
        page.element("title", label).raw("\n<style>\n" + PlotStyle.CSS + "</style>\n");
        return page.raw(body.finish()).close().finish();
    }

    /// A page's HTML needs no name space, and its width follows the window down to what can be read.
    private void root(Markup page, boolean inPage) {
        String box = "0 0 " + number(width) + " " + number(height);
        if (inPage) {
            page.open("svg", "class", "plot", "viewBox", box, "width", number(width), "height", number(height), "role",
                    "img", "aria-label", label);
        } else {
            page.open("svg", "xmlns", "http://www.w3.org/2000/svg", "class", "plot", "viewBox", box, "width",
                    number(width), "height", number(height), "role", "img", "aria-label", label);
        }
    }

    /// Rounded to a tenth, as short as it gets.
    static String number(double value) {
        long tenths = Math.round(value * 10);
        return tenths % 10 == 0 ? Long.toString(tenths / 10) : String.format(Locale.ROOT, "%.1f", tenths / 10.0);
    }

    /// The way of a line, point by point.
    static final class Path {
        private final StringBuilder way = new StringBuilder();

        Path to(double x, double y) {
            way.append(way.isEmpty() ? 'M' : 'L').append(number(x)).append(' ').append(number(y));
            return this;
        }

        @Override
        public String toString() {
            return way.toString();
        }
    }
}
