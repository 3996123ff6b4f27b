package io.trilane.perf.harness;

import io.trilane.engine.ThreadingMode;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Small disks and short runs for tests.
final class Disks {
    static final long SIZE = 16 << 20;
    static final StampIdentity STAMPS = new StampIdentity(42, 1000);

    private Disks() {}

    static BenchDisk memory() {
        ImageRegistry registry = new ImageRegistry();
        return new BenchDisk("memory:16m", BenchDisk.Kind.MEMORY, Optional.empty(),
                () -> registry.open("memory:16m", false, 512), new Region(0, SIZE), Optional.empty());
    }

    /// A file that is treated as a user's.
    static BenchDisk file(Path path, boolean readOnly, UnaryOperator<DiskImage> around) {
        ImageRegistry registry = new ImageRegistry();
        return new BenchDisk(path.getFileName().toString(), BenchDisk.Kind.USER_FILE, Optional.of(path),
                () -> around.apply(registry.open(path, readOnly, 0)), new Region(0, SIZE), Optional.empty());
    }

    static Workload workload(RwMode mode, long requestBytes, boolean verify) {
        return new Workload(mode, 50, requestBytes, 8, 8, false, 1, verify);
    }

    /// Exactly so many requests, no warm-up.
    static BenchPlan plan(Workload workload, long numberIos) {
        return plan(workload, ThreadingMode.INVOKER, 1, numberIos, BenchPlan.CopyLimitMode.OFF);
    }

    static BenchPlan plan(Workload workload, ThreadingMode threading, int jobs, long numberIos,
            BenchPlan.CopyLimitMode copyLimit) {
        return new BenchPlan(workload, threading, jobs, 60_000_000_000L, 0, numberIos, copyLimit, STAMPS);
    }

    static RunResult run(BenchPlan plan, BenchDisk... disks) {
        return new Bench(plan, List.of(disks), BenchListener.SILENT).run();
    }
}
