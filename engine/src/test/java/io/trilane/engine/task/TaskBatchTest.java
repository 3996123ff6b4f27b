package io.trilane.engine.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class TaskBatchTest {
    @Test
    void keepsTasksWithTheirTokensInOrderUpToThirtyTwo() {
        try (TaskMemory memory = new TaskMemory(TaskBatch.MAX_TASKS, 1 << 20)) {
            TaskPool pool = new TaskPool(memory, 0);
            pool.open(TaskBatch.MAX_TASKS);
            TaskBatch batch = new TaskBatch();
            for (int i = 0; i < TaskBatch.MAX_TASKS; i++) {
                assertThat(batch.isFull()).isFalse();
                batch.add(Objects.requireNonNull(pool.claim("owner", 0, 0)));
                assertThat(batch.task(i).slot()).isEqualTo(i);
                assertThat(batch.token(i)).isEqualTo(batch.task(i).token());
            }
            assertThat(batch.isFull()).isTrue();
            assertThat(TaskBatch.MAX_TASKS).isEqualTo(32);
            batch.clear();
            assertThat(batch.count()).isZero();
        }
    }
}
