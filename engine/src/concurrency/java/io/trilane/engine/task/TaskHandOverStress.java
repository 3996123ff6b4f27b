package io.trilane.engine.task;

import io.trilane.engine.queue.Doorbell;
import io.trilane.engine.queue.SerialQueue;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/// The hand-over of a task between threads, bytes in memory segments included: for jcstress, run by `StressTest`.
public final class TaskHandOverStress {
    private static final int SLOTS = 1 << 16;
    private static final TaskMemory MEMORY = new TaskMemory(SLOTS, 1 << 20);
    private static final AtomicInteger NEXT_SLOT = new AtomicInteger();

    private TaskHandOverStress() {}

    /// A task that nobody else uses while its state lives.
    private static Task claimed() {
        Task task = new Task(MEMORY, NEXT_SLOT.getAndIncrement() & SLOTS - 1, 0, new TaskRules());
        task.claim("owner", 0, 0);
        task.setTransfer(TransferDirection.NONE, 0);
        task.overrule(ServiceResponse.REQUEST_IN_PROCESS, TaskStatus.GOOD, 0);
        return task;
    }

    private static Task active() {
        Task task = claimed();
        boolean moved = task.moveToQueued() && task.moveToActive();
        assert moved;
        return task;
    }

    @JCStressTest
    @Outcome(id = "-1, -1", expect = Expect.ACCEPTABLE, desc = "Not there yet.")
    @Outcome(id = "40, 4096", expect = Expect.ACCEPTABLE, desc = "There, with all that its client wrote.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Handed over without its bytes.")
    @State
    public static class CommandReachesTheRole {
        private final Task task = claimed();
        private final SerialQueue<Task> queue = new SerialQueue<>("submissions", 2, Doorbell.silent());

        @Actor
        public void client() {
            task.setCdbByte(0, 40);
            task.setTransfer(TransferDirection.FROM_TARGET, 4096);
            boolean _ = task.moveToQueued() && queue.offer(task);
        }

        @Actor
        public void role(II_Result result) {
            Task taken = queue.poll();
            result.r1 = taken == null ? -1 : taken.cdbByte(0);
            result.r2 = taken == null ? -1 : (int) taken.transferCount();
        }
    }

    @JCStressTest
    @Outcome(id = "-1, -1, -1, -1", expect = Expect.ACCEPTABLE, desc = "Not there yet.")
    @Outcome(id = "6, 2, 512, 7", expect = Expect.ACCEPTABLE, desc = "There, with the whole answer.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Delivered without its answer.")
    @State
    public static class ResponseReachesTheClient {
        private final Task task = active();
        private final long token = task.token();
        private final SerialQueue<Task> queue = new SerialQueue<>("client", 2, Doorbell.silent());

        @Actor
        public void controller() {
            task.setResponse(ServiceResponse.TASK_COMPLETE, TaskStatus.CHECK_CONDITION, 512);
            task.setSenseLength(7);
            boolean _ = task.moveToDone(token) && queue.offer(task);
        }

        @Actor
        public void client(IIII_Result result) {
            Task taken = queue.poll();
            result.r1 = taken == null ? -1 : taken.state().ordinal();
            result.r2 = taken == null ? -1 : taken.serviceResponse().code();
            result.r3 = taken == null ? -1 : (int) taken.bytesTransferred();
            result.r4 = taken == null ? -1 : taken.senseLength();
        }
    }

    @JCStressTest
    @Outcome(id = {"true, false", "false, true"}, expect = Expect.ACCEPTABLE, desc = "One wins.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Both or none.")
    @State
    public static class CompletionOrTimeout {
        private final Task task = active();
        private final long token = task.token();

        @Actor
        public void controller(LL_Result result) {
            result.r1 = task.moveToDone(token);
        }

        @Actor
        public void deadline(LL_Result result) {
            result.r2 = task.moveToZombie(token, ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE,
                    TaskStatus.TASK_TIMEOUT_OCCURRED);
        }
    }

    @JCStressTest
    @Outcome(id = {"FREED, QUARANTINED", "QUARANTINED, FREED"}, expect = Expect.ACCEPTABLE, desc = "The second frees.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Freed twice, or never.")
    @State
    public static class ZombieIsFreedOnce {
        private final Task task = active();
        private final long token = task.token();

        public ZombieIsFreedOnce() {
            boolean moved = task.moveToZombie(token, ServiceResponse.SERVICE_DELIVERY_OR_TARGET_FAILURE,
                    TaskStatus.TASK_TIMEOUT_OCCURRED);
            assert moved;
        }

        @Actor
        public void client(LL_Result result) {
            result.r1 = task.leaveAsClient(token).name();
        }

        @Actor
        public void controller(LL_Result result) {
            result.r2 = task.leaveAsController(token).name();
        }
    }

    @JCStressTest
    @Outcome(id = {"true, true", "true, false"}, expect = Expect.ACCEPTABLE, desc = "Pending or not, completed once.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The completion was lost.")
    @State
    public static class CompletionOvertakesPending {
        private final Task task = active();
        private final long token = task.token();

        @Actor
        public void controller(LL_Result result) {
            result.r1 = task.moveToDone(token);
        }

        @Actor
        public void submitter(LL_Result result) {
            result.r2 = task.moveToPending(token);
        }
    }

    /// The canary of the hand-over: the flag is a plain field.
    @JCStressTest
    @Outcome(id = "-1, -1", expect = Expect.ACCEPTABLE, desc = "Not there yet.")
    @Outcome(id = "40, 4096", expect = Expect.ACCEPTABLE, desc = "There, with its bytes.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Handed over without its bytes: must be found.")
    @State
    public static class CanaryPlainHandOver {
        private final MemorySegment bytes = MEMORY.commands();
        private final long base = (NEXT_SLOT.getAndIncrement() & SLOTS - 1) * (long) CommandLayout.LENGTH;
        private boolean there;

        public CanaryPlainHandOver() {
            bytes.set(ValueLayout.JAVA_INT, base, 0);
            bytes.set(ValueLayout.JAVA_INT, base + 64, 0);
        }

        @Actor
        public void client() {
            there = true;
            bytes.set(ValueLayout.JAVA_INT, base, 40);
            bytes.set(ValueLayout.JAVA_INT, base + 64, 4096);
        }

        @Actor
        public void role(II_Result result) {
            boolean seen = there;
            result.r1 = seen ? bytes.get(ValueLayout.JAVA_INT, base) : -1;
            result.r2 = seen ? bytes.get(ValueLayout.JAVA_INT, base + 64) : -1;
        }
    }

    /// The canary of the decision: a look and a write.
    @JCStressTest
    @Outcome(id = {"true, false", "false, true"}, expect = Expect.ACCEPTABLE, desc = "One wins.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Both win: must be found.")
    @State
    public static class CanaryUnsynchronizedWord {
        private volatile TaskState state = TaskState.ACTIVE;

        @Actor
        public void controller(LL_Result result) {
            result.r1 = move(TaskState.DONE);
        }

        @Actor
        public void deadline(LL_Result result) {
            result.r2 = move(TaskState.ZOMBIE);
        }

        private boolean move(TaskState next) {
            boolean mine = state == TaskState.ACTIVE;
            if (mine) {
                state = next;
            }
            return mine;
        }
    }
}
