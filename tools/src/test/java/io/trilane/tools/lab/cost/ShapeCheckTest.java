package io.trilane.tools.lab.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.tools.lab.cost.ShapeFinding.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Verdicts by injected figures. The first result is what the model is expected to do: 100 us per task singly, 100 us per
/// bundle.
class ShapeCheckTest {
    private static final int BUNDLING = 0;
    private static final int LONE = 1;
    private static final int ROUND_TRIPS = 2;
    private static final int MULTIPLIER = 3;
    private static final int DEPTH = 4;
    private static final int SIZE = 5;
    private static final int CLIFF = 6;
    private static final int THREADS = 7;
    private static final int ENGINES = 8;

    private final List<CostResult.Cell> cells = new ArrayList<>();
    private final List<CostResult.Split> splits = new ArrayList<>();
    private final List<CostResult.Queues> queues = new ArrayList<>();

    ShapeCheckTest() {
        for (long size : new long[]{4096, 262144, 1048576}) {
            double copyNs = size / 10.0;
            for (int depth : new int[]{1, 8, 32}) {
                cells.add(cell(size, depth, 0, 100_000 + copyNs));
                cells.add(cell(size, depth, depth, 100_000.0 / depth + copyNs));
            }
        }
        splits.add(new CostResult.Split(1048576, 4096, 256, steady(256 * 110_000)));
        splits.add(new CostResult.Split(1048576, 1048576, 1, steady(130_000)));
        queues.add(new CostResult.Queues(1, false, steady(100)));
        queues.add(new CostResult.Queues(1, true, steady(100)));
        queues.add(new CostResult.Queues(2, false, steady(51)));
    }

    @Test
    void judgesEveryStatementByTheFigures() {
        assertThat(check()).extracting(ShapeFinding::verdict).containsExactly(Verdict.AGREES, Verdict.AGREES,
                Verdict.AGREES,
                Verdict.AGREES, Verdict.DISAGREES, Verdict.AGREES, Verdict.DISAGREES, Verdict.AGREES,
                Verdict.DISAGREES);
        assertThat(check().get(BUNDLING).measured()).startsWith("depth 32: 28.41x (28.41..28.41) at 4k, 1.90x (");
        assertThat(check().get(DEPTH).measured()).contains("single 1.00x (", "bundled 7.78x (", "only bundles follow");
        assertThat(check().get(ENGINES).measured()).startsWith("2 engines on 2 threads do 1.96x");
        assertThat(check().get(MULTIPLIER).measured()).contains("256 times the round trips take 216.62x",
                "each further one takes 109.9 us", "of which 110.0 us are the stated cost");
    }

    @Test
    void bundlingThatPaysMoreForLargeRequestsDisagrees() {
        replace(cell(4096, 32, 32, 90_000));
        assertThat(verdict(BUNDLING)).isEqualTo(Verdict.DISAGREES);
    }

    @Test
    void bundlingThatPaysNowhereDisagrees() {
        replace(cell(4096, 32, 32, 100_409.6));
        replace(cell(1048576, 32, 32, 250_000));
        assertThat(verdict(BUNDLING)).isEqualTo(Verdict.DISAGREES);
    }

    @Test
    void noiseAcrossTheBorderIsUnclear() {
        Samples scattered = new Samples(List.of(3_000.0, 4_000.0, 70_000.0, 100_000.0, 200_000.0));
        replace(new CostResult.Cell(4096, 32, 32, scattered));
        assertThat(verdict(BUNDLING)).isEqualTo(Verdict.UNCLEAR);
        replace(new CostResult.Cell(4096, 1, 1, scattered));
        assertThat(verdict(LONE)).isEqualTo(Verdict.UNCLEAR);
        queues.set(1, new CostResult.Queues(1, true, new Samples(List.of(50.0, 60.0, 100.0, 120.0, 130.0))));
        assertThat(verdict(THREADS)).isEqualTo(Verdict.UNCLEAR);
    }

    @Test
    void aLoneRequestThatGainsOrLosesDisagrees() {
        replace(cell(4096, 1, 1, 50_000));
        assertThat(verdict(LONE)).isEqualTo(Verdict.DISAGREES);
        replace(cell(4096, 1, 1, 200_000));
        assertThat(verdict(LONE)).isEqualTo(Verdict.DISAGREES);
    }

    @Test
    void aWrongNumberOfRoundTripsIsNamed() {
        splits.set(0, new CostResult.Split(1048576, 4096, 255, steady(1000)));
        assertThat(verdict(ROUND_TRIPS)).isEqualTo(Verdict.DISAGREES);
        assertThat(check().get(ROUND_TRIPS).measured()).isEqualTo("limit 4k: 255 counted, 256 expected");
    }

    @Test
    void splitsThatHardlyCostAnythingDisagree() {
        splits.set(0, new CostResult.Split(1048576, 4096, 256, steady(260_000)));
        assertThat(verdict(MULTIPLIER)).isEqualTo(Verdict.DISAGREES);
    }

    @Test
    void depthThatScalesOnBothPathsAgrees() {
        replace(cell(4096, 8, 0, 100_409.6 / 7));
        assertThat(verdict(DEPTH)).isEqualTo(Verdict.AGREES);
    }

    @Test
    void aLargerSizeThatIsSlowerDisagrees() {
        replace(cell(1048576, 1, 0, 10_000_000));
        assertThat(verdict(SIZE)).isEqualTo(Verdict.DISAGREES);
    }

    @Test
    void manySmallRequestsThatBeatFewLargeOnesAgree() {
        replace(cell(1048576, 8, 8, 1_000_000));
        assertThat(verdict(CLIFF)).isEqualTo(Verdict.AGREES);
        assertThat(check().get(CLIFF).measured()).startsWith("32 x 256k is ").contains(" of 8 x 1m");
    }

    @Test
    void enginesThatGainNothingAgreeWithDts() {
        queues.set(2, new CostResult.Queues(2, false, steady(100)));
        assertThat(verdict(ENGINES)).isEqualTo(Verdict.AGREES);
    }

    @Test
    void saysWhatWasNotMeasured() {
        cells.removeIf(cell -> cell.sizeBytes() != 4096 || cell.depth() != 8);
        splits.removeFirst();
        queues.removeLast();
        queues.removeLast();
        for (int finding : new int[]{BUNDLING, LONE, MULTIPLIER, DEPTH, SIZE, CLIFF, THREADS, ENGINES}) {
            assertThat(check().get(finding).verdict()).as("%d", finding).isEqualTo(Verdict.NOT_MEASURED);
        }
    }

    private Verdict verdict(int finding) {
        return check().get(finding).verdict();
    }

    private List<ShapeFinding> check() {
        return ShapeCheck.of(new CostResult(new CrossingPrice(50_000, 5_000, true), cells, splits, queues));
    }

    private void replace(CostResult.Cell cell) {
        cells.replaceAll(old -> old.sizeBytes() == cell.sizeBytes() && old.depth() == cell.depth()
                && old.bundle() == cell.bundle() ? cell : old);
    }

    private static CostResult.Cell cell(long size, int depth, int bundle, double nsPerOp) {
        return new CostResult.Cell(size, depth, bundle, steady(nsPerOp));
    }

    private static Samples steady(double nsPerOp) {
        return new Samples(List.of(nsPerOp, nsPerOp, nsPerOp, nsPerOp, nsPerOp));
    }
}
