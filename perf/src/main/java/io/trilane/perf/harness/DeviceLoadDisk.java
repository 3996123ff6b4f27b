package io.trilane.perf.harness;

import io.trilane.engine.ThreadingMode;
import io.trilane.engine.task.TaskBatch;
import io.trilane.engine.task.TaskMemory;
import io.trilane.hba.device.DeviceModel;
import io.trilane.hba.device.TimedImage;
import io.trilane.hba.image.DiskImage;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A modelled device behind an engine of its own, as a disk for load. In simulated time it is exact and as fast as this
/// machine can reckon; in real time it takes as long as the model says. Every [#open] is a device that did nothing before.
public final class DeviceLoadDisk implements LoadDisk {
    private final DeviceModel model;
    private final Supplier<DiskImage> inner;
    private final @Nullable SimulatedClock simulated;
    private final LongSupplier clock;
    private final int blockBytes;
    private final long capacityBytes;

    private DeviceLoadDisk(DeviceModel model, Supplier<DiskImage> inner, @Nullable SimulatedClock simulated,
            LongSupplier clock) {
        this.model = model;
        this.inner = inner;
        this.simulated = simulated;
        this.clock = clock;
        try (DiskImage image = inner.get()) {
            this.blockBytes = image.blockBytes();
            this.capacityBytes = image.capacityBlocks() * blockBytes;
        }
    }

    /// In a time of its own, which begins at 0 and passes only while it is polled. One thread at a time.
    ///
    /// @param inner what holds the bytes, asked for a new one each time and closed with it; it ends every operation at once
    public static DeviceLoadDisk simulated(DeviceModel model, Supplier<DiskImage> inner) {
        SimulatedClock clock = new SimulatedClock();
        return new DeviceLoadDisk(model, inner, clock, clock);
    }

    /// In the machine's time; a thread that waits for it spins.
    ///
    /// @param inner as for [#simulated]
    public static DeviceLoadDisk realTime(DeviceModel model, Supplier<DiskImage> inner) {
        return new DeviceLoadDisk(model, inner, null, System::nanoTime);
    }

    @Override
    public String name() {
        return model.name();
    }

    @Override
    public int blockBytes() {
        return blockBytes;
    }

    @Override
    public long capacityBytes() {
        return capacityBytes;
    }

    @Override
    public Limits limits() {
        String time = simulated == null ? "modelled device in real time" : "modelled device in simulated time";
        return new Limits(Workload.MAX_REQUEST_BYTES, TaskMemory.MAX_TASKS, TaskBatch.MAX_TASKS, 1, true,
                List.of(time + ": " + model.description()));
    }

    @Override
    public LongSupplier nanoClock() {
        return clock;
    }

    @Override
    public LoadTarget open(int job, Workload workload) {
        if (job != 0) {
            throw new IllegalArgumentException("job=" + job + " > 0 on device-model=" + model.name()
                    + ", a modelled device takes one job");
        }
        if (workload.longestBytes() % blockBytes != 0) {
            throw new IllegalArgumentException("bs=" + workload.longestBytes() + " is not a multiple of blockBytes="
                    + blockBytes + ", choose one");
        }
        TimedImage.Clocking clocking = simulated == null ? TimedImage.Clocking.realTime(workload.bundle())
                : TimedImage.Clocking.simulated(workload.bundle());
        TimedImage image = new TimedImage(inner.get(), model, clocking);
        if (simulated == null) {
            return new DeviceLoadTarget(launch(workload, image), workload, image, null);
        }
        simulated.run(true);
        try {
            return new DeviceLoadTarget(launch(workload, image), workload, image, simulated);
        } finally {
            simulated.run(false);
        }
    }

    private JobEngine launch(Workload workload, TimedImage image) {
        JobEngine.Plan plan =
                new JobEngine.Plan(0, ThreadingMode.INVOKER, workload.depth(), workload.bufferBytes(),
                        JobEngine.provisioning(workload));
        return JobEngine.launch(plan, List.of(image), controller -> controller,
                config -> simulated == null ? config : config.withSimulatedTime(simulated));
    }

    /// Nothing: what was opened is closed by itself.
    @Override
    public void close() {}
}
