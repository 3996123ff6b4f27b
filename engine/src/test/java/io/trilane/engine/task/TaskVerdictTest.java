package io.trilane.engine.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A deadline, a target that goes and a client that closes may judge one task at the same time: the client is told the
/// verdict of the one that won.
@Timeout(60)
class TaskVerdictTest {
    private static final ServiceResponse FAILURE = ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE;

    private TaskMemory memory;
    private TaskPool pool;
    private Task task;
    private long token;

    @BeforeEach
    void handATaskToTheController() {
        memory = new TaskMemory(1, 1 << 20);
        pool = new TaskPool(memory, 0);
        pool.open(1);
        submit();
    }

    @AfterEach
    void closeMemory() {
        memory.close();
    }

    @Test
    void nobodyWritesAVerdictWhileAnotherDoes() {
        assertThat(task.beginVerdict(token)).isTrue();
        task.setVerdict(FAILURE, TaskStatus.TASK_TIMEOUT_OCCURRED);
        assertThat(task.moveToZombie(token, FAILURE, TaskStatus.DEVICE_NOT_RESPONDING)).isFalse();
        assertThat(task.isZombie()).isFalse();
        assertThat(task.endVerdict(token)).isTrue();
        assertThat(task.status()).isEqualTo(TaskStatus.TASK_TIMEOUT_OCCURRED);
    }

    @Test
    void aVerdictStandsOnceItIsGiven() {
        assertThat(task.moveToZombie(token, FAILURE, TaskStatus.DEVICE_NOT_PRESENT)).isTrue();
        assertThat(task.beginVerdict(token)).isFalse();
        assertThat(task.moveToZombie(token, FAILURE, TaskStatus.TASK_TIMEOUT_OCCURRED)).isFalse();
        assertThat(task.status()).isEqualTo(TaskStatus.DEVICE_NOT_PRESENT);
    }

    @Test
    void aCompletionThatComesBetweenWinsAndTheNextVerdictIsPossible() {
        assertThat(task.beginVerdict(token)).isTrue();
        assertThat(task.moveToResend(token)).isTrue();
        assertThat(task.endVerdict(token)).isFalse();
        assertThat(task.moveFromResendToQueued(token)).isTrue();
        assertThat(task.moveToActive()).isTrue();
        assertThat(task.moveToZombie(token, FAILURE, TaskStatus.TASK_TIMEOUT_OCCURRED)).isTrue();
    }

    @Test
    void aVerdictOnAnEarlierTokenLeavesTheSlotsNextUserAlone() {
        assertThat(task.moveToDone(token)).isTrue();
        assertThat(pool.release(token)).isTrue();
        long stale = token;
        submit();
        assertThat(task.moveToZombie(stale, FAILURE, TaskStatus.DEVICE_NOT_RESPONDING)).isFalse();
        assertThat(task.state()).isEqualTo(TaskState.ACTIVE);
        assertThat(task.moveToZombie(token, FAILURE, TaskStatus.DEVICE_NOT_PRESENT)).isTrue();
    }

    /// Without the right to judge about every tenth round told a lie.
    @Test
    // On two busy cores spinning alone would take the whole time slice.
    @SuppressWarnings("ThreadPriorityCheck")
    void theWinnersVerdictIsToldHoweverTheTwoMeet() throws InterruptedException {
        AtomicInteger round = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();
        boolean[] otherWon = {false};
        int rounds = 2_000;
        Thread other = Thread.ofPlatform().start(() -> {
            for (int i = 1; i <= rounds; i++) {
                while (round.get() < i) {
                    Thread.yield();
                }
                otherWon[0] = task.moveToZombie(token, FAILURE, TaskStatus.DEVICE_NOT_RESPONDING);
                answered.set(i);
            }
        });
        int lies = 0;
        for (int i = 1; i <= rounds; i++) {
            round.set(i);
            boolean won = task.moveToZombie(token, FAILURE, TaskStatus.TASK_TIMEOUT_OCCURRED);
            while (answered.get() < i) {
                Thread.yield();
            }
            assertThat(won).isNotEqualTo(otherWon[0]);
            lies += task.status() == (won ? TaskStatus.TASK_TIMEOUT_OCCURRED : TaskStatus.DEVICE_NOT_RESPONDING) ? 0
                    : 1;
            assertThat(pool.release(token)).isTrue();
            assertThat(pool.returnLate(token)).isTrue();
            submit();
        }
        other.join();
        assertThat(lies).isZero();
    }

    private void submit() {
        task = Objects.requireNonNull(pool.claim("owner", 0, 0));
        token = task.token();
        assertThat(task.moveToQueued() && task.moveToActive()).isTrue();
    }
}
