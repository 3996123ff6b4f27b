package io.trilane.hba.command;

import io.trilane.engine.task.Task;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.page.BlockLimits;
import io.trilane.hba.page.PageWriter;
import io.trilane.hba.page.Provisioning;
import io.trilane.hba.page.UnitPages;
import java.util.BitSet;

/// What a command needs of the logical unit that executes it. Implemented by the logical unit, and by the target for
/// logical units that it does not have. Touched by the hardware agent only.
public interface DeviceServer {
    DiskImage image();

    UnitPages pages();

    long capacityBlocks();

    /// Logical block length in bytes, as a power of two.
    int blockShift();

    /// Longest transfer in blocks that one command may ask for.
    long maximumTransferBlocks();

    /// What the Block Limits VPD page promises.
    BlockLimits limits();

    Provisioning provisioning();

    /// READ CAPACITY(16): logical blocks per physical block, as a power of two.
    int physicalBlockExponent();

    boolean isWriteProtected();

    /// True when a write has to be durable before it is answered: the write cache is disabled (SBC-4 6.5.6, WCE = 0).
    boolean writesThrough();

    /// True when there is a reservation, or the medium is not ready: the gate looks closer. One field load.
    boolean isRestricted();

    /// Reservations of this unit.
    Reservations reservations();

    /// Whether the medium can be reached.
    Medium medium();

    /// MODE SELECT has changed the mode pages: takes them over.
    void onModeChanged();

    /// Aborts all tasks of these nexuses once the command of this task has answered PENDING; the command is resumed when
    /// none of them can have an effect any more.
    void abortTasksOf(BitSet nexusIds, Task task);

    /// Raises a unit attention condition for every nexus but this one.
    void raiseUnitAttentionForOthers(int nexusId, Outcome condition);

    /// True when a unit attention condition or a deferred error waits for this nexus. One array load.
    boolean hasUnitAttention(int nexusId);

    /// Takes the condition with the highest priority and clears it.
    Outcome takeUnitAttention(int nexusId);

    /// What REQUEST SENSE answers when nothing is pending: GOOD means NO SENSE.
    Outcome restingSense();

    /// The commands that exist here.
    CommandTable commands();

    /// The eight LUN bytes of every logical unit of the target, ascending.
    long[] luns();

    /// REPORT LUNS was processed for this nexus: it need not hear any more that the list has changed (SAM-5 5.14).
    void onLunsReported(int nexusId);

    /// For parameter data; used from `begin` to `deliver` within one call.
    PageWriter writer();

    /// Has the slow-work agent do an operation that may take long, with the task's data. Answers an
    /// [io.trilane.hba.image.ImageResult]; PENDING means that the command will be resumed.
    long perform(Task task, DiskImage.Operation operation, long offset, long lengthBytes);

    /// As [#perform] with FLUSH, at the end of a write: later commands need not wait for it any more.
    long flush(Task task, long offset, long lengthBytes);

    /// Makes a range durable after the command was answered. A failure becomes a deferred error of this nexus.
    void flushInBackground(int nexusId, long offset, long lengthBytes);
}
