package io.trilane.hba;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Task;
import io.trilane.hba.command.CommandTable;
import io.trilane.hba.command.DeviceServer;
import io.trilane.hba.command.Outcome;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.image.ImageResult;
import io.trilane.hba.page.PageWriter;
import io.trilane.hba.page.UnitPages;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// What commands see of a logical unit. Belongs to one [LogicalUnit].
@HotPath
final class UnitServer implements DeviceServer {
    private final LogicalUnit unit;
    private final DiskImage image;
    private final SlowImageWork slowWork;
    private final CommandTable commands = CommandTable.ofDisk();
    private final UnitPages pages;
    private final UnitAttentions attentions = new UnitAttentions();
    private final BackgroundFlush backgroundFlush;
    private final long capacityBlocks;
    private final int blockShift;
    private final long maximumTransferBlocks;
    private final int physicalBlockExponent;
    private final boolean isWriteProtected;

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
        this.pages = UnitPages.ofDisk(config.identity(), config.limits(), config.descriptorSense());
        this.backgroundFlush = new BackgroundFlush(unit, slowWork, attentions);
        this.capacityBlocks = image.capacityBlocks();
        this.blockShift = Integer.numberOfTrailingZeros(image.blockBytes());
        int maximum = config.limits().maximumTransferBlocks();
        this.maximumTransferBlocks = maximum == 0 ? Long.MAX_VALUE : maximum;
        this.physicalBlockExponent = config.limits().physicalBlockExponent();
        this.isWriteProtected = config.writeProtected() || image.isReadOnly();
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
    public int physicalBlockExponent() {
        return physicalBlockExponent;
    }

    @Override
    public boolean isWriteProtected() {
        return isWriteProtected;
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
        return Outcome.GOOD;
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
        submittingTask = task;
        submittedResult = ImageResult.PENDING;
        try {
            slowWork.submit(unit, task, DiskImage.Operation.FLUSH, offset, lengthBytes);
        } finally {
            submittingTask = null;
        }
        flushPending = submittedResult == ImageResult.PENDING;
        return submittedResult;
    }

    @Override
    public void flushInBackground(int nexusId, long offset, long lengthBytes) {
        backgroundFlush.request(nexusId, offset, lengthBytes);
    }

    /// Takes a result that is delivered inside [#flush]; false when it is not of the task that is there.
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
}
