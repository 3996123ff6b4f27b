package io.trilane.tools.lab.cost;

import io.trilane.engine.ThreadingMode;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.MemoryImage;
import io.trilane.perf.harness.EngineLoadTarget;
import io.trilane.perf.harness.JobEngine;
import io.trilane.perf.harness.LoadDriver;
import io.trilane.perf.harness.OffsetSequence;
import io.trilane.perf.harness.Region;
import io.trilane.perf.harness.RwMode;
import io.trilane.perf.harness.Workload;
import java.util.List;
import java.util.function.LongSupplier;

/// An engine under load behind a priced boundary, on a memory image of its own that has been written from end to end.
/// Opened, used and closed by one thread.
final class CostEngine implements Contest.Contender, AutoCloseable {
    private static final long FILL_BYTES = 256 << 10;

    private final JobEngine engine;
    private final EngineLoadTarget target;
    private final LoadDriver driver;

    /// What the engine is for.
    ///
    /// @param bundle most tasks per crossing, or [CrossingCost#SINGLE]
    record Setting(RwMode mode, long sizeBytes, int depth, int bundle, long imageBytes) {}

    private CostEngine(JobEngine engine, Workload workload, Region region, int shard) {
        this.engine = engine;
        this.target = engine.target(workload);
        this.driver = new LoadDriver(target, new OffsetSequence(workload, List.of(region), shard), workload);
    }

    static CostEngine open(Setting setting, CrossingPrice price, ThreadingMode threading, int shard,
            LongSupplier nanoClock) {
        Workload workload = Workload.of(setting.mode(), setting.sizeBytes(), setting.depth());
        JobEngine engine = launch(setting, price, threading, shard, nanoClock);
        try {
            return new CostEngine(engine, workload, new Region(0, setting.imageBytes()), shard);
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    /// The engine alone, its image filled.
    static JobEngine launch(Setting setting, CrossingPrice price, ThreadingMode threading, int shard,
            LongSupplier nanoClock) {
        DiskImage image = MemoryImage.open(setting.imageBytes(), CostPlan.BLOCK_BYTES);
        long bufferBytes = Workload.of(setting.mode(), setting.sizeBytes(), setting.depth()).bufferBytes() + FILL_BYTES;
        JobEngine engine = JobEngine.launch(new JobEngine.Plan(shard, threading, setting.depth(), bufferBytes),
                List.of(image), controller -> new CrossingCost(controller, price, setting.bundle(), nanoClock));
        try {
            fill(engine, setting.imageBytes());
            return engine;
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    @Override
    public void run(long operations) {
        long done = driver.run(operations);
        if (done != operations || target.errors() != 0) {
            throw new IllegalStateException("requests=" + done + " of " + operations + ", failed=" + target.errors()
                    + ", first: " + target.firstError());
        }
    }

    @Override
    public void close() {
        engine.close();
    }

    /// Reading pages that were never written reads one page of zeros again and again.
    private static void fill(JobEngine engine, long imageBytes) {
        long request = FILL_BYTES;
        while (imageBytes % request != 0) {
            request /= 2;
        }
        Workload workload = Workload.of(RwMode.WRITE, request, 1);
        EngineLoadTarget writer = engine.target(workload);
        OffsetSequence sequence = new OffsetSequence(workload, List.of(new Region(0, imageBytes)), 0);
        long _ = new LoadDriver(writer, sequence, workload).run(sequence.onePass());
        if (writer.errors() != 0) {
            throw new IllegalStateException("filling the image failed: " + writer.firstError());
        }
    }
}
