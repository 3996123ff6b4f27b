package io.trilane.hba;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.Task;
import io.trilane.hba.command.CommandTable;
import io.trilane.hba.command.DeviceServer;
import io.trilane.hba.command.Medium;
import io.trilane.hba.command.Outcome;
import io.trilane.hba.command.Reservations;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageResult;
import io.trilane.hba.page.BlockLimits;
import io.trilane.hba.page.PageWriter;
import io.trilane.hba.page.Provisioning;
import io.trilane.hba.page.UnitPages;
import java.util.BitSet;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// What commands see of a logical unit. Belongs to one [LogicalUnit].
@HotPath
final class UnitServer implements DeviceServer {
    private final LogicalUnit unit;
    private final DiskImage image;
    private final SlowImageWork slowWork;
    private final CommandTable commands;
    private final BlockLimits limits;
    private final Provisioning provisioning;
    private final UnitPages pages;
    private final UnitAttentions attentions = new UnitAttentions();
    private final BackgroundFlush backgroundFlush;
    private final long capacityBlocks;
    private final int blockShift;
    private final long maximumTransferBlocks;
    private final int physicalBlockExponent;
    private final boolean isAlwaysWriteProtected;
    private final Medium medium;
    private final Reservations reservations;
    private boolean isWriteProtected;
    private boolean writesThrough;
    private boolean isRestricted;
    /// Nexuses whose tasks PREEMPT AND ABORT wants aborted, once it is known to be pending.
    private @Nullable BitSet abortRequest;

    private long[] luns = {0};
    private PageWriter writer = new PageWriter(Target.writerBytes(1));
    private IntConsumer onLunsReported = _ -> {};

    /// The task that is inside [SlowImageWork#submit], which may deliver its result at once.
    private @Nullable Task submittingTask;
    private long submittedResult;
    private boolean flushPending;

    UnitServer(LogicalUnit unit, LogicalUnitConfig config, DiskImage image, SlowImageWork slowWork) {
        this.unit = unit;
        this.image = image;
        this.slowWork = slowWork;
        this.limits = config.limits();
        this.provisioning = config.provisioning();
        this.commands = CommandTable.ofDisk(provisioning);
        this.pages = UnitPages.ofDisk(config.identity(), limits, config.descriptorSense(), provisioning,
                image.blockBytes(), config.removable());
        this.backgroundFlush = new BackgroundFlush(unit, slowWork, attentions);
        this.capacityBlocks = image.capacityBlocks();
        this.blockShift = Integer.numberOfTrailingZeros(image.blockBytes());
        int maximum = config.limits().maximumTransferBlocks();
        this.maximumTransferBlocks = maximum == 0 ? Long.MAX_VALUE : maximum;
        this.physicalBlockExponent = config.limits().physicalBlockExponent();
        this.isAlwaysWriteProtected = config.writeProtected() || image.isReadOnly();
        this.medium = new Medium(config.removable(), this::onRestrictionChanged);
        this.reservations = new Reservations((condition, nexusId) -> attentions.raise(nexusId, condition),
                this::onRestrictionChanged);
        onModeChanged();
        attentions.raiseForAll(Outcome.POWER_ON_RESET);
    }

    @Override
    public DiskImage image() {
        return image;
    }

    @Override
    public UnitPages pages() {
        return pages;
    }

    @Override
    public long capacityBlocks() {
        return capacityBlocks;
    }

    @Override
    public int blockShift() {
        return blockShift;
    }

    @Override
    public long maximumTransferBlocks() {
        return maximumTransferBlocks;
    }

    @Override
    public BlockLimits limits() {
        return limits;
    }

    @Override
    public Provisioning provisioning() {
        return provisioning;
    }

    @Override
    public int physicalBlockExponent() {
        return physicalBlockExponent;
    }

    @Override
    public boolean isWriteProtected() {
        return isWriteProtected;
    }

    @Override
    public boolean writesThrough() {
        return writesThrough;
    }

    @Override
    public boolean isRestricted() {
        return isRestricted;
    }

    @Override
    public Reservations reservations() {
        return reservations;
    }

    @Override
    public Medium medium() {
        return medium;
    }

    @Override
    public void onModeChanged() {
        isWriteProtected = isAlwaysWriteProtected || pages.isSoftwareWriteProtected();
        writesThrough = !pages.isWriteCacheEnabled();
    }

    @Override
    public void abortTasksOf(BitSet nexusIds, Task task) {
        abortRequest = nexusIds;
    }

    @Override
    public void raiseUnitAttentionForOthers(int nexusId, Outcome condition) {
        attentions.raiseForOthers(nexusId, condition);
    }

    @Override
    public boolean hasUnitAttention(int nexusId) {
        return attentions.isPending(nexusId);
    }

    @Override
    public Outcome takeUnitAttention(int nexusId) {
        return attentions.take(nexusId);
    }

    @Override
    public Outcome restingSense() {
        return medium.state();
    }

    @Override
    public CommandTable commands() {
        return commands;
    }

    @Override
    public long[] luns() {
        return luns;
    }

    @Override
    public void onLunsReported(int nexusId) {
        onLunsReported.accept(nexusId);
    }

    @Override
    public PageWriter writer() {
        return writer;
    }

    @Override
    public long flush(Task task, long offset, long lengthBytes) {
        long result = perform(task, DiskImage.Operation.FLUSH, offset, lengthBytes);
        flushPending = result == ImageResult.PENDING;
        return result;
    }

    @Override
    public long perform(Task task, DiskImage.Operation operation, long offset, long lengthBytes) {
        submittingTask = task;
        submittedResult = ImageResult.PENDING;
        try {
            slowWork.submit(unit, task, operation, offset, lengthBytes);
        } finally {
            submittingTask = null;
        }
        return submittedResult;
    }

    @Override
    public void flushInBackground(int nexusId, long offset, long lengthBytes) {
        backgroundFlush.request(nexusId, offset, lengthBytes);
    }

    /// Takes a result that is delivered inside [#perform]; false when it is not of the task that is there.
    @SuppressWarnings("ReferenceEquality")
    boolean takeInlineResult(Task task, long result) {
        if (task != submittingTask) {
            return false;
        }
        submittedResult = result;
        return true;
    }

    /// True once after a flush was started that is still under way.
    boolean takeFlushPending() {
        boolean was = flushPending;
        flushPending = false;
        return was;
    }

    /// The nexuses whose tasks the command that has just answered PENDING wants aborted; null for any other command.
    @Nullable
    BitSet takeAbortRequest() {
        BitSet was = abortRequest;
        abortRequest = null;
        return was;
    }

    /// A nexus came or went.
    void resetNexus(Nexus nexus) {
        attentions.startAfresh(nexus.id());
        reservations.resetNexus(nexus);
        medium.loseNexus(nexus.id());
    }

    /// A nexus was lost, and is there again.
    void loseNexus(int nexusId) {
        attentions.raise(nexusId, Outcome.I_T_NEXUS_LOSS_OCCURRED);
        reservations.loseNexus(nexusId);
        medium.loseNexus(nexusId);
    }

    /// A logical unit or target reset (SAM-5 6.3.3): what is not saved or persistent is as after power on.
    void reset() {
        pages.resetModePages();
        onModeChanged();
        reservations.reset();
        medium.reset();
        attentions.raiseForAll(Outcome.BUS_DEVICE_RESET_FUNCTION_OCCURRED);
    }

    UnitAttentions attentions() {
        return attentions;
    }

    BackgroundFlush backgroundFlush() {
        return backgroundFlush;
    }

    void joinTarget(long[] allLuns, PageWriter sharedWriter, IntConsumer lunsReported) {
        luns = allLuns;
        writer = sharedWriter;
        onLunsReported = lunsReported;
    }

    private void onRestrictionChanged() {
        isRestricted = reservations.isReserved() || !medium.isReady();
    }
}
