package io.trilane.tools.lab.scenario;

import io.trilane.engine.controller.HardwareAgent;
import io.trilane.hba.image.PendingImage;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/// Hardware whose images take their time: in each cycle it ends some of their operations, oldest or newest first, so that
/// there is always something in flight. Belongs to the hardware agent.
public final class LaggingHardware implements HardwareAgent {
    private static final int MOST_PER_CYCLE = 4;

    private final HardwareAgent inner;
    private final List<PendingImage> images;
    private final RandomGenerator random;
    private final BooleanSupplier frozen;

    /// @param frozen while it says so, no operation ends
    public LaggingHardware(HardwareAgent inner, List<PendingImage> images, RandomGenerator random,
            BooleanSupplier frozen) {
        this.inner = inner;
        this.images = images;
        this.random = random;
        this.frozen = frozen;
    }

    @Override
    public int doWork(long nowNs) {
        int pending = 0;
        for (PendingImage image : images) {
            pending += image.pendingOperations();
            int ends = frozen.getAsBoolean() ? 0 : random.nextInt(MOST_PER_CYCLE);
            for (int i = 0; i < ends; i++) {
                boolean _ = random.nextBoolean() ? image.completeOldest() : image.completeNewest();
            }
        }
        // Counted as work: an agent with operations in flight must not go to sleep.
        return inner.doWork(nowNs) + pending;
    }

    @Override
    public String name() {
        return inner.name();
    }
}
