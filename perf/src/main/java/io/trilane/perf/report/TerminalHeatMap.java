package io.trilane.perf.report;

import io.trilane.perf.tune.CellResult;
import io.trilane.perf.tune.TuneResult;
import java.util.List;
import java.util.Optional;

/// Throughput by size and depth for a terminal, at most [#MOST_COLUMNS] wide: `*` the recommendation, `<` a knee, `=` equal
/// to the best.
public final class TerminalHeatMap {
    public static final int MOST_COLUMNS = 100;

    private static final int LABEL = 10;
    private static final int WIDE = 7;
    private static final int NARROW = 3;
    private static final String SHADES = " ░▒▓█";
    private static final String PLAIN = "0123456789";
    private static final double GIBI = 1 << 30;
    private static final double MEBI = 1 << 20;

    private final TuneView view;
    private final TerminalStyle style;
    private final List<Integer> depths;
    private final int width;
    private final double most;
    private final StringBuilder out = new StringBuilder();

    private TerminalHeatMap(TuneView view, TerminalStyle style) {
        this.view = view;
        this.style = style;
        this.depths = depths(view);
        this.width = LABEL + depths.size() * WIDE <= MOST_COLUMNS ? WIDE : NARROW;
        this.most = view.result().cells().stream().mapToDouble(cell -> cell.bytesPerSecond().median())
                .filter(Double::isFinite).max().orElse(0);
    }

    /// Lines with line feeds; nothing when nothing was measured.
    public static String of(TuneResult result, TerminalStyle style) {
        return result.cells().isEmpty() ? "" : new TerminalHeatMap(new TuneView(result), style).draw();
    }

    /// All that fit; otherwise those of the coarse grid and the recommended one, the least first.
    private static List<Integer> depths(TuneView view) {
        int room = (MOST_COLUMNS - LABEL) / NARROW;
        List<Integer> all = view.depths();
        if (all.size() <= room) {
            return all;
        }
        Optional<Integer> chosen = view.chosen().map(cell -> cell.cell().depth());
        List<Integer> coarse = all.stream().filter(depth -> chosen.filter(depth::equals).isEmpty()
                && view.result().goal().depths().contains(depth)).limit(room - 1L).toList();
        return all.stream().filter(depth -> coarse.contains(depth) || chosen.filter(depth::equals).isPresent())
                .toList();
    }

    private String draw() {
        boolean isGibi = most >= GIBI;
        out.append(isGibi ? "GiB/s" : "MiB/s").append(" by size and depth: * use, = best, < knee\n");
        header();
        for (long size : view.sizes().reversed()) {
            out.append(Units.format("%9s ", Labels.bytes(size)));
            for (int depth : depths) {
                place(view.at(size, depth), isGibi ? GIBI : MEBI);
            }
            trim();
            out.append('\n');
        }
        return out.toString();
    }

    private void header() {
        out.append(" ".repeat(LABEL));
        for (int depth : depths) {
            String text = Integer.toString(depth);
            out.append(width == WIDE ? Units.format("%6s ", text) : text.length() < NARROW
                    ? Units.format("%2s ", text) : ".. ");
        }
        trim();
        out.append('\n');
    }

    private void place(Optional<CellResult> result, double unit) {
        if (result.isEmpty()) {
            out.append(" ".repeat(width));
            return;
        }
        CellResult cell = result.get();
        double value = cell.bytesPerSecond().median();
        double part = most > 0 && Double.isFinite(value) ? Math.clamp(value / most, 0, 1) : 0;
        String number = Double.isFinite(value) ? Labels.three(value / unit) : "?";
        switch (style) {
            case COLOR -> colored(part, (width == WIDE ? Units.format("%6s", number) : "  ") + mark(cell));
            case SHADES -> out.append(width == WIDE
                    ? shade(SHADES, part) + Units.format("%5s", number) + mark(cell)
                    : shade(SHADES, part).repeat(2) + mark(cell));
            case NUMBERS -> out.append(width == WIDE ? Units.format("%6s", number) + mark(cell)
                    : " " + shade(PLAIN, part) + mark(cell));
        }
    }

    private void colored(double part, String text) {
        int color = Palette.color(part);
        out.append("\u001b[48;5;").append(Palette.terminal(color)).append(";38;5;")
                .append(Palette.isDark(color) ? 231 : 16).append('m').append(text).append("\u001b[0m");
    }

    private char mark(CellResult cell) {
        return view.isChosen(cell.cell()) ? '*' : view.isKnee(cell.cell()) ? '<' : cell.isEqualToBest() ? '=' : ' ';
    }

    private void trim() {
        while (out.charAt(out.length() - 1) == ' ') {
            out.setLength(out.length() - 1);
        }
    }

    private static String shade(String shades, double part) {
        return String.valueOf(shades.charAt((int) Math.min(shades.length() - 1.0, part * shades.length())));
    }
}
