package io.trilane.perf.report;

import io.trilane.perf.tune.Interval;
import java.util.Locale;

/// A comparison for people: the verdict first, then what is different, then a line per cell.
public final class CompareText {
    private CompareText() {}

    public static String of(ReportCompare compare) {
        StringBuilder text = new StringBuilder();
        text.append(verdict(compare)).append('\n');
        text.append(recommendation(compare)).append('\n');
        compare.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
        text.append('\n').append(Units.format("%-30s %-7s %-34s %-34s %7s  %s", "cell", "verdict", "first", "second",
                "change", "p99")).append('\n');
        compare.cells().forEach(cell -> text.append(line(cell)).append('\n'));
        return text.toString();
    }

    private static String verdict(ReportCompare compare) {
        return Units.format("%s: %d worse, %d better, %d the same, %d unsure (apart by more than %s, intervals apart)",
                compare.isRegression() ? "REGRESSION" : "no regression", compare.count(ReportCompare.Verdict.WORSE),
                compare.count(ReportCompare.Verdict.BETTER), compare.count(ReportCompare.Verdict.SAME),
                compare.count(ReportCompare.Verdict.UNSURE), Labels.number(compare.threshold() * 100) + " %");
    }

    private static String recommendation(ReportCompare compare) {
        String before = compare.first().chosen().map(CompareText::chosen).orElse("none");
        String after = compare.second().chosen().map(CompareText::chosen).orElse("none");
        return "recommendation: " + before + " -> " + after
                + compare.recommendation().map(verdict -> " (" + word(verdict) + ")").orElse("");
    }

    private static String chosen(ComparedReport.Entry entry) {
        return Labels.cell(entry.cell()) + " at " + Units.rate(entry.rate().median());
    }

    private static String line(ReportCompare.CellVerdict cell) {
        return Units.format("%-30s %-7s %-34s %-34s %+6.1f%%  %s -> %s", Labels.fullCell(cell.cell()),
                word(cell.verdict()), rate(cell.first().rate()), rate(cell.second().rate()), (cell.ratio() - 1) * 100,
                Units.time(cell.first().p99Ns()), Units.time(cell.second().p99Ns()))
                + (cell.latency() == ReportCompare.Verdict.SAME ? "" : "  objective's latency "
                        + word(cell.latency()))
                + (cell.second().errors() > 0 ? "  " + cell.second().errors() + " errors" : "");
    }

    private static String rate(Interval interval) {
        return Labels.exactRate(interval.median()) + " (" + PageTables.between(Labels.exactRate(interval.low()),
                Labels.exactRate(interval.high())).replace(" to ", "..") + ")";
    }

    private static String word(ReportCompare.Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT);
    }
}
