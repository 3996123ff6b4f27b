package io.trilane.hba;

import io.trilane.engine.task.Task;
import io.trilane.hba.command.Command;
import io.trilane.hba.command.CommandGate;
import io.trilane.hba.command.CommandResponse;
import io.trilane.hba.command.CommandTable;
import io.trilane.hba.command.DeviceServer;
import io.trilane.hba.command.Medium;
import io.trilane.hba.command.Outcome;
import io.trilane.hba.command.Reservations;
import io.trilane.hba.image.DiskImage;
import io.trilane.hba.page.BlockLimits;
import io.trilane.hba.page.PageWriter;
import io.trilane.hba.page.Provisioning;
import io.trilane.hba.page.UnitPages;
import java.util.BitSet;
import java.util.function.IntConsumer;

/// Answers for the logical units that a target does not have (SAM-5 5.13, SPC-5 6.6.2, 6.39): INQUIRY says that nothing
/// can be there, REPORT LUNS lists what is, REQUEST SENSE and all others say LOGICAL UNIT NOT SUPPORTED. Belongs to one
/// [Target].
final class MissingUnit implements DeviceServer {
    private final CommandTable commands = CommandTable.ofMissingUnit();
    private final UnitPages pages = UnitPages.ofMissingUnit();
    private final Command command = new Command(this);
    private final CommandGate gate = new CommandGate(this);
    private final CommandFinisher finisher;
    private final UnitCounters counters;
    private final long[] luns;
    private final PageWriter writer;
    private final IntConsumer onLunsReported;

    MissingUnit(CommandFinisher finisher, UnitCounters counters, long[] luns, PageWriter writer,
            IntConsumer onLunsReported) {
        this.finisher = finisher;
        this.counters = counters;
        this.luns = luns;
        this.writer = writer;
        this.onLunsReported = onLunsReported;
    }

    void execute(Task task) {
        command.load(task);
        Outcome outcome;
        try {
            outcome = gate.check(command);
            if (outcome == Outcome.GOOD) {
                outcome = command.row().family().execute(command);
            }
        } catch (RuntimeException e) {
            outcome = command.abandon();
        }
        if (outcome != Outcome.GOOD) {
            counters.count(outcome);
        }
        CommandResponse.write(command, outcome);
        finisher.onFinished(task);
    }

    @Override
    public DiskImage image() {
        throw noMedium();
    }

    @Override
    public UnitPages pages() {
        return pages;
    }

    @Override
    public long capacityBlocks() {
        return 0;
    }

    @Override
    public int blockShift() {
        return 0;
    }

    @Override
    public long maximumTransferBlocks() {
        return 0;
    }

    @Override
    public BlockLimits limits() {
        return BlockLimits.STANDARD;
    }

    @Override
    public Provisioning provisioning() {
        return Provisioning.FULL;
    }

    @Override
    public int physicalBlockExponent() {
        return 0;
    }

    @Override
    public boolean isWriteProtected() {
        return false;
    }

    @Override
    public boolean writesThrough() {
        return false;
    }

    @Override
    public boolean isRestricted() {
        return false;
    }

    @Override
    public Reservations reservations() {
        throw noMedium();
    }

    @Override
    public Medium medium() {
        throw noMedium();
    }

    @Override
    public void onModeChanged() {
        throw noMedium();
    }

    @Override
    public void abortTasksOf(BitSet nexusIds, Task task) {
        throw noMedium();
    }

    @Override
    public void raiseUnitAttentionForOthers(int nexusId, Outcome condition) {
        throw noMedium();
    }

    @Override
    public boolean hasUnitAttention(int nexusId) {
        return false;
    }

    @Override
    public Outcome takeUnitAttention(int nexusId) {
        return Outcome.GOOD;
    }

    @Override
    public Outcome restingSense() {
        return Outcome.LOGICAL_UNIT_NOT_SUPPORTED;
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
    public long perform(Task task, DiskImage.Operation operation, long offset, long lengthBytes) {
        throw noMedium();
    }

    @Override
    public long flush(Task task, long offset, long lengthBytes) {
        throw noMedium();
    }

    @Override
    public void flushInBackground(int nexusId, long offset, long lengthBytes) {
        throw noMedium();
    }

    private static IllegalStateException noMedium() {
        return new IllegalStateException("a logical unit that does not exist has no medium");
    }
}
