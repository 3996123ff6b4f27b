package io.trilane.hba.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trilane.engine.task.DmaSpace;
import io.trilane.engine.task.Extents;
import io.trilane.engine.task.TaskMemory;
import io.trilane.engine.task.TaskPool;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.DiskImage.Operation;
import io.trilane.hba.image.ImageResult;
import io.trilane.hba.image.MemoryImage;
import io.trilane.hba.image.NullImage;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TimedImageTest {
    private static final DeviceModel.Host HOST = new DeviceModel.Host(1000, 10, 300, 1, 0, 4096);

    private final List<String> ended = new ArrayList<>();

    @Test
    void anOperationEndsExactlyWhenItIsDue() {
        try (TimedImage image = image(HOST, TimedImage.Clocking.simulated(8))) {
            assertThat(image.hasClock()).isTrue();
            assertThat(image.nextNs()).isEqualTo(Long.MAX_VALUE);
            assertThat(image.submit(Operation.READ, 0, 512, Extents.NONE, 7)).isEqualTo(ImageResult.PENDING);
            assertThat(image.pendingOperations()).isEqualTo(1);
            assertThat(runUntilEnded(image)).isEqualTo(1000 + 10 + 100 + 512 + 300);
            assertThat(ended).containsExactly("7 -1");
            assertThat(image.pendingOperations()).isZero();
            assertThat(image.completedOperations()).isEqualTo(1);
        }
    }

    @Test
    void nothingEndsEarly() {
        try (TimedImage image = image(HOST, TimedImage.Clocking.simulated(8))) {
            assertThat(image.submit(Operation.READ, 0, 512, Extents.NONE, 7)).isEqualTo(ImageResult.PENDING);
            assertThat(image.advance(1921)).isEqualTo(2);
            assertThat(ended).isEmpty();
            assertThat(image.nextNs()).isEqualTo(1922);
            assertThat(image.advance(1921)).as("nothing new").isZero();
            assertThat(image.advance(1922)).isEqualTo(1);
            assertThat(ended).hasSize(1);
        }
    }

    @Test
    void aLateAgentDoesNotMakeTheDeviceSlower() {
        try (TimedImage image = image(HOST, TimedImage.Clocking.simulated(1))) {
            long _ = image.submit(Operation.READ, 0, 512, Extents.NONE, 1);
            long _ = image.submit(Operation.READ, 512, 512, Extents.NONE, 2);
            int _ = image.advance(1_000_000);
            assertThat(ended).containsExactly("1 -1", "2 -1");
        }
    }

    @Test
    void aClockMayBeginAnywhere() {
        long origin = Long.MIN_VALUE + 5;
        try (TimedImage image = image(HOST, TimedImage.Clocking.simulated(8))) {
            int _ = image.advance(origin + 100);
            long _ = image.submit(Operation.READ, 0, 512, Extents.NONE, 7);
            assertThat(runUntilEnded(image)).isEqualTo(origin + 100 + 1922);
            int _ = image.advance(origin + 1_000_000);
            long _ = image.submit(Operation.READ, 0, 512, Extents.NONE, 8);
            assertThat(runUntilEnded(image)).isEqualTo(origin + 1_000_000 + 1922);
        }
    }

    @Test
    void aRealTimeAgentIsKeptAwakeWhileSomethingIsDueSoon() {
        try (TimedImage image = image(HOST, TimedImage.Clocking.realTime(8))) {
            assertThat(image.advance(0)).isZero();
            long _ = image.submit(Operation.READ, 0, 512, Extents.NONE, 7);
            assertThat(image.advance(1)).as("a crossing began").isEqualTo(1);
            assertThat(image.advance(2)).as("nothing happened, but soon will").isEqualTo(1);
            int _ = image.advance(5000);
            assertThat(image.advance(5001)).isZero();
        }
    }

    @Test
    void aCrossingTakesWhatWaitsUpToTheBundle() {
        try (TimedImage image = image(HOST, TimedImage.Clocking.simulated(2))) {
            for (int i = 0; i < 3; i++) {
                long _ = image.submit(Operation.UNMAP, 0, 512, Extents.NONE, i);
            }
            // Two cross at 0, the third at 1020; each has 200 of the device's one channel.
            assertThat(image.advance(0)).isEqualTo(1);
            int _ = image.advance(1500);
            assertThat(ended).isEmpty();
            int _ = image.advance(1510);
            assertThat(ended).containsExactly("0 -1");
            assertThat(runUntilEnded(image)).isEqualTo(2 * 1000 + 30 + 200 + 300);
        }
    }

    @Test
    void coalescedCompletionsShareAnInterrupt() {
        DeviceModel.Host host = new DeviceModel.Host(0, 0, 300, 2, 5000, 4096);
        try (TimedImage image = image(host, TimedImage.Clocking.simulated(8))) {
            for (int i = 0; i < 3; i++) {
                long _ = image.submit(Operation.UNMAP, 0, 512, Extents.NONE, i);
            }
            int _ = image.advance(699);
            assertThat(ended).isEmpty();
            int _ = image.advance(700);
            assertThat(ended).containsExactly("0 -1", "1 -1");
            assertThat(runUntilEnded(image)).as("the third waits for nobody").isEqualTo(600 + 5000 + 300);
        }
    }

    @Test
    void aLongOperationIsOneCommandAfterAnother() {
        try (TimedImage image = image(HOST, TimedImage.Clocking.simulated(8))) {
            long _ = image.submit(Operation.WRITE, 0, 3 * 4096 + 512, Extents.NONE, 1);
            assertThat(runUntilEnded(image)).isEqualTo(4 * (1000 + 10 + 200 + 300) + 3 * 4096 + 512);
            assertThat(ended).containsExactly("1 -1");
        }
    }

    @Test
    void bytesMoveWhenTheOperationEnds() {
        try (TaskMemory memory = new TaskMemory(4, 16 << 20);
                TimedImage image = timed(MemoryImage.open(1 << 20, 512), HOST, TimedImage.Clocking.simulated(8))) {
            TaskPool pool = new TaskPool(memory, 0);
            pool.open(4);
            Extents extents = Objects.requireNonNull(pool.claim(this, 0, 512)).extents();
            assertThat(DmaSpace.offset(extents.address(0))).isNotNegative();
            byte[] first = new byte[512];
            byte[] second = new byte[512];
            first[3] = 1;
            second[3] = 2;
            extents.scatter(MemorySegment.ofArray(first), 0, 0, 512);
            long _ = image.submit(Operation.WRITE, 512, 512, extents, 1);
            extents.scatter(MemorySegment.ofArray(second), 0, 0, 512);
            long _ = runUntilEnded(image);
            extents.scatter(MemorySegment.ofArray(first), 0, 0, 512);
            long _ = image.submit(Operation.COMPARE, 512, 512, extents, 2);
            long _ = runUntilEnded(image);
            long _ = image.submit(Operation.READ, 512, 512, extents, 3);
            long _ = runUntilEnded(image);
            byte[] read = new byte[512];
            extents.gather(0, MemorySegment.ofArray(read), 0, 512);
            assertThat(read).isEqualTo(second);
            assertThat(ended).as("the comparison tells where").containsExactly("1 -1", "2 3", "3 -1");
        }
    }

    @Test
    void whatNeedsNoDeviceIsAnsweredAtOnce() {
        try (TimedImage image = image(HOST, TimedImage.Clocking.simulated(8))) {
            assertThat(image.submit(Operation.SEEK_DATA, 0, 512, Extents.NONE, 1)).isZero();
            assertThat(image.submit(Operation.SEEK_HOLE, 0, 512, Extents.NONE, 1)).isEqualTo(ImageResult.DONE);
            assertThat(image.nextNs()).isEqualTo(Long.MAX_VALUE);
        }
    }

    @Test
    void refusesToCloseWithOperationsUnderWay() {
        TimedImage image = image(HOST, TimedImage.Clocking.simulated(8));
        long _ = image.submit(Operation.FLUSH, 0, 0, Extents.NONE, 1);
        assertThatThrownBy(image::close).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("pendingOperations=1 > 0");
        assertThat(runUntilEnded(image)).isEqualTo(1000 + 10 + 200 + 300);
        image.close();
    }

    @Test
    void refusesABundleOfNothing() {
        assertThatThrownBy(() -> TimedImage.Clocking.simulated(0)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bundle=0 < 1");
    }

    /// Jumps from event to event; when nothing is left.
    private static long runUntilEnded(TimedImage image) {
        long now = 0;
        while (image.nextNs() != Long.MAX_VALUE) {
            now = image.nextNs();
            int _ = image.advance(now);
        }
        return now;
    }

    private TimedImage image(DeviceModel.Host host, TimedImage.Clocking clocking) {
        return timed(new NullImage(1 << 20, 512), host, clocking);
    }

    private TimedImage timed(DiskImage inner, DeviceModel.Host host, TimedImage.Clocking clocking) {
        TimedImage image = new TimedImage(inner, Models.of(1, Models.flash(1), host), clocking);
        image.setListener((token, result) -> ended.add(token + " " + result));
        return image;
    }
}
