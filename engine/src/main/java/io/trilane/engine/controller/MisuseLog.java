package io.trilane.engine.controller;

import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.metrics.EngineCounter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// The misuses that an engine has met: all are counted, the first few of each kind are kept. Any role; a correct
/// controller never gets here.
public final class MisuseLog {
    /// How many reports of one kind are kept.
    public static final int KEPT_PER_MISUSE = 16;

    private final LongSupplier nanoClock;
    private final CountersFile counters;
    private final Map<Misuse, Long> counts = new EnumMap<>(Misuse.class);
    private final List<MisuseReport> reports = new ArrayList<>();

    public MisuseLog(LongSupplier nanoClock, CountersFile counters) {
        this.nanoClock = nanoClock;
        this.counters = counters;
    }

    /// Notes a misuse; `detail` is asked for only when the report is kept.
    public void report(Misuse misuse, Supplier<String> detail) {
        report(misuse, detail, List.of());
    }

    /// The same with the chain of a wait that cannot end.
    public synchronized void report(Misuse misuse, Supplier<String> detail, List<String> chain) {
        counters.increment(EngineCounter.MISUSES);
        if (counts.merge(misuse, 1L, Long::sum) <= KEPT_PER_MISUSE) {
            reports.add(new MisuseReport(misuse, detail.get(), chain, nanoClock.getAsLong()));
        }
    }

    /// How often this one was met.
    public synchronized long count(Misuse misuse) {
        return counts.getOrDefault(misuse, 0L);
    }

    /// The kept reports, oldest first.
    public synchronized List<MisuseReport> reports() {
        return List.copyOf(reports);
    }
}
