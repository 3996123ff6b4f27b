package io.trilane.perf.harness;

import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Goes through every block of the regions once, in requests as long as they divide evenly: to fill, to stamp, to read
/// everything back.
final class SequentialPass {
    /// Longest request of a pass.
    static final long REQUEST_BYTES = 256 << 10;
    private static final int DEPTH = 8;
    /// Between looks at whether to stop.
    private static final long STEP = 512;

    private SequentialPass() {}

    /// Room for the buffers of a pass, in bytes.
    static long bufferBytes(int depth) {
        return Math.min(depth, DEPTH) * REQUEST_BYTES;
    }

    /// Longest power-of-two request that divides every region.
    static long requestBytes(List<Region> regions, int blockBytes) {
        long request = REQUEST_BYTES;
        for (Region region : regions) {
            while (request > blockBytes && region.sizeBytes() % request != 0) {
                request /= 2;
            }
        }
        return request;
    }

    /// @param onProgress hears what part is done, 0..1
    static Result run(JobEngine engine, Workload workload, List<Region> regions, @Nullable TaskObserver observer,
            Progress progress) {
        EngineLoadTarget target = engine.target(workload);
        target.check(observer);
        OffsetSequence sequence = new OffsetSequence(workload, regions, 0);
        LoadDriver driver = new LoadDriver(target, sequence, workload);
        long all = sequence.onePass();
        while (driver.position() < all && !progress.stopped().getAsBoolean()) {
            long _ = driver.run(Math.min(STEP, all - driver.position()));
            progress.done().accept((double) driver.position() / all);
        }
        return new Result(driver.position() >= all, target.errors(), Optional.ofNullable(target.firstError()));
    }

    /// The workload of a pass with the same stamps and durability.
    static Workload workload(Workload workload, RwMode mode, List<Region> regions, int blockBytes) {
        return workload.withMode(mode, requestBytes(regions, blockBytes), Math.min(workload.depth(), DEPTH));
    }

    /// How a pass is watched and stopped.
    record Progress(Consumer<Double> done, BooleanSupplier stopped) {
        static final Progress NONE = new Progress(_ -> {}, () -> false);
    }

    /// @param complete false when it was stopped before its end
    /// @param errors   requests that failed
    record Result(boolean complete, long errors, Optional<String> firstError) {}
}
