package io.trilane.engine.task;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/// Completion, refusal, resend, deadline, release and late return of one token: whatever their order, as if one after the
/// other. So exactly one of them wins, and exactly one side frees the slot.
class TaskWordLincheckTest {
    private static final TaskMemory MEMORY = new TaskMemory(1, 1 << 20);

    /// A task that the controller holds. Two roles may complete, one client releases, one role watches the deadline.
    public static class Word {
        private final Task task = new Task(MEMORY, 0, 0, new TaskRules());
        private final long token;

        public Word() {
            task.claim("owner", 0, 0);
            token = task.token();
            boolean active = task.moveToQueued() && task.moveToActive();
            assert active;
        }

        @Operation
        public boolean complete() {
            return task.moveToDone(token);
        }

        @Operation
        public boolean refuse() {
            return task.moveToResend(token);
        }

        @Operation(nonParallelGroup = "control")
        public boolean sendAgain() {
            return task.moveFromResendToQueued(token);
        }

        @Operation
        public boolean endWaiting() {
            return task.moveFromResendToDone(token);
        }

        @Operation
        public String returnLate() {
            return task.leaveAsController(token).name();
        }

        @Operation(nonParallelGroup = "control")
        public boolean timeOut() {
            return task.moveToZombie(token, ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE,
                    TaskStatus.TASK_TIMEOUT_OCCURRED);
        }

        @Operation(nonParallelGroup = "client")
        public String release() {
            return task.leaveAsClient(token).name();
        }

        @Operation
        public String state() {
            return task.state().name();
        }
    }

    /// The canary: the same moves, each a look and a write.
    public static class UnsynchronizedWord {
        private volatile TaskState state = TaskState.ACTIVE;

        @Operation
        public boolean complete() {
            return move(TaskState.DONE);
        }

        @Operation(nonParallelGroup = "control")
        public boolean timeOut() {
            return move(TaskState.ZOMBIE);
        }

        private boolean move(TaskState next) {
            if (state != TaskState.ACTIVE) {
                return false;
            }
            state = next;
            return true;
        }
    }

    @Test
    void exactlyOneSideWinsInAnyInterleaving() {
        options().check(Word.class);
    }

    @Test
    void findsTheUnsynchronizedWord() {
        assertThatThrownBy(() -> options().check(UnsynchronizedWord.class)).isInstanceOf(AssertionError.class)
                .hasMessageContaining("Invalid execution results");
    }

    private static ModelCheckingOptions options() {
        return new ModelCheckingOptions().iterations(40).invocationsPerIteration(1_000).threads(3).actorsBefore(0)
                .actorsPerThread(2).actorsAfter(1);
    }
}
