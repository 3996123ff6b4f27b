package io.trilane.engine.task;

/// Where a task is, and so who owns it. The legal moves are listed here and nowhere else.
///
/// ```text
/// FREE ──► CLAIMED ◄──► QUEUED ──► ACTIVE ──► PENDING
///            │            │          │ │        │ │
///            ▼            ▼          ▼ ▼        ▼ ▼
///           FREE         DONE       DONE, ZOMBIE, RESEND
///
/// DONE ──► FREE     ZOMBIE ──► FREE     RESEND ──► QUEUED, DONE
/// ```
public enum TaskState {
    /// In the pool; nobody's.
    FREE,
    /// A client fills it; the client's.
    CLAIMED,
    /// On its way to the role that submits; the queue's.
    QUEUED,
    /// With the controller, until it completes the token.
    ACTIVE,
    /// Likewise, and the single process call has answered REQUEST_IN_PROCESS. (A bundle has no answer per task, so its
    /// tasks stay ACTIVE: a compare-and-set less.)
    PENDING,
    /// Refused with TASK SET FULL, or ended without sense data that the framework fetches: waiting to be sent again under
    /// the same token. Nobody's alone: the control role, a client that closes and a target that goes compete for it.
    RESEND,
    /// Completed exactly once, on its way to or at the client; the client's.
    DONE,
    /// Timed out: the client has its verdict from the extension, the controller still holds the token. Response and
    /// data are quarantined until the client has released the task and the controller has returned the token.
    ZOMBIE;

    private static final TaskState[] VALUES = values();

    /// One bit per state that may follow.
    private static final int[] NEXT = new int[VALUES.length];

    static {
        allow(FREE, CLAIMED);
        allow(CLAIMED, QUEUED, FREE);
        allow(QUEUED, ACTIVE, DONE, CLAIMED);
        allow(ACTIVE, PENDING, DONE, RESEND, ZOMBIE);
        allow(PENDING, DONE, RESEND, ZOMBIE);
        allow(RESEND, QUEUED, DONE);
        allow(DONE, FREE);
        allow(ZOMBIE, FREE);
    }

    private static void allow(TaskState from, TaskState... next) {
        for (TaskState state : next) {
            NEXT[from.ordinal()] |= 1 << state.ordinal();
        }
    }

    /// True when a task may move from this state to `next`.
    public boolean canBecome(TaskState next) {
        return (NEXT[ordinal()] & 1 << next.ordinal()) != 0;
    }

    /// True while the controller holds the token.
    public boolean isWithController() {
        return this == ACTIVE || this == PENDING || this == ZOMBIE;
    }

    static TaskState of(int ordinal) {
        return VALUES[ordinal];
    }
}
