package io.trilane.tools.lab.cost;

import io.trilane.hba.image.ByteSize;
import io.trilane.tools.lab.cost.Samples.Comparison;
import io.trilane.tools.lab.cost.ShapeFinding.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Compares the shape of a measurement with what others have found (`driverkit.md` 6). Every verdict is computed from the
/// figures; absolute figures are not compared, because the machines are not. Stateless.
final class ShapeCheck {
    /// More than this is a gain, less than its inverse a loss.
    private static final double SAME = 1.10;
    /// This part of an ideal factor counts as following it.
    private static final double FOLLOWS = 0.7;
    /// [iSCSIKit]: 4245 tasks per second with 8 in flight, 590 with one.
    private static final double REFERENCE_DEPTH_GAIN = 4245.0 / 590;
    private static final int REFERENCE_DEPTH = 8;

    private final CostResult result;

    private ShapeCheck(CostResult result) {
        this.result = result;
    }

    static List<ShapeFinding> of(CostResult result) {
        ShapeCheck check = new ShapeCheck(result);
        return List.of(check.bundlingPaysForSmallRequests(), check.aLoneRequestGainsNothing(), check.roundTrips(),
                check.splitsMultiplyLatency(), check.depthScales(), check.sizeScales(), check.cliff(), check.threads(),
                check.engines());
    }

    private ShapeFinding bundlingPaysForSmallRequests() {
        String claim = "bundling pays for small requests at high depth more than for large ones (macOS 15.4 note)";
        List<Long> sizes = result.sizes();
        if (sizes.size() < 2) {
            return notMeasured(claim, "one size only");
        }
        int depth = result.depths().getLast();
        Optional<Comparison> small = result.bundlingGain(sizes.getFirst(), depth);
        Optional<Comparison> large = result.bundlingGain(sizes.getLast(), depth);
        if (small.isEmpty() || large.isEmpty()) {
            return notMeasured(claim, "no bundles");
        }
        Verdict verdict = small.get().high() < SAME ? Verdict.DISAGREES : larger(small.get(), large.get());
        return new ShapeFinding(claim, verdict, text("depth %d: %s at %s, %s at %s", depth, times(small.get()),
                ByteSize.format(sizes.getFirst()), times(large.get()), ByteSize.format(sizes.getLast())));
    }

    private ShapeFinding aLoneRequestGainsNothing() {
        String claim = "a bundle of one gains nothing (break-even, rule 5)";
        Optional<Comparison> gain = result.bundlingGain(result.sizes().getFirst(), 1);
        if (gain.isEmpty()) {
            return notMeasured(claim, "no depth 1");
        }
        Comparison lone = gain.get();
        Verdict verdict = lone.low() > SAME || lone.high() < 1 / SAME ? Verdict.DISAGREES
                : lone.high() <= SAME && lone.low() >= 1 / SAME ? Verdict.AGREES : Verdict.UNCLEAR;
        return new ShapeFinding(claim, verdict, text("depth 1: %s", times(lone)));
    }

    private ShapeFinding roundTrips() {
        String claim = "a split request takes ceil(size / limit) round trips, one after another (5.1, rule 6)";
        for (CostResult.Split split : result.splits()) {
            long expected = Math.ceilDiv(split.transferBytes(), split.limitBytes());
            if (split.roundTrips() != expected) {
                return new ShapeFinding(claim, Verdict.DISAGREES, text("limit %s: %d counted, %d expected",
                        ByteSize.format(split.limitBytes()), split.roundTrips(), expected));
            }
        }
        return new ShapeFinding(claim, Verdict.AGREES, text("counted for %d limits", result.splits().size()));
    }

    private ShapeFinding splitsMultiplyLatency() {
        String claim = "a small maximum transfer multiplies the latency by the number of round trips (rule 6)";
        CostResult.Split most = result.splits().getFirst();
        CostResult.Split least = result.splits().getLast();
        if (most.roundTrips() == least.roundTrips()) {
            return notMeasured(claim, "every limit gives the same number of round trips");
        }
        double factor = (double) most.roundTrips() / least.roundTrips();
        Comparison slower = least.samples().fasterThan(most.samples());
        double perTripNs = (most.samples().medianNs() - least.samples().medianNs())
                / (most.roundTrips() - least.roundTrips());
        String measured = text("%.0f times the round trips take %s the time; each further one takes %.1f us, of which"
                + " %.1f us are the stated cost; the bytes are moved once, however many trips there are", factor,
                times(slower), perTripNs / 1000, result.price().loneTaskNs() / 1000);
        return new ShapeFinding(claim, atLeast(slower, FOLLOWS * factor), measured);
    }

    private ShapeFinding depthScales() {
        String claim = "throughput grows with requests in flight (Little; [iSCSIKit] 7.2x from 1 to 8)";
        long size = result.sizes().getFirst();
        int depth = result.depths().contains(REFERENCE_DEPTH) ? REFERENCE_DEPTH : result.depths().getLast();
        Optional<CostResult.Cell> one = result.cell(size, 1, CrossingCost.SINGLE);
        Optional<CostResult.Cell> deep = result.cell(size, depth, CrossingCost.SINGLE);
        Optional<CostResult.Cell> loneBundle = result.bundled(size, 1);
        Optional<CostResult.Cell> deepBundle = result.bundled(size, depth);
        if (depth == 1 || one.isEmpty() || deep.isEmpty() || loneBundle.isEmpty() || deepBundle.isEmpty()) {
            return notMeasured(claim, "depth 1 and a larger one are needed");
        }
        Comparison single = deep.get().samples().fasterThanApart(one.get().samples());
        Comparison bundled = deepBundle.get().samples().fasterThanApart(loneBundle.get().samples());
        double wanted = FOLLOWS * REFERENCE_DEPTH_GAIN / REFERENCE_DEPTH * depth;
        Verdict verdict = both(atLeast(single, wanted), atLeast(bundled, wanted));
        String where = single.ratio() >= wanted ? "both paths follow"
                : bundled.ratio() >= wanted ? "only bundles follow: one thread pays the price, so that depth overlaps"
                        + " nothing and helps by filling bundles"
                : "neither path follows: one thread does all the work, so that nothing overlaps";
        return new ShapeFinding(claim, verdict,
                text("%s, depth 1 to %d: single %s, bundled %s; %s", ByteSize.format(size),
                        depth, times(single), times(bundled), where));
    }

    private ShapeFinding sizeScales() {
        String claim = "throughput grows with the request size ([iSCSIKit] 16k 15.6, 64k 28.8, 1m 83.5 MiB/s)";
        List<CostResult.Cell> cells = result.sizes().stream()
                .flatMap(size -> result.cell(size, result.depths().getFirst(), CrossingCost.SINGLE).stream()).toList();
        if (cells.size() < 2) {
            return notMeasured(claim, "one size only");
        }
        boolean grows = true;
        boolean shrinks = false;
        StringBuilder figures = new StringBuilder(text("depth %d, single:", result.depths().getFirst()));
        for (int i = 0; i < cells.size(); i++) {
            CostResult.Cell cell = cells.get(i);
            figures.append(text(" %s %.0f", ByteSize.format(cell.sizeBytes()), cell.bytesPerSecond() / (1 << 20)));
            if (i > 0) {
                double longer = (double) cell.sizeBytes() / cells.get(i - 1).sizeBytes();
                Comparison step = cell.samples().fasterThanApart(cells.get(i - 1).samples()).times(longer);
                grows &= step.low() > SAME;
                shrinks |= step.high() < SAME;
            }
        }
        Verdict verdict = grows ? Verdict.AGREES : shrinks ? Verdict.DISAGREES : Verdict.UNCLEAR;
        return new ShapeFinding(claim, verdict, figures.append(" MiB/s").toString());
    }

    private ShapeFinding cliff() {
        String claim = "larger is not always faster: many smaller requests beat few large ones at equal bytes in flight"
                + " ([iSCSI] 64 x 256k 3.4x of 16 x 1m)";
        for (int i = result.sizes().size() - 1; i > 0; i--) {
            for (int depth : result.depths()) {
                Optional<CostResult.Cell> large = result.bundled(result.sizes().get(i), depth);
                Optional<CostResult.Cell> small = large.flatMap(cell -> sameBytes(cell));
                if (large.isPresent() && small.isPresent()) {
                    Comparison gain = small.get().samples().fasterThanApart(large.get().samples())
                            .times((double) small.get().sizeBytes() / large.get().sizeBytes());
                    return new ShapeFinding(claim, atLeast(gain, SAME),
                            text("%d x %s is %s of %d x %s (no socket here)",
                                    small.get().depth(), ByteSize.format(small.get().sizeBytes()), times(gain),
                                    large.get().depth(), ByteSize.format(large.get().sizeBytes())));
                }
            }
        }
        return notMeasured(claim, "no two places with equal bytes in flight");
    }

    private Optional<CostResult.Cell> sameBytes(CostResult.Cell large) {
        return result.cells().stream()
                .filter(cell -> cell.sizeBytes() < large.sizeBytes() && cell.bundle() != CrossingCost.SINGLE
                        && cell.sizeBytes() * cell.depth() == large.sizeBytes() * large.depth())
                .max((a, b) -> Integer.compare(a.bundle(), b.bundle()));
    }

    private ShapeFinding threads() {
        String claim = "where the three queues run is not where the speed is (DTS: the system defines the threading)";
        CostResult.Queues one = result.queues().getFirst();
        Optional<CostResult.Queues> dedicated = result.queues().stream().filter(CostResult.Queues::dedicated)
                .findFirst();
        if (dedicated.isEmpty()) {
            return notMeasured(claim, "no queues with threads of their own");
        }
        Comparison gain = dedicated.get().samples().fasterThan(one.samples());
        return new ShapeFinding(claim, noGain(gain),
                text("a thread per queue is %s of one thread for all", times(gain)));
    }

    private ShapeFinding engines() {
        String claim = "more queues do not help (DTS)";
        CostResult.Queues one = result.queues().getFirst();
        CostResult.Queues most = result.queues().getLast();
        if (most.engines() == 1) {
            return notMeasured(claim, "one engine only");
        }
        Comparison gain = most.samples().fasterThan(one.samples());
        return new ShapeFinding(claim, noGain(gain),
                text("%d engines on %d threads do %s of one; each has its own three"
                        + " queues, client and image, so this is a second controller, not a fourth queue in one",
                        most.engines(),
                        most.engines(), times(gain)));
    }

    private static Verdict noGain(Comparison gain) {
        return gain.low() > SAME ? Verdict.DISAGREES : gain.high() <= SAME ? Verdict.AGREES : Verdict.UNCLEAR;
    }

    private static Verdict larger(Comparison a, Comparison b) {
        return a.low() > b.high() ? Verdict.AGREES : a.high() < b.low() ? Verdict.DISAGREES : Verdict.UNCLEAR;
    }

    private static Verdict atLeast(Comparison measured, double wanted) {
        return measured.low() >= wanted ? Verdict.AGREES : measured.high() < wanted ? Verdict.DISAGREES
                : Verdict.UNCLEAR;
    }

    /// One that disagrees decides, then one that is unclear.
    private static Verdict both(Verdict a, Verdict b) {
        return a == Verdict.DISAGREES || b == Verdict.DISAGREES ? Verdict.DISAGREES
                : a == Verdict.UNCLEAR ? a : b;
    }

    private static ShapeFinding notMeasured(String claim, String why) {
        return new ShapeFinding(claim, Verdict.NOT_MEASURED, why);
    }

    private static String times(Comparison comparison) {
        return text("%.2fx (%.2f..%.2f)", comparison.ratio(), comparison.low(), comparison.high());
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
