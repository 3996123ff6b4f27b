package io.trilane.tools.lab.cost;

import io.trilane.hba.image.ByteSize;
import io.trilane.perf.harness.Environment;
import io.trilane.perf.report.Units;
import io.trilane.tools.lab.cost.Samples.Comparison;
import java.util.List;
import java.util.Locale;

/// The tables of `lab cost`, for a person. Stateless.
final class CostReport {
    private static final double MEBI = 1 << 20;

    private final StringBuilder text = new StringBuilder();

    private CostReport() {}

    /// What was measured, and how.
    static String header(CostPlan plan, Environment environment) {
        CostReport report = new CostReport();
        CrossingPrice price = plan.price();
        report.line("machine   %s %s, %d processors, Java %s", environment.os(), environment.architecture(),
                environment.processors(), environment.java());
        report.line("workload  %s, image %s in memory, one client, INVOKER", plan.mode().option(),
                ByteSize.format(plan.imageBytes()));
        report.line("cost      %s per call (stated: a task makes two, [iSCSIKit] has 0.05-0.2 ms per task),",
                Units.time(price.callNs()));
        report.line("          %s per wake-up of the next queue (stated, without a source), spun on a processor;",
                Units.time(price.wakeUpNs()));
        report.line("          copied per task: single 128 B in, 384 B out; bundled 2 B each way");
        report.line("figures   median of %d alternating rounds; +- is half of the distance between their quartiles;",
                plan.rounds());
        report.line("          ratios are paired by round, with their quartiles in brackets");
        return report.text.toString();
    }

    static String tables(CostResult result) {
        CostReport report = new CostReport();
        report.line("");
        report.line("== %s ==", result.price().isFree() ? "crossings at no cost" : "crossings at the stated cost");
        report.cells(result);
        report.splits(result);
        report.queues(result);
        return report.text.toString();
    }

    static String findings(CostResult result, List<ShapeFinding> findings) {
        CostReport report = new CostReport();
        report.line("");
        report.line("shape %s, against what others found (driverkit.md 6)",
                result.price().isFree() ? "at no cost" : "at the stated cost");
        for (ShapeFinding finding : findings) {
            report.line("  %-12s %s", finding.verdict().text(), finding.claim());
            report.line("  %-12s %s", "", finding.measured());
        }
        return report.text.toString();
    }

    private void cells(CostResult result) {
        line("1. is bundling worth it?");
        line("   %6s %6s %7s %10s %10s %6s  %s", "bs", "depth", "bundle", "IOPS", "MiB/s", "+-", "x single");
        for (CostResult.Cell cell : result.cells()) {
            boolean single = cell.bundle() == CrossingCost.SINGLE;
            String ratio = single ? "" : result.cell(cell.sizeBytes(), cell.depth(), CrossingCost.SINGLE)
                    .map(other -> times(cell.samples().fasterThan(other.samples()))).orElse("");
            line("   %6s %6d %7s %10s %10.1f %5.0f%%  %s", ByteSize.format(cell.sizeBytes()), cell.depth(),
                    single ? "single" : cell.bundle(), Units.count(cell.samples().perSecond()),
                    cell.bytesPerSecond() / MEBI, 100 * cell.samples().noise(), ratio);
        }
    }

    private void splits(CostResult result) {
        CostResult.Split best = result.splits().getLast();
        line("2. what does a small maximum transfer cost? one request of %s at a time, split",
                ByteSize.format(best.transferBytes()));
        line("   %9s %11s %10s %10s %6s  %s", "max", "round trips", "time", "MiB/s", "+-",
                "x time of " + ByteSize.format(best.limitBytes()));
        for (CostResult.Split split : result.splits()) {
            line("   %9s %11d %10s %10.1f %5.0f%%  %s", ByteSize.format(split.limitBytes()), split.roundTrips(),
                    Units.time(split.samples().medianNs()),
                    split.transferBytes() * split.samples().perSecond() / MEBI, 100 * split.samples().noise(),
                    split.equals(best) ? "" : times(best.samples().fasterThan(split.samples())));
        }
    }

    private void queues(CostResult result) {
        CostResult.Cell smallest = result.cells().getFirst();
        line("3. would a fourth queue help? the same work, %s requests, depth %d per engine, bundled",
                ByteSize.format(smallest.sizeBytes()), result.depths().getLast());
        line("   %-44s %10s %6s  %s", "", "IOPS", "+-", "x one engine");
        CostResult.Queues one = result.queues().getFirst();
        for (CostResult.Queues queues : result.queues()) {
            String name = queues.dedicated() ? "one engine, a thread for each queue"
                    : queues.engines() == 1 ? "one engine, three queues on one thread"
                    : queues.engines() + " engines, three queues and a thread each";
            line("   %-44s %10s %5.0f%%  %s", name, Units.count(queues.samples().perSecond()),
                    100 * queues.samples().noise(),
                    queues.equals(one) ? "" : times(queues.samples().fasterThan(one.samples())));
        }
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
    }

    private static String times(Comparison comparison) {
        return String.format(Locale.ROOT, "%.2f [%.2f..%.2f]", comparison.ratio(), comparison.low(),
                comparison.high());
    }
}
