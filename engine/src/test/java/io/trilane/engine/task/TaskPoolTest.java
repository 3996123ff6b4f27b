package io.trilane.engine.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskPoolTest {
    private static final Object OWNER = "owner";
    private static final long BUDGET = 1 << 20;
    private static final int MIB = 1 << 20;

    private final TaskMemory memory = new TaskMemory(8, BUDGET);
    private final TaskPool pool = open(memory, 1);

    @AfterEach
    void closeMemory() {
        memory.close();
    }

    @Test
    void handsOutTheTaskReleasedLastFirst() {
        Task first = claim(pool, 0);
        Task second = claim(pool, 0);
        assertThat(pool.release(first.token())).isTrue();
        assertThat(pool.release(second.token())).isTrue();
        assertThat(claim(pool, 0)).isSameAs(second);
        assertThat(claim(pool, 0)).isSameAs(first);
    }

    @Test
    void refusesWhenEveryTaskIsTakenAndServesAgainAfterARelease() {
        List<Task> all = claimAll(pool, 0);
        assertThat(all).doesNotHaveDuplicates().hasSize(8);
        assertThat(pool.claim(OWNER, 0, 0)).isNull();
        assertThat(pool.release(all.get(3).token())).isTrue();
        assertThat(pool.claim(OWNER, 0, 0)).isSameAs(all.get(3));
    }

    @Test
    void usesOnlyAsManyTasksAsWereOpened() {
        TaskPool small = new TaskPool(memory, 1);
        assertThat(small.claim(OWNER, 0, 0)).isNull();
        small.open(2);
        assertThat(claimAll(small, 0)).hasSize(2);
        assertThat(small.size()).isEqualTo(2);
    }

    @Test
    void tellsWhenItIsEmpty() {
        assertThat(pool.isEmpty()).isFalse();
        List<Task> all = claimAll(pool, 0);
        assertThat(pool.isEmpty()).isTrue();
        assertThat(pool.release(all.getFirst().token())).isTrue();
        assertThat(pool.isEmpty()).isFalse();
    }

    @Test
    void refusesTransfersThatTheControllerDoesNotTake() {
        pool.setMaxTransferBytes(8192);
        assertThat(pool.claim(OWNER, 0, 8192)).isNotNull();
        assertThatThrownBy(() -> pool.claim(OWNER, 0, 8193)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lengthBytes=8193 not in 0..maxTransferBytes=8192, split the transfer");
        pool.setMaxTransferBytes(1L << 40);
        assertThatThrownBy(() -> pool.claim(OWNER, 0, (16 << 20) + 1))
                .hasMessageContaining("maxTransferBytes=16777216");
        assertThatThrownBy(() -> pool.setMaxTransferBytes(0)).hasMessageContaining("maxTransferBytes=0 < 1");
    }

    @Test
    void reservesMemoryOutOfTheBudget() {
        long address = pool.reserveData(252);
        assertThat(address).isPositive();
        assertThat(memory.committedDataBytes()).isPositive();
        assertThat(pool.reserveData(BUDGET)).isEqualTo(TaskPool.NO_MEMORY);
    }

    @Test
    void refusesAndCountsASecondReleaseOfOneToken() {
        long token = claim(pool, 0).token();
        assertThat(pool.release(token)).isTrue();
        assertThat(pool.release(token)).isFalse();
        assertThat(pool.staleTokens()).isEqualTo(1);
        assertThat(claimAll(pool, 0)).doesNotHaveDuplicates().hasSize(8);
    }

    @Test
    void refusesAndCountsAStaleTokenAfterTheSlotWasReused() {
        Task task = claim(pool, 0);
        long stale = task.token();
        assertThat(pool.release(stale)).isTrue();
        assertThat(claim(pool, 0)).isSameAs(task);
        assertThat(pool.release(stale)).isFalse();
        assertThat(pool.returnLate(stale)).isFalse();
        assertThat(pool.staleTokens()).isEqualTo(2);
        assertThat(task.state()).isEqualTo(TaskState.CLAIMED);
    }

    @Test
    void refusesAndCountsForeignTokens() {
        long[] foreign = {TaskToken.NONE, Long.MIN_VALUE, TaskToken.of(0, 2, 0), TaskToken.of(0, 1, 8),
                TaskToken.of(0, 1, 65535), Long.MAX_VALUE};
        for (long token : foreign) {
            assertThat(pool.release(token)).as(TaskToken.describe(token)).isFalse();
            assertThat(pool.returnLate(token)).as(TaskToken.describe(token)).isFalse();
        }
        assertThat(pool.find(TaskToken.of(0, 2, 0))).isNull();
        assertThat(pool.staleTokens()).isEqualTo(2L * foreign.length);
    }

    @Test
    void refusesToReleaseATaskThatIsOnItsWay() {
        Task task = claim(pool, 0);
        assertThat(task.moveToQueued()).isTrue();
        assertThat(pool.release(task.token())).isFalse();
        assertThat(task.state()).isEqualTo(TaskState.QUEUED);
    }

    @Test
    void refusesALateReturnOfATaskThatDidNotTimeOut() {
        Task task = claim(pool, 0);
        assertThat(pool.returnLate(task.token())).isFalse();
        assertThat(task.state()).isEqualTo(TaskState.CLAIMED);
        assertThat(pool.staleTokens()).isEqualTo(1);
    }

    @Test
    void keepsTheBufferOfAFreeTaskForTheNextClaimOfThatSize() {
        Task task = claim(pool, 16384);
        long address = task.bufferIovmAddress();
        assertThat(pool.release(task.token())).isTrue();
        assertThat(claim(pool, 16000).bufferIovmAddress()).isEqualTo(address);
        assertThat(memory.committedDataBytes()).isEqualTo(16384);
    }

    @Test
    void takesBuffersOfFreeTasksBackBeforeItRefuses() {
        List<Task> all = claimAll(pool, 128 << 10);
        assertThat(all).hasSize(8);
        assertThat(memory.committedDataBytes()).isEqualTo(BUDGET);
        all.forEach(task -> assertThat(pool.release(task.token())).isTrue());
        Task big = claim(pool, MIB);
        assertThat(big.extents().totalLength()).isEqualTo(MIB);
        assertThat(memory.committedDataBytes()).isEqualTo(BUDGET);
        assertThat(pool.claim(OWNER, 0, 1)).isNull();
        assertThat(claimAll(pool, 0)).hasSize(7);
    }

    @Test
    void losesNoSlotWhenMemoryRefuses() {
        Task big = claim(pool, MIB);
        for (int i = 0; i < 100; i++) {
            assertThat(pool.claim(OWNER, 0, 4096)).isNull();
        }
        assertThat(pool.release(big.token())).isTrue();
        assertThat(claimAll(pool, 4096)).hasSize(8);
    }

    @Test
    void refusesWhatCanNeverFitTheBudget() {
        assertThat(pool.claim(OWNER, 0, 2 * MIB)).isNull();
        assertThat(pool.claim(OWNER, 0, 16 * MIB)).isNull();
        assertThat(claimAll(pool, 4096)).hasSize(8);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, (16 << 20) + 1, 1L << 31, 1L << 32, Long.MAX_VALUE})
    void namesTheLimitWhenALengthIsImpossibleAndLosesNoSlot(long lengthBytes) {
        assertThatThrownBy(() -> pool.claim(OWNER, 0, lengthBytes)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lengthBytes=" + lengthBytes).hasMessageContaining("16777216");
        assertThatThrownBy(() -> pool.bufferBytes(lengthBytes)).isInstanceOf(IllegalArgumentException.class);
        assertThat(claimAll(pool, 4096)).hasSize(8);
    }

    @Test
    void neverCommitsMoreThanItsBudget() {
        long seed = Long.getLong("seed", 20260101L);
        java.util.Random random = new java.util.Random(seed);
        List<Task> held = new ArrayList<>();
        try (TaskMemory big = new TaskMemory(64, 24L << 20)) {
            TaskPool many = open(big, 0);
            for (int i = 0; i < 20_000; i++) {
                if (random.nextInt(3) == 0 && !held.isEmpty()) {
                    assertThat(many.release(held.remove(random.nextInt(held.size())).token())).isTrue();
                } else {
                    Task task = many.claim(OWNER, 0, random.nextInt(1 << random.nextInt(25)));
                    if (task != null) {
                        held.add(task);
                    }
                }
                assertThat(big.committedDataBytes()).as("step %d of seed %d", i, seed).isBetween(0L, 24L << 20);
                long inUse = held.stream().mapToLong(t -> many.bufferBytes(t.extents().totalLength())).sum();
                assertThat(inUse).as("step %d of seed %d", i, seed).isLessThanOrEqualTo(big.committedDataBytes());
            }
            assertThat(buffersOverlap(held)).as("seed %d", seed).isFalse();
        }
    }

    @Test
    void countsTasksByState() {
        Task task = claim(pool, 0);
        assertThat(task.moveToQueued()).isTrue();
        assertThat(pool.countInState(TaskState.QUEUED)).isEqualTo(1);
        assertThat(pool.countInState(TaskState.FREE)).isEqualTo(7);
    }

    private static boolean buffersOverlap(List<Task> tasks) {
        List<Task> sorted = tasks.stream().filter(t -> t.extents().count() != 0)
                .sorted(java.util.Comparator.comparingLong(Task::bufferIovmAddress)).toList();
        for (int i = 1; i < sorted.size(); i++) {
            Task before = sorted.get(i - 1);
            if (before.bufferIovmAddress() + before.extents().totalLength() > sorted.get(i).bufferIovmAddress()) {
                return true;
            }
        }
        return false;
    }

    private static TaskPool open(TaskMemory memory, int shard) {
        TaskPool pool = new TaskPool(memory, shard);
        pool.open(memory.maxTasks());
        return pool;
    }

    private static Task claim(TaskPool pool, long lengthBytes) {
        return Objects.requireNonNull(pool.claim(OWNER, 0, lengthBytes));
    }

    private static List<Task> claimAll(TaskPool pool, long lengthBytes) {
        List<Task> all = new ArrayList<>();
        Task task;
        while ((task = pool.claim(OWNER, 0, lengthBytes)) != null) {
            all.add(task);
        }
        return all;
    }
}
