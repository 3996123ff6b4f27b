package io.trilane.engine.controller;

/// What a controller can do wrong: the rows of `driverkit.md` 3.4, except 16 (a completion that is used after its release),
/// which Java cannot express, and two from 3.3. Each constant says what becomes of it on macOS, how that is known, and what to do instead.
public enum Misuse {
    QUEUE_MISSING(1, "No AuxiliaryQueue or InterruptQueue was set before initializeController returned",
            "create falls back to Default or is never dispatched; the call never returns and the process cannot be killed",
            Evidence.FIELD_REPORT, "call Framework.setDispatchQueue for each name inside initializeController"),
    CREATE_FROM_DEFAULT(2, "A target is created synchronously from the queue that its callbacks need",
            "self-deadlock: the callbacks that the call provokes wait for the queue that waits for the call",
            Evidence.DOCUMENTED, "dispatch the call to the auxiliary queue, or create the target asynchronously"),
    CREATE_FROM_COMPLETION_QUEUE(3, "A target is created synchronously from the queue that pumps or completes its I/O",
            "deadlock: the probe's I/O never completes", Evidence.FIELD_REPORT,
            "dispatch the call to the auxiliary queue, or create the target asynchronously"),
    CREATE_FROM_AUXILIARY(4, "A target is created synchronously from the auxiliary queue itself",
            "conflicting: Apple's sample does it, one driver reports that it wedges", Evidence.FIELD_REPORT,
            "create the target asynchronously where that matters"),
    QUEUE_NOT_IN_CONTRACT(5, "A queue of a name that the contract does not know was set",
            "kernel panic at load", Evidence.FIELD_REPORT, "use AuxiliaryQueue and InterruptQueue only"),
    CONSTRAINTS_INCOMPLETE(6, "The constraints were not reported, or a required key is missing",
            "kernel panic for a missing key; a default DMA specification when nothing is reported",
            Evidence.DOCUMENTED, "report all seven required keys before initializeController returns"),
    PERSONALITY_INVALID(7, "The personality names the wrong class, bundle or kernel library",
            "calls in a strange order, no match, or a panic", Evidence.FIELD_REPORT,
            "correct the key that the report names"),
    TASK_COUNT_ZERO(8, "The maximum task count is below 1",
            "the driver does not match or does not load", Evidence.DOCUMENTED,
            "report how many tasks the hardware holds, at least 1"),
    POOL_STARVED(9, "Every task is with the controller, and none has come back for a long time",
            "permanent stall", Evidence.FIELD_REPORT,
            "complete every task, give tasks a timeout, and report more than one task"),
    TASK_ID_RESERVED(10, "A task was mapped with the unique id 0",
            "0 means the head of the list: the first command works, the next ones vanish", Evidence.INFERRED,
            "answer slot + 1 from mapTaskData"),
    TASK_ID_DUPLICATE(11, "Two tasks were mapped with the same unique id",
            "GetDataBuffer and completion find the wrong task", Evidence.FIELD_REPORT,
            "answer slot + 1 from mapTaskData"),
    RESPONSE_VERSION_BAD(12, "A response carries another version than 1",
            "dropped silently, the I/O never completes", Evidence.DOCUMENTED, "leave the version field at 1"),
    DOUBLE_COMPLETION(13, "A token was completed twice, or was never given out",
            "panic up to release 339, logged and ignored since 342; inferred: when the task was reused, the wrong I/O completes",
            Evidence.DOCUMENTED, "complete each token once and forget it"),
    LATE_COMPLETION(14, "A token was completed after its deadline, its abort or the removal of its target",
            "like a double completion", Evidence.DOCUMENTED,
            "expect it: the kernel does not tell a driver that a deadline passed; keep own deadlines shorter"),
    SYNC_COMPLETION_UNSUPPORTED(15, "processTask answered something else than REQUEST_IN_PROCESS",
            "the request fails as a delivery failure, even with TASK_COMPLETE", Evidence.DOCUMENTED,
            "answer REQUEST_IN_PROCESS and complete the token"),
    IOVA_AS_HOST_ADDRESS(17, "The processor followed an address of the DMA space",
            "SIGSEGV in the driver's process", Evidence.FIELD_REPORT,
            "ask Framework.dataBuffer for memory that the processor may touch"),
    DATA_BUFFER_OUTSIDE_SUBMIT(18, "A data buffer was asked for outside the process call of its task",
            "an error, or the buffer of another task", Evidence.DOCUMENTED,
            "ask inside processTask and keep the buffer until the completion"),
    SLOT_NOT_OWNED(19, "A response was written into a slot that the controller does not own",
            "a data race, a corrupted command", Evidence.INFERRED,
            "touch nothing of a task after completing its token"),
    TARGET_EXISTS(20, "A target was created that exists, or one destroyed that does not",
            "creation fails, destruction does nothing", Evidence.DOCUMENTED, "ask isTargetPresent first"),
    TARGET_ID_OUT_OF_RANGE(21, "A target was created above the highest reported id",
            "the target is created and can never be found, drained or destroyed", Evidence.INFERRED,
            "report a higher reportHighestSupportedDeviceId"),
    SEGMENTS_OVER_LIMIT(22, "A task has more segments than the constraints allow",
            "an I/O error before the driver sees the task", Evidence.FIELD_REPORT,
            "report more segments, or submit one segment per task"),
    SEGMENT_LIMITS_INCONSISTENT(23, "One segment only, or segments times bytes below the longest transfer",
            "the block layer's break size becomes 0: I/O errors, or requests that are lost", Evidence.FIELD_REPORT,
            "report at least 2 segments, and segments x bytes >= longest transfer"),
    DMA_SEGMENT_TYPE_UNSUPPORTED(24, "The DMA specification asks for a byte order that the host does not have",
            "the preparation of INQUIRY fails", Evidence.FIELD_REPORT, "report HOST_64 or LITTLE_64"),
    NOT_READY_AT_PROBE(25, "A logical unit was not ready while its target was probed",
            "45 s of waiting, then the unit is never published", Evidence.FIELD_REPORT,
            "create the target when its unit is ready"),
    PROBE_HELD(26, "A probe command was not completed before its deadline",
            "panic of the boot after 60 s with a busy registry", Evidence.FIELD_REPORT,
            "give every command a deadline of the driver's own"),
    LOCK_HELD_ACROSS_CALL(27, "A lock is held across a call whose callbacks take it, or locks are taken in a circle",
            "deadlock of two queues", Evidence.FIELD_REPORT, "release the lock before calling the framework"),
    POWER_ACK_TIMEOUT(28, "A power transition was not acknowledged in time",
            "panic after about 21 s", Evidence.FIELD_REPORT,
            "quiesce, then call Framework.acknowledgePowerState last"),
    REENTRANT_WAIT(0, "A synchronous call waits, directly or over others, for the queue it was made on",
            "deadlock of the driver's queues; termination then hangs as well", Evidence.FIELD_REPORT,
            "make the call asynchronously, or from a queue that nothing in the chain needs"),
    CALLBACK_BLOCKED(0, "A callback has not returned for a long time",
            "everything behind it on its queue waits; a hung termination ends in a watchdog panic",
            Evidence.FIELD_REPORT, "never wait in a callback: post, return, and complete from the interrupt queue");

    private final int row;
    private final String summary;
    private final String consequence;
    private final Evidence evidence;
    private final String remedy;

    Misuse(int row, String summary, String consequence, Evidence evidence, String remedy) {
        this.row = row;
        this.summary = summary;
        this.consequence = consequence;
        this.evidence = evidence;
        this.remedy = remedy;
    }

    /// Its row in `driverkit.md` 3.4; 0 for the two that follow from its section 3.3.
    public int row() {
        return row;
    }

    /// What the controller did.
    public String summary() {
        return summary;
    }

    /// What macOS makes of it.
    public String consequence() {
        return consequence;
    }

    /// How the consequence is known.
    public Evidence evidence() {
        return evidence;
    }

    /// What to do instead.
    public String remedy() {
        return remedy;
    }
}
