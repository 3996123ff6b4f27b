package io.trilane.hba.command;

import io.trilane.engine.task.Task;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.page.PageWriter;
import io.trilane.hba.page.UnitPages;

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

    /// READ CAPACITY(16): logical blocks per physical block, as a power of two.
    int physicalBlockExponent();

    boolean isWriteProtected();

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

    /// Makes a range durable through the slow-work agent. Answers an [io.trilane.hba.image.ImageResult]; PENDING means
    /// that the command will be resumed.
    long flush(Task task, long offset, long lengthBytes);

    /// Makes a range durable after the command was answered. A failure becomes a deferred error of this nexus.
    void flushInBackground(int nexusId, long offset, long lengthBytes);
}
