package io.trilane.tools.iscsi;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import org.jspecify.annotations.Nullable;

/// One SCSI command of a session from its Command PDU to its status. There is one object per slot for ever. Belongs to the
/// connection's event loop; its task belongs to the engine while SUBMITTED.
@HotPath
final class ScsiCommand {
    /// What becomes of it next.
    enum State {
        FREE,
        /// Data is to come from the initiator.
        COLLECTING,
        /// The engine has the task.
        SUBMITTED,
        /// Data and status wait to be sent, or are being sent.
        ANSWERING
    }

    private final int slot;
    State state = State.FREE;
    int tag;
    long lun;
    boolean isImmediate;
    boolean isRead;
    boolean isWrite;
    /// What the initiator offers or expects, in bytes (unsigned 32 bits).
    long expectedBytes;
    /// How much of it the task's data holds.
    int boundBytes;
    @Nullable
    Task task;

    /// When it began, or its last data came, in the loop's clock.
    long dataNs;
    /// Bytes that came in order.
    int receivedBytes;
    /// DataSN that is due in the sequence that is open.
    int dataSn;
    /// Data-Out PDUs without R2T are to come until one says F.
    boolean isUnsolicitedOpen;
    /// Where the solicited data begins.
    int solicitedStart;
    /// R2Ts sent, and those that were answered up to F.
    int r2tSent;
    int r2tDone;
    /// R2T number n has the target transfer tag `firstTransferTag` + n.
    int firstTransferTag;

    /// Bytes sent in Data-In PDUs, and their number.
    int sentBytes;
    int sentPdus;
    int burstBytes;

    /// Not null: ends with this answer of ours when no more data is to come.
    @Nullable
    CommandRefusal refusal;
    /// A task-management function waits for it and nobody is answered.
    boolean isAborted;

    ScsiCommand(int slot) {
        this.slot = slot;
    }

    int slot() {
        return slot;
    }

    void start(int newTag, long newLun, boolean immediate) {
        state = State.COLLECTING;
        tag = newTag;
        lun = newLun;
        isImmediate = immediate;
        isRead = false;
        isWrite = false;
        expectedBytes = 0;
        boundBytes = 0;
        task = null;
        receivedBytes = 0;
        dataSn = 0;
        isUnsolicitedOpen = false;
        solicitedStart = 0;
        r2tSent = 0;
        r2tDone = 0;
        firstTransferTag = 0;
        sentBytes = 0;
        sentPdus = 0;
        burstBytes = 0;
        refusal = null;
        isAborted = false;
    }

    /// The initiator still owes data: an F of the unsolicited data or of an R2T.
    boolean isOwedData() {
        return isUnsolicitedOpen || r2tDone < r2tSent;
    }

    /// Tag for the engine: 0 would mean untagged.
    long taskTag() {
        return taskTag(tag);
    }

    static long taskTag(int initiatorTaskTag) {
        return (initiatorTaskTag & 0xFFFF_FFFFL) + 1;
    }
}
