package io.trilane.perf.harness;

import io.trilane.engine.task.Task;
import io.trilane.hba.image.DiskImage;
import java.lang.foreign.Arena;
import java.util.OptionalLong;

/// Looks at a few blocks of a region, through the engine: is there a stamp, and of which image? Belongs to one job's
/// thread.
final class StampProbe implements TaskObserver, AutoCloseable {
    private static final int PLACES = 16;

    private final Arena arena = Arena.ofConfined();
    private final Stamp stamp;
    private final long requestBytes;
    private int stamped;
    private OptionalLong seed = OptionalLong.empty();

    StampProbe(DiskImage image, long requestBytes) {
        this.requestBytes = requestBytes;
        this.stamp = new Stamp(arena.allocate(requestBytes, image.blockBytes()), image.blockBytes());
    }

    /// The seed of the stamps in a region, empty when no place that was looked at has one.
    static OptionalLong seed(EngineLoadTarget target, DiskImage image, int unit, Region region, long requestBytes) {
        try (StampProbe probe = new StampProbe(image, requestBytes)) {
            target.check(probe);
            long requests = region.sizeBytes() / requestBytes;
            long step = Math.max(1, requests / PLACES);
            for (long i = 0; i < requests && i / step < PLACES; i += step) {
                int _ = target.begin(1);
                boolean _ = target.add(Request.of(RequestKind.READ, region.offsetBytes() + i * requestBytes, unit, 0));
                target.submit();
                while (target.poll() == 0) {
                    Thread.onSpinWait();
                }
            }
            return probe.stamped == 0 ? OptionalLong.empty() : probe.seed;
        } finally {
            target.check(null);
        }
    }

    @Override
    public boolean accepts(long request) {
        return true;
    }

    @Override
    public void onFilled(long request, Task task) {}

    /// A stamp with a good checksum names the seed; a spoilt one still counts as a stamp.
    @Override
    public void onFinished(Task task, boolean good) {
        long _ = task.extents().gather(0, stamp.buffer(), 0, requestBytes);
        for (int i = 0; good && i < requestBytes / stamp.blockBytes(); i++) {
            if (stamp.magic(i) != Stamp.MAGIC_VALUE) {
                continue;
            }
            stamped++;
            if (seed.isEmpty() && stamp.foundCrc(i) == stamp.checksum(i)) {
                seed = OptionalLong.of(stamp.foundSeed(i));
            }
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
