package io.trilane.engine.role;

import static org.assertj.core.api.Assertions.assertThat;

import io.trilane.engine.metrics.CountersFile;
import io.trilane.engine.metrics.EngineCounter;
import io.trilane.engine.queue.Doorbell;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlowWorkTest {
    private final CountersFile counters = CountersFile.inMemory();
    private final List<Integer> ran = new ArrayList<>();

    @Test
    void runsJobsInOrderOnItsOwnAgent() {
        SlowWork work = work(false);
        for (int i = 0; i < 10; i++) {
            int number = i;
            assertThat(work.submit(() -> ran.add(number))).isTrue();
        }
        assertThat(ran).isEmpty();
        assertThat(work.doWork(0)).isEqualTo(8);
        assertThat(work.doWork(0)).isEqualTo(2);
        assertThat(ran).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void runsAJobAtOnceWhenInline() {
        assertThat(work(true).submit(() -> ran.add(1))).isTrue();
        assertThat(ran).containsExactly(1);
    }

    @Test
    void refusesWhenItsQueueIsFull() {
        SlowWork work = work(false);
        for (int i = 0; i < 16; i++) {
            assertThat(work.submit(() -> ran.add(1))).isTrue();
        }
        assertThat(work.submit(() -> ran.add(2))).isFalse();
    }

    @Test
    void countsAJobThatThrowsAndRunsTheNext() {
        SlowWork work = work(false);
        assertThat(work.submit(() -> {
            throw new IllegalArgumentException("job fails on purpose");
        })).isTrue();
        assertThat(work.submit(() -> ran.add(1))).isTrue();
        assertThat(work.doWork(0)).isEqualTo(2);
        assertThat(ran).containsExactly(1);
        assertThat(counters.get(EngineCounter.CONTROLLER_ERRORS)).isEqualTo(1);
    }

    private SlowWork work(boolean inline) {
        return new SlowWork(16, Doorbell.silent(), counters, inline);
    }
}
