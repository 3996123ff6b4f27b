package io.trilane.tools.lab.cost;

import io.trilane.engine.ThreadingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Measures a plan at one price: bundles, splits, queues. Used by the command's thread.
final class CostBench {
    /// How the time is divided.
    private static final double CELLS_SHARE = 0.60;
    private static final double SPLITS_SHARE = 0.12;
    private static final double QUEUES_SHARE = 0.28;
    /// A contender's warm-up, in rounds.
    private static final double WARM_UP_ROUNDS = 1.5;

    private final CostPlan plan;
    private final LongSupplier nanoClock;
    private final Consumer<String> progress;

    CostBench(CostPlan plan, LongSupplier nanoClock, Consumer<String> progress) {
        this.plan = plan;
        this.nanoClock = nanoClock;
        this.progress = progress;
    }

    /// @param runtimeNs about how long it may take
    CostResult run(CrossingPrice price, long runtimeNs) {
        String at = price.isFree() ? " at no cost" : " at the stated cost";
        progress.accept("single against bundled" + at);
        List<CostResult.Cell> cells = cells(price, roundNs(runtimeNs * CELLS_SHARE, plan.cells()));
        progress.accept("split limits" + at);
        List<CostResult.Split> splits = splits(price, roundNs(runtimeNs * SPLITS_SHARE, plan.limits().size()));
        progress.accept("queues" + at);
        List<CostResult.Queues> queues = queues(price, roundNs(runtimeNs * QUEUES_SHARE, plan.jobs().size() + 2));
        return new CostResult(price, cells, splits, queues);
    }

    private List<CostResult.Cell> cells(CrossingPrice price, long roundNs) {
        List<CostResult.Cell> cells = new ArrayList<>();
        for (long size : plan.sizes()) {
            for (int depth : plan.depths()) {
                cells.addAll(place(price, size, depth, roundNs));
            }
        }
        return cells;
    }

    private List<CostResult.Cell> place(CrossingPrice price, long size, int depth, long roundNs) {
        List<Integer> bundles = plan.bundlesAt(depth);
        List<CostEngine> engines = new ArrayList<>();
        try {
            for (int bundle : bundles) {
                engines.add(CostEngine.open(setting(size, depth, bundle), price, ThreadingMode.INVOKER, 0, nanoClock));
            }
            List<Samples> samples = new Contest(engines, nanoClock).run(plan.rounds(), roundNs, 2L * depth);
            List<CostResult.Cell> cells = new ArrayList<>();
            for (int i = 0; i < samples.size(); i++) {
                cells.add(new CostResult.Cell(size, depth, bundles.get(i), samples.get(i)));
            }
            return cells;
        } finally {
            engines.forEach(CostEngine::close);
        }
    }

    private List<CostResult.Split> splits(CrossingPrice price, long roundNs) {
        try (SplitBench bench = new SplitBench(plan, price, nanoClock)) {
            List<SplitBench.Contender> contenders = plan.limits().stream().map(bench::under).toList();
            List<Samples> samples = new Contest(contenders, nanoClock).run(plan.rounds(), roundNs, 1);
            List<CostResult.Split> splits = new ArrayList<>();
            for (int i = 0; i < samples.size(); i++) {
                splits.add(new CostResult.Split(plan.transferBytes(), plan.limits().get(i),
                        contenders.get(i).roundTrips(), samples.get(i)));
            }
            return splits;
        }
    }

    /// The smallest requests at the largest depth, bundled: where hand-overs between queues weigh most. Queues with
    /// threads of their own pay for real wake-ups, so none are priced there.
    private List<CostResult.Queues> queues(CrossingPrice price, long roundNs) {
        int depth = plan.depths().getLast();
        CostEngine.Setting setting = setting(plan.sizes().getFirst(), depth, plan.bundles().getLast());
        CrossingPrice withoutWakeUps = new CrossingPrice(price.callNs(), 0, price.copies());
        try (EngineCrew crew = new EngineCrew(plan.jobs().getLast(), setting, price, nanoClock);
                CostEngine dedicated = CostEngine.open(setting, withoutWakeUps, ThreadingMode.DEDICATED,
                        plan.jobs().getLast(), nanoClock)) {
            List<Contest.Contender> contenders = new ArrayList<>();
            contenders.add(crew.first(1));
            contenders.add(dedicated);
            List<Integer> more = plan.jobs().stream().filter(engines -> engines > 1).toList();
            more.forEach(engines -> contenders.add(crew.first(engines)));
            List<Samples> samples = new Contest(contenders, nanoClock)
                    .runSameWork(plan.rounds(), roundNs, 2L * depth * plan.jobs().getLast());
            List<CostResult.Queues> queues = new ArrayList<>();
            queues.add(new CostResult.Queues(1, false, samples.get(0)));
            queues.add(new CostResult.Queues(1, true, samples.get(1)));
            for (int i = 0; i < more.size(); i++) {
                queues.add(new CostResult.Queues(more.get(i), false, samples.get(2 + i)));
            }
            return queues;
        }
    }

    private CostEngine.Setting setting(long size, int depth, int bundle) {
        return new CostEngine.Setting(plan.mode(), size, depth, bundle, plan.imageBytes());
    }

    private long roundNs(double shareNs, int contenders) {
        return Math.max(1, (long) (shareNs / contenders / (plan.rounds() + WARM_UP_ROUNDS)));
    }
}
