package io.trilane.perf.harness;

import io.trilane.hba.device.DeviceModel;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.NullImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// One closed loop on a modelled device in simulated time.
final class DeviceRun {
    static final long CAPACITY_BYTES = 64L << 30;

    /// By the device's clock, from the first submission to the last completion.
    long elapsedNs;
    long requests;
    /// Of each request, in the order in which they came back.
    final List<Long> latenciesNs = new ArrayList<>();

    static DiskImage image() {
        return new NullImage(CAPACITY_BYTES, 512);
    }

    static Workload workload(RwMode mode, long bytes, int depth, int bundle) {
        return new Workload(mode, 50, bytes, depth, bundle, false, 1, false);
    }

    static DeviceRun of(DeviceModel model, Workload workload, long requests) {
        DeviceRun run = new DeviceRun();
        try (DeviceLoadDisk disk = DeviceLoadDisk.simulated(model, DeviceRun::image);
                LoadTarget target = disk.open(0, workload)) {
            run.measure(disk, target, workload, requests);
        }
        return run;
    }

    private void measure(DeviceLoadDisk disk, LoadTarget target, Workload workload, long count) {
        OffsetSequence sequence = new OffsetSequence(workload, List.of(new Region(0, CAPACITY_BYTES)), 0);
        LoadDriver driver = new LoadDriver(target, sequence, workload);
        target.observe(new Latencies(disk.nanoClock(), target.slots()));
        long startNs = disk.nanoClock().getAsLong();
        requests = driver.run(count);
        elapsedNs = disk.nanoClock().getAsLong() - startNs;
        if (target.errors() > 0) {
            throw new AssertionError(target.firstError());
        }
    }

    double requestsPerSecond() {
        return requests * 1e9 / elapsedNs;
    }

    private final class Latencies implements RequestObserver {
        private final LongSupplier clock;
        private final long[] startedNs;

        Latencies(LongSupplier clock, int slots) {
            this.clock = clock;
            this.startedNs = new long[slots];
        }

        @Override
        public void onAdded(int slot, long request) {
            startedNs[slot] = clock.getAsLong();
        }

        @Override
        public void onFinished(int slot, boolean good) {
            latenciesNs.add(clock.getAsLong() - startedNs[slot]);
        }
    }
}
