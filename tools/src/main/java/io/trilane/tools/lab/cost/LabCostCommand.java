package io.trilane.tools.lab.cost;

import io.trilane.perf.harness.Environment;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `trilane lab cost`: is bundling worth it, what does a small maximum transfer cost, would a fourth queue help?
@Command(
        name = "cost",
        mixinStandardHelpOptions = true,
        description = {"Measures what crossings between framework and controller cost, at a stated price and at none.",
                "Prints single against bundled tasks, split limits, and queues against engines; takes about a minute."})
public final class LabCostCommand implements Callable<Integer> {
    @Mixin
    private CostOptions options = new CostOptions();

    @Option(names = "--json", description = "Print one JSON object instead of tables.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        CostPlan plan = options.plan();
        if (!json) {
            out().print(CostReport.header(plan, Environment.current()));
            out().flush();
        }
        CostBench bench = new CostBench(plan, System::nanoTime, err()::println);
        // The stated cost comes first: spinning hides what the compiler has not done yet.
        List<CrossingPrice> prices = plan.price().isFree() ? List.of(CrossingPrice.FREE)
                : List.of(plan.price(), CrossingPrice.FREE);
        List<CostResult> results = new ArrayList<>();
        for (CrossingPrice price : prices) {
            CostResult result = bench.run(price, plan.runtimeNs() / prices.size());
            results.add(result);
            if (!json) {
                out().print(CostReport.tables(result));
                out().print(CostReport.findings(result, ShapeCheck.of(result)));
                out().flush();
            }
        }
        if (json) {
            out().println(CostJson.of(plan, results));
        }
        return 0;
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    private PrintWriter err() {
        return Objects.requireNonNull(spec).commandLine().getErr();
    }
}
