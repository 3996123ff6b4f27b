package io.trilane.perf.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadDriverTest {
    private static final int DEPTH = 20;
    private static final int BUNDLE = 8;

    private final Workload workload = new Workload(RwMode.READ, 50, 4096, DEPTH, BUNDLE, false, 1, false);
    private final OffsetSequence sequence = new OffsetSequence(workload, List.of(new Region(0, 1 << 20)), 0);

    @Test
    void makesEveryRequestOnceInOrderAndNeverMoreThanTheDepth() {
        SlowDisk disk = new SlowDisk(3, Integer.MAX_VALUE);
        LoadDriver driver = new LoadDriver(disk, sequence, workload);

        assertThat(driver.run(1000)).isEqualTo(1000);
        assertThat(driver.run(7)).isEqualTo(7);

        assertThat(driver.position()).isEqualTo(1007);
        assertThat(disk.requests).hasSize(1007);
        for (int i = 0; i < 1007; i++) {
            assertThat(Request.offsetBytes(disk.requests.get(i))).isEqualTo(i % 256 * 4096L);
        }
        assertThat(disk.mostInFlight).isEqualTo(DEPTH);
        assertThat(disk.largestBundle).isEqualTo(BUNDLE);
        assertThat(disk.inFlight).isZero();
    }

    @Test
    void offersARefusedRequestAgain() {
        SlowDisk disk = new SlowDisk(1, 5);
        assertThat(new LoadDriver(disk, sequence, workload).run(300)).isEqualTo(300);
        assertThat(disk.requests).hasSize(300);
        assertThat(disk.mostInFlight).isEqualTo(5);
    }

    @Test
    void stopWaitsForWhatIsInFlight() {
        SlowDisk disk = new SlowDisk(1, Integer.MAX_VALUE);
        LoadDriver driver = new LoadDriver(disk, sequence, workload);
        disk.onPoll = driver::stop;
        long done = driver.run(1_000_000);
        assertThat(done).isEqualTo(DEPTH);
        assertThat(disk.inFlight).isZero();
    }

    @Test
    void aWindowHasAFullQueueFromItsBeginToItsEnd() {
        SlowDisk disk = new SlowDisk(3, Integer.MAX_VALUE);
        LoadDriver driver = new LoadDriver(disk, sequence, workload);
        Marks marks = new Marks(disk);

        // The first multiple of three that is 20 at least, and 100 more at least.
        assertThat(driver.runWindow(DEPTH, 100, marks)).isEqualTo(102);
        assertThat(marks.begunAt).containsExactly(0, 21);
        assertThat(marks.endedAt).containsExactly(123);
        assertThat(disk.requests).hasSize(123 + DEPTH - 3);
        assertThat(disk.finished).isEqualTo(disk.requests.size());
        assertThat(driver.position()).isEqualTo(disk.requests.size());
        assertThat(disk.largestBundle).isEqualTo(BUNDLE);

        assertThat(driver.runWindow(1, 1, marks)).isEqualTo(3);
        assertThat(disk.mostInFlight).isEqualTo(DEPTH);
        assertThat(disk.inFlight).isZero();
        for (int i = 0; i < disk.requests.size(); i++) {
            assertThat(Request.offsetBytes(disk.requests.get(i))).isEqualTo(i % 256 * 4096L);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, DEPTH})
    void aWindowThatIsStoppedHasWhatThereWas(int perPoll) {
        SlowDisk disk = new SlowDisk(perPoll, Integer.MAX_VALUE);
        LoadDriver driver = new LoadDriver(disk, sequence, workload);
        Marks marks = new Marks(disk);
        disk.onPoll = driver::stop;
        assertThat(driver.runWindow(DEPTH, 1_000_000, marks)).isEqualTo(DEPTH);
        assertThat(disk.requests).hasSize(DEPTH);
        assertThat(marks.endedAt).containsExactly(DEPTH);
    }

    /// How many requests had come back then.
    private static final class Marks implements LoadDriver.Window {
        private final SlowDisk disk;
        private final List<Integer> begunAt = new ArrayList<>();
        private final List<Integer> endedAt = new ArrayList<>();

        Marks(SlowDisk disk) {
            this.disk = disk;
        }

        @Override
        public void begin() {
            begunAt.add(disk.finished);
        }

        @Override
        public void end() {
            endedAt.add(disk.finished);
        }
    }

    /// Finishes a few requests per poll and has room for a few.
    private static final class SlowDisk implements LoadTarget {
        private final int perPoll;
        private final int room;
        private final List<Long> requests = new ArrayList<>();
        private Runnable onPoll = () -> {};
        private int bundled;
        private int inFlight;
        private int mostInFlight;
        private int largestBundle;
        private int finished;

        SlowDisk(int perPoll, int room) {
            this.perPoll = perPoll;
            this.room = room;
        }

        @Override
        public int begin(int wanted) {
            return wanted;
        }

        @Override
        public boolean add(long request) {
            if (inFlight + bundled == room) {
                return false;
            }
            requests.add(request);
            bundled++;
            return true;
        }

        @Override
        public void submit() {
            inFlight += bundled;
            largestBundle = Math.max(largestBundle, bundled);
            mostInFlight = Math.max(mostInFlight, inFlight);
            bundled = 0;
        }

        @Override
        public int poll() {
            onPoll.run();
            int finished = Math.min(perPoll, inFlight);
            inFlight -= finished;
            this.finished += finished;
            return finished;
        }

        @Override
        public void observe(@Nullable RequestObserver observer) {}

        @Override
        public int slots() {
            return Integer.MAX_VALUE;
        }

        @Override
        public int inFlight() {
            return 0;
        }

        @Override
        public long errors() {
            return 0;
        }

        @Override
        public @Nullable String firstError() {
            return null;
        }

        @Override
        public void close() {}
    }
}
