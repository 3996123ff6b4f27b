package io.trilane.perf.tune;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// A result for a person: the answer first, then what it rests on, then what to do with it. Stateless.
public final class TuneText {
    private static final int MOST_EQUALS = 8;
    private static final String ROW = "%1s %-9s %5s %6s %4s  %11s  %-25s %9s  %8s %8s %8s%s%n";

    private final TuneResult result;
    private final StringBuilder text = new StringBuilder();

    private TuneText(TuneResult result) {
        this.result = result;
    }

    /// Without advice.
    public static String of(TuneResult result) {
        TuneText made = new TuneText(result);
        made.answer();
        made.table();
        made.knees();
        made.little();
        made.fits();
        made.notes();
        return made.text.toString();
    }

    /// @param blockBytes of the disk, for the advice
    public static String of(TuneResult result, int blockBytes) {
        return of(result) + result.recommendation().map(found -> {
            TuneAdvice advice = TuneAdvice.of(found.chosen().cell(), result.goal(), result.target(), blockBytes);
            return "\nannounce it\n" + indented(advice.blockLimits()) + "\nfio job file\n" + indented(advice.fioJob())
                    + "\nDriverKit\n" + indented(advice.driverKit());
        }).orElse("");
    }

    private void answer() {
        text.append(result.isComplete() || result.recommendation().isEmpty() ? "" : "so far: ")
                .append(result.recommendation().map(Recommendation::sentence).orElse(result.ending())).append('\n');
        result.recommendation().ifPresent(found -> {
            List<Cell> others = found.equals().stream().map(CellResult::cell)
                    .filter(cell -> !cell.equals(found.chosen().cell())).toList();
            if (!others.isEmpty()) {
                text.append("equal within noise: ").append(others.stream().limit(MOST_EQUALS)
                        .map(cell -> Wording.cell(cell, result.goal())).collect(Collectors.joining("; ")))
                        .append(others.size() > MOST_EQUALS ? "; and " + (others.size() - MOST_EQUALS) + " more" : "")
                        .append('\n');
            }
            text.append("search ended: ").append(result.ending()).append('\n');
        });
        if (!result.isComplete()) {
            text.append("NOT COMPLETE: this is what was known when the search ended\n");
        }
        text.append(result.target()).append(", ").append(result.goal().mode().option()).append(", ")
                .append(result.cells().size()).append(" cells in ").append(Wording.time(result.spentNs())).append('\n');
    }

    private void table() {
        text.append('\n').append(Wording.format(ROW, "", "size", "depth", "bundle", "jobs", "throughput",
                "95 % interval", "IOPS", "p50", "p99", "p99.9", ""));
        Cell chosen = result.recommendation().map(found -> found.chosen().cell()).orElse(null);
        result.cells().forEach(cell -> text.append(row(cell, cell.cell().equals(chosen))));
        text.append("* the answer  = equal to the best  ! objective missed  ~ not steady  ? fewer than ")
                .append(Bootstrap.LEAST_VALUES).append(" repetitions: their range\n");
        result.goal().objective().ifPresent(objective -> text.append("the objective is judged by the ")
                .append(Wording.percentile(objective.percentile()))
                .append(" of each repetition, with its interval; the columns are of all requests together\n"));
    }

    private String row(CellResult found, boolean chosen) {
        Cell cell = found.cell();
        Interval bytes = found.bytesPerSecond();
        String marks = (found.meetsObjective() ? "" : "!")
                + (found.rounds().size() < Bootstrap.LEAST_VALUES ? "?" : found.isSteady() ? "" : "~")
                + (found.errors() > 0 ? " " + found.errors() + " ERRORS" : "");
        return Wording.format(ROW, chosen ? "*" : found.isEqualToBest() ? "=" : "", Wording.size(cell.requestBytes()),
                cell.depth(), cell.bundle(), cell.jobs(), Wording.rate(bytes.median()),
                found.rounds().size() < 2 ? "-" : Wording.rate(bytes.low()) + " .. " + Wording.rate(bytes.high()),
                Wording.format("%.0f", found.iops().median()), Wording.time(found.latency().valueNs(50)),
                Wording.time(found.latency().valueNs(99)), Wording.time(found.latency().valueNs(99.9)),
                marks.isEmpty() ? "" : " " + marks);
    }

    private void knees() {
        List<Knee> bends = result.knees().stream().filter(knee -> !isDeepest(knee.cell())).toList();
        if (!bends.isEmpty()) {
            text.append("\nknees (more depth gives less than a tenth of its share)\n");
        }
        bends.forEach(knee -> text.append("  ").append(Wording.cell(knee.cell(), result.goal())).append(": ")
                .append(Wording.percent(knee.shareOfPeak())).append(" of the curve's peak\n"));
        String rising = result.knees().stream().map(Knee::cell).filter(this::isDeepest)
                .map(cell -> Wording.cell(cell, result.goal())).collect(Collectors.joining("; "));
        if (!rising.isEmpty()) {
            text.append("\nno knee yet, still rising at the greatest depth measured: ").append(rising).append('\n');
        }
    }

    /// Nothing with more depth was measured on the same curve.
    private boolean isDeepest(Cell cell) {
        return result.cells().stream().filter(found -> found.cell().equals(cell))
                .allMatch(found -> Curves.deeper(found, result.cells(), result.goal()).isEmpty());
    }

    private void little() {
        List<LittleCheck> checked = result.little().stream().filter(check -> check.ratio() > 0)
                .sorted(Comparator.comparingDouble(LittleCheck::ratio)).toList();
        if (!checked.isEmpty()) {
            text.append(Wording.format(
                    "%nLittle's law (rate x mean latency / depth, should be 1): %.2f .. %.2f, median "
                            + "%.2f%n",
                    checked.getFirst().ratio(), checked.getLast().ratio(),
                    checked.get(checked.size() / 2).ratio()));
        }
    }

    private void fits() {
        if (!result.fits().isEmpty()) {
            text.append("\nuniversal scalability law: rate(n) = lambda n / (1 + sigma (n - 1) + kappa n (n - 1))\n");
        }
        result.fits().forEach(fit -> text.append(Wording.format(
                "  %-9s lambda %.0f/s, sigma %.3g, kappa %.3g, error %s%s%n", Wording.size(fit.cell().requestBytes()),
                fit.lambda(), fit.sigma(), fit.kappa(), Wording.percent(fit.error()),
                fit.peakDepth() > 0 ? Wording.format(", peak at %.0f in flight", fit.peakDepth()) : ", no peak")));
    }

    private void notes() {
        if (!result.notes().isEmpty()) {
            text.append('\n');
        }
        result.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
    }

    private static String indented(String block) {
        return block.indent(2).replaceAll("(?m)^ +$", "");
    }
}
