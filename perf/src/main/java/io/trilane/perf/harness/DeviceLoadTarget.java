package io.trilane.perf.harness;

import io.trilane.engine.Engine;
import io.trilane.engine.task.HotPath;
import io.trilane.hba.device.TimedImage;
import org.jspecify.annotations.Nullable;

/// An engine in front of a modelled device. In simulated time everything takes no time but what the model says: when nothing
/// can move, the clock jumps to what the device does next. Used by one thread.
@HotPath
final class DeviceLoadTarget extends ForwardingTarget {
    /// What has not come back by then, in the machine's time, does not come.
    private static final long CLOSING_NS = 5_000_000_000L;

    private final JobEngine engine;
    private final TimedImage image;
    /// Null: the machine's.
    private final @Nullable SimulatedClock clock;

    DeviceLoadTarget(JobEngine engine, Workload workload, TimedImage image, @Nullable SimulatedClock clock) {
        super(engine.target(workload));
        this.engine = engine;
        this.image = image;
        this.clock = clock;
        target.fillBuffers(workload.depth());
    }

    @Override
    public int poll() {
        return clock == null ? target.poll() : pollSimulated(clock);
    }

    /// What has ended by now; if that is nothing, what ends next.
    private int pollSimulated(SimulatedClock simulated) {
        int polled = pollQuiet();
        if (polled > 0 || target.inFlight() == 0) {
            return polled;
        }
        long before = image.completedOperations();
        while (image.completedOperations() == before) {
            long nextNs = image.nextNs();
            if (nextNs == Long.MAX_VALUE) {
                return 0;
            }
            if (nextNs > simulated.expectedNs()) {
                simulated.moveTo(simulated.expectedNs());
                return 0;
            }
            simulated.moveTo(nextNs);
            workUntilQuiet(engine.engine());
        }
        return pollQuiet();
    }

    /// All that is back at this time.
    private int pollQuiet() {
        workUntilQuiet(engine.engine());
        int sum = 0;
        int polled = target.poll();
        while (polled > 0) {
            sum += polled;
            polled = target.poll();
        }
        return sum;
    }

    private static void workUntilQuiet(Engine engine) {
        int worked = engine.doWork();
        while (worked > 0) {
            worked = engine.doWork();
        }
    }

    @Override
    public void close() {
        if (clock != null) {
            clock.expect(Long.MAX_VALUE);
        }
        long untilNs = System.nanoTime() + CLOSING_NS;
        while (target.inFlight() > 0 && System.nanoTime() - untilNs < 0) {
            int _ = poll();
        }
        if (clock != null) {
            clock.run(true);
        }
        try {
            engine.close();
        } finally {
            if (clock != null) {
                clock.run(false);
            }
        }
    }
}
