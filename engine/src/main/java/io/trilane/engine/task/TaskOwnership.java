package io.trilane.engine.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// Who owns a task: one word with generation and state, and the moves between states. Two sides compete only while the
/// controller has the task, while it waits to be sent again, and for a zombie; those moves are a compare-and-set, all
/// others a check and a release store by the one owner.
@HotPath
abstract sealed class TaskOwnership permits TaskResponse {
    private static final VarHandle WORD;
    private static final VarHandle JUDGED;
    private static final long STATE_MASK = 0xF;
    private static final long CLIENT_LEFT = 0x10;
    private static final long CONTROLLER_LEFT = 0x20;
    private static final int GENERATION_SHIFT = 8;
    private static final int CONTROLLERS =
            1 << TaskState.ACTIVE.ordinal() | 1 << TaskState.PENDING.ordinal() | 1 << TaskState.ZOMBIE.ordinal();

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(TaskOwnership.class, "word", long.class);
            JUDGED = MethodHandles.lookup().findVarHandle(TaskOwnership.class, "judged", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int slot;
    private final int shard;

    /// Generation, the two leave flags of a zombie, state.
    @SuppressWarnings("unused")
    private volatile long word;

    /// Somebody writes a verdict, and nobody else may: a loser's must never be read.
    @SuppressWarnings("unused")
    private volatile boolean judged;

    /// The claiming client, for the completer; stays after release. Written at claim, before the task is published.
    private @Nullable Object owner;
    /// False from submission until its client has polled it. The owner's alone.
    private boolean withClient;

    TaskOwnership(int slot, int shard) {
        this.slot = slot;
        this.shard = shard;
    }

    public int slot() {
        return slot;
    }

    /// The token of the current I/O.
    public long token() {
        return TaskToken.of((long) WORD.getOpaque(this) >>> GENERATION_SHIFT, shard, slot);
    }

    public TaskState state() {
        return TaskState.of((int) ((long) WORD.getAcquire(this) & STATE_MASK));
    }

    /// The object that claimed this task.
    public @Nullable Object owner() {
        return owner;
    }

    /// True while the controller has not returned the token.
    public boolean isWithController() {
        long seen = (long) WORD.getAcquire(this);
        return (CONTROLLERS >>> (seen & STATE_MASK) & 1) != 0 && (seen & CONTROLLER_LEFT) == 0;
    }

    /// True while `token` names the I/O that this slot is used for.
    public boolean isCurrent(long token) {
        return isCurrent((long) WORD.getAcquire(this), token);
    }

    /// True after a timeout, until the slot is free again.
    public boolean isZombie() {
        return ((long) WORD.getAcquire(this) & STATE_MASK) == TaskState.ZOMBIE.ordinal();
    }

    // Moves. Each names the side that makes it; a false answer means the caller did not own the task.

    /// Pool only: FREE to CLAIMED. Whoever popped the slot is alone with it.
    void moveToClaimed(Object newOwner) {
        owner = newOwner;
        withClient = true;
        if (!moveAsOwner(TaskState.FREE, TaskState.CLAIMED)) {
            throw new IllegalStateException("slot=" + slot + " state=" + state() + " expected FREE, two owners");
        }
    }

    /// The client submits.
    public boolean moveToQueued() {
        boolean moved = moveAsOwner(TaskState.CLAIMED, TaskState.QUEUED);
        withClient &= !moved;
        return moved;
    }

    /// The client takes back a task whose submission was refused.
    public boolean moveBackToClaimed() {
        boolean moved = moveAsOwner(TaskState.QUEUED, TaskState.CLAIMED);
        withClient |= moved;
        return moved;
    }

    /// The client took it from its completion queue and may release it from now on.
    public void setPolled() {
        withClient = true;
    }

    /// Owner only: false while the task is on its way, also when it is completed but not polled yet.
    public boolean isWithClient() {
        return withClient;
    }

    /// The submitting role hands it to the controller.
    public boolean moveToActive() {
        return moveAsOwner(TaskState.QUEUED, TaskState.ACTIVE);
    }

    /// The submitting role after the controller's single call answered; false when the completion overtook it.
    public boolean moveToPending(long token) {
        long seen = (long) WORD.getAcquire(this);
        return isCurrent(seen, token) && (seen & STATE_MASK) == TaskState.ACTIVE.ordinal()
                && WORD.compareAndSet(this, seen, seen & ~STATE_MASK | TaskState.PENDING.ordinal());
    }

    /// The submitting role ends a task that no controller has seen.
    public boolean moveFromQueuedToDone() {
        return moveAsOwner(TaskState.QUEUED, TaskState.DONE);
    }

    /// The controller's completion: ACTIVE or PENDING to DONE. Decides against the deadline by one compare-and-set.
    public boolean moveToDone(long token) {
        return moveFromController(token, TaskState.DONE);
    }

    /// A completer keeps the task for the framework, to send it again: ACTIVE or PENDING to RESEND.
    public boolean moveToResend(long token) {
        return moveFromController(token, TaskState.RESEND);
    }

    /// The deadline, a target that goes, or a client that closes: ACTIVE or PENDING to ZOMBIE with a verdict in the
    /// extension. False when the completion was first, or another of the three is at it: then the task is its, or the
    /// completion's.
    public boolean moveToZombie(long token, ServiceResponse response, TaskStatus status) {
        if (!beginVerdict(token)) {
            return false;
        }
        setVerdict(response, status);
        return endVerdict(token);
    }

    /// The right to write the verdict of a task that the controller has. The verdict is there before the state says so,
    /// because a completer reads it as soon as it sees that.
    final boolean beginVerdict(long token) {
        if (!isOut((long) WORD.getAcquire(this), token) || !JUDGED.compareAndSet(this, false, true)) {
            return false;
        }
        // Looked at again: it may have become a zombie, whose verdict stands, before the right was there to take.
        boolean isOut = isOut((long) WORD.getAcquire(this), token);
        if (!isOut) {
            JUDGED.setRelease(this, false);
        }
        return isOut;
    }

    /// Makes the move that the verdict is for, unless the completion was first.
    final boolean endVerdict(long token) {
        boolean moved = moveFromController(token, TaskState.ZOMBIE);
        JUDGED.setRelease(this, false);
        return moved;
    }

    /// The control role sends it again: RESEND to QUEUED. Competes with a client that closes.
    public boolean moveFromResendToQueued(long token) {
        return moveFromResend(token, TaskState.QUEUED);
    }

    /// A client that closes, or a target that goes, ends a task that waits to be sent again: RESEND to DONE. Whoever wins
    /// owns the task and writes its response afterwards.
    public boolean moveFromResendToDone(long token) {
        return moveFromResend(token, TaskState.DONE);
    }

    private boolean moveFromController(long token, TaskState to) {
        while (true) {
            long seen = (long) WORD.getAcquire(this);
            if (!isOut(seen, token)) {
                return false;
            }
            if (WORD.compareAndSet(this, seen, seen & ~STATE_MASK | to.ordinal())) {
                return true;
            }
        }
    }

    private boolean moveFromResend(long token, TaskState to) {
        long seen = (long) WORD.getAcquire(this);
        return isCurrent(seen, token) && (seen & STATE_MASK) == TaskState.RESEND.ordinal()
                && WORD.compareAndSet(this, seen, seen & ~STATE_MASK | to.ordinal());
    }

    /// The client is done with it: frees a DONE or CLAIMED task, which is the client's alone, so that no compare-and-set
    /// is needed; a ZOMBIE waits for its controller.
    Leave leaveAsClient(long token) {
        long seen = (long) WORD.getAcquire(this);
        long state = seen & STATE_MASK;
        if (!isCurrent(seen, token)) {
            return Leave.REFUSED;
        }
        if (state == TaskState.DONE.ordinal() || state == TaskState.CLAIMED.ordinal()) {
            WORD.setRelease(this, freed(seen));
            return Leave.FREED;
        }
        return state == TaskState.ZOMBIE.ordinal() ? leaveZombie(token, CLIENT_LEFT, CONTROLLER_LEFT) : Leave.REFUSED;
    }

    /// The controller returns the token of a ZOMBIE.
    Leave leaveAsController(long token) {
        return leaveZombie(token, CONTROLLER_LEFT, CLIENT_LEFT);
    }

    private Leave leaveZombie(long token, long mine, long theirs) {
        while (true) {
            long seen = (long) WORD.getAcquire(this);
            if (!isCurrent(seen, token) || (seen & STATE_MASK) != TaskState.ZOMBIE.ordinal() || (seen & mine) != 0) {
                return Leave.REFUSED;
            }
            boolean last = (seen & theirs) != 0;
            if (WORD.compareAndSet(this, seen, last ? freed(seen) : seen | mine)) {
                return last ? Leave.FREED : Leave.QUARANTINED;
            }
        }
    }

    /// Writes what the client will be told of a task that timed out.
    abstract void setVerdict(ServiceResponse response, TaskStatus status);

    /// A move by the only owner: nobody else may be moving it, so no compare-and-set is needed.
    private boolean moveAsOwner(TaskState from, TaskState to) {
        assert from.canBecome(to) : from + " to " + to;
        long seen = (long) WORD.getAcquire(this);
        if ((seen & STATE_MASK) != from.ordinal()) {
            return false;
        }
        WORD.setRelease(this, seen & ~STATE_MASK | to.ordinal());
        return true;
    }

    private static boolean isOut(long seen, long token) {
        long state = seen & STATE_MASK;
        return isCurrent(seen, token) && (state == TaskState.ACTIVE.ordinal() || state == TaskState.PENDING.ordinal());
    }

    private static boolean isCurrent(long seen, long token) {
        return seen >>> GENERATION_SHIFT == TaskToken.generation(token);
    }

    /// FREE with the next generation: every token given out before is stale from here on.
    private static long freed(long seen) {
        return ((seen >>> GENERATION_SHIFT) + 1 & TaskToken.GENERATION_MASK) << GENERATION_SHIFT
                | TaskState.FREE.ordinal();
    }
}
