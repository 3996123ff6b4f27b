package io.trilane.tools.initiator.iscsi;

import io.trilane.engine.task.HotPath;
import io.trilane.tools.iscsi.FullFeaturePdu;

/// One command in flight, used again by the next. Belongs to the session's thread.
@HotPath
final class RequestSlot {
    static final int CDB_BYTES = 16;
    /// The tag's low bits are the slot, the others tell the slot's commands apart.
    private static final int SLOT_BITS = 16;
    private static final int SLOT_MASK = (1 << SLOT_BITS) - 1;
    /// So that no tag is 0xFFFFFFFF.
    static final int MAX_SLOTS = 1 << 15;
    private static final byte[] NO_SENSE = {};

    final int index;
    final byte[] cdb = new byte[CDB_BYTES];
    /// In-flight.
    boolean isBusy;
    int tag;
    boolean isRead;
    boolean isWrite;
    /// Where the data are and how much is expected, in bytes.
    long address;
    int length;

    /// What is sent is not the request's data but says what to do.
    boolean isParameterList;

    /// Of data that came or went.
    int received;
    /// Unsolicited data that is still to be sent: `[unsolicitedAt, unsolicitedEnd)`.
    int unsolicitedAt;
    int unsolicitedEnd;
    int dataSn;
    /// In the queue of those that have data to send.
    boolean isQueued;

    // R2Ts that were not answered in full, oldest first.
    private final int[] transferTags = new int[Negotiated.MAX_OUTSTANDING_R2T];
    private final int[] offsets = new int[Negotiated.MAX_OUTSTANDING_R2T];
    private final int[] lengths = new int[Negotiated.MAX_OUTSTANDING_R2T];
    private int firstR2t;
    private int r2ts;

    // How it ended.
    int response;
    int status;
    int residualFlags;
    int residual;
    byte[] sense = NO_SENSE;

    RequestSlot(int index) {
        this.index = index;
        this.tag = index;
    }

    static int slotOf(int tag) {
        return tag & SLOT_MASK;
    }

    /// A new command: the caller has set CDB and data.
    void begin() {
        tag += 1 << SLOT_BITS;
        isBusy = true;
        received = 0;
        unsolicitedAt = 0;
        unsolicitedEnd = 0;
        dataSn = 0;
        firstR2t = 0;
        r2ts = 0;
        response = 0;
        status = 0;
        residualFlags = 0;
        residual = 0;
        sense = NO_SENSE;
    }

    /// GOOD, with all its bytes. How much of a parameter list was read is the target's affair: tgt does what UNMAP asks and
    /// says that it read nothing.
    boolean isGood() {
        boolean isComplete = residualFlags == 0 || isParameterList && residualFlags == FullFeaturePdu.UNDERFLOW;
        return response == 0 && status == 0 && isComplete && (!isRead || received == length);
    }

    boolean hasUnsolicited() {
        return unsolicitedAt < unsolicitedEnd;
    }

    int r2ts() {
        return r2ts;
    }

    void addR2t(int transferTag, int offset, int bytes) {
        int at = (firstR2t + r2ts) % transferTags.length;
        transferTags[at] = transferTag;
        offsets[at] = offset;
        lengths[at] = bytes;
        r2ts++;
    }

    int r2tTag() {
        return transferTags[firstR2t];
    }

    int r2tOffset() {
        return offsets[firstR2t];
    }

    int r2tLength() {
        return lengths[firstR2t];
    }

    /// So many bytes of the oldest R2T are on their way; true when it is answered.
    boolean advanceR2t(int bytes) {
        offsets[firstR2t] += bytes;
        lengths[firstR2t] -= bytes;
        dataSn++;
        if (lengths[firstR2t] > 0) {
            return false;
        }
        firstR2t = (firstR2t + 1) % transferTags.length;
        r2ts--;
        dataSn = 0;
        return true;
    }
}
