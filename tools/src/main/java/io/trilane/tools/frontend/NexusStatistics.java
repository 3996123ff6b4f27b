package io.trilane.tools.frontend;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.ServiceResponse;
import io.trilane.engine.task.Task;
import io.trilane.engine.task.TaskExtension;
import io.trilane.engine.task.TaskStatus;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.LongSupplier;

/// What one nexus does, per logical unit, for `trilane stat`. Belongs to its connection's event loop, which writes it
/// without locks and without allocation; other processes read it in the [StatisticsFile].
///
/// [Connection#submit] counts a command when it is handed to the engine and again when it is finished. A front end adds
/// what only it knows: [#refused]. Commands for units that are not served are not counted.
@HotPath
public final class NexusStatistics {
    /// Classes of errors behind the 16 sense keys.
    static final int RESERVATION_CONFLICT = 16;
    static final int BUSY = 17;
    static final int ABORTED = 18;
    static final int NOT_DELIVERED = 19;

    private static final int STARTED_NS = TaskExtension.STAGE_NS;
    private static final int NO_RECORD = -1;
    private static final int UNASKED = -2;

    private final StatisticsFile owner;
    private final MemorySegment file;
    private final LongSupplier nanoClock;
    private final int nexusId;
    private final String name;
    /// By logical unit number: its record.
    private final int[] records;

    NexusStatistics(StatisticsFile owner, MemorySegment file, int nexusId, String name, int highestLun) {
        this.owner = owner;
        this.file = file;
        this.nanoClock = owner.nanoClock();
        this.nexusId = nexusId;
        this.name = name;
        this.records = new int[highestLun + 1];
        Arrays.fill(records, UNASKED);
    }

    /// A task is about to go to the engine.
    void started(Task task) {
        int record = record(unitNumber(task.lun()));
        task.setExtensionLong(STARTED_NS, nanoClock.getAsLong() | 1);
        if (record >= 0) {
            StatisticsLayout.add(file, StatisticsLayout.record(record) + StatisticsLayout.DEPTH, 1);
        }
    }

    /// The engine has not taken it after all.
    void withdrawn(Task task) {
        int record = record(unitNumber(task.lun()));
        task.setExtensionLong(STARTED_NS, 0);
        if (record >= 0) {
            StatisticsLayout.add(file, StatisticsLayout.record(record) + StatisticsLayout.DEPTH, -1);
        }
    }

    /// A task is back; one that was not [#started] here is not counted.
    void finished(Task task) {
        int record = record(unitNumber(task.lun()));
        long startNs = task.extensionLong(STARTED_NS);
        if (record < 0 || startNs == 0) {
            return;
        }
        task.setExtensionLong(STARTED_NS, 0);
        long at = StatisticsLayout.record(record);
        StatisticsLayout.add(file, at + StatisticsLayout.DEPTH, -1);
        if (!task.isGood()) {
            countError(at, errorOf(task));
        }
        long kindAt = at + StatisticsLayout.kind(IoKind.of(task));
        int bucket = LatencyBuckets.indexOf(nanoClock.getAsLong() - startNs);
        StatisticsLayout.add(file, kindAt + StatisticsLayout.COMMANDS, 1);
        StatisticsLayout.add(file, kindAt + StatisticsLayout.BYTES, task.bytesTransferred());
        StatisticsLayout.add(file, kindAt + StatisticsLayout.LATENCY + 8L * bucket, 1);
    }

    /// A command is refused or has to wait, because there is no task or no memory for it.
    ///
    /// @param lunBytes its logical unit, see [ServedUnit#lunBytes]
    public void refused(long lunBytes) {
        int record = record(unitNumber(lunBytes));
        if (record >= 0) {
            StatisticsLayout.add(file, StatisticsLayout.record(record) + StatisticsLayout.REFUSALS, 1);
        }
    }

    /// The nexus ends: what it did is added to its units' records. Once.
    void close() {
        for (int lun = 0; lun < records.length; lun++) {
            if (records[lun] >= 0) {
                owner.giveBack(records[lun]);
            }
            records[lun] = NO_RECORD;
        }
    }

    private void countError(long at, int error) {
        if (error >= 0) {
            StatisticsLayout.add(file, at + StatisticsLayout.ERRORS + 8L * error, 1);
        }
    }

    /// The number in the LUN bytes; negative unless it is single level, peripheral or flat (SAM-5 4.7.7).
    static int unitNumber(long lunBytes) {
        int first = (int) (lunBytes >>> 48);
        return lunBytes << 16 == 0 && first >>> 14 <= 1 ? first & 0x3FFF : -1;
    }

    private int record(int lun) {
        if (lun < 0 || lun >= records.length) {
            return NO_RECORD;
        }
        int record = records[lun];
        if (record == UNASKED) {
            record = owner.take(lun, nexusId, name);
            records[lun] = record;
        }
        return record;
    }

    /// The sense key of a CHECK CONDITION (SPC-5 4.4), or the class of a status without one; -1: no error.
    static int errorOf(Task task) {
        if (task.serviceResponse() != ServiceResponse.TASK_COMPLETE) {
            return NOT_DELIVERED;
        }
        TaskStatus status = task.status();
        return switch (status) {
            case GOOD, CONDITION_MET -> -1;
            case CHECK_CONDITION -> senseKey(task);
            case RESERVATION_CONFLICT -> RESERVATION_CONFLICT;
            case BUSY, TASK_SET_FULL, ACA_ACTIVE -> BUSY;
            case TASK_ABORTED -> ABORTED;
            default -> NOT_DELIVERED;
        };
    }

    private static int senseKey(Task task) {
        if (task.senseLength() < 3) {
            return NOT_DELIVERED;
        }
        boolean isDescriptor = (task.senseByte(0) & 0x7E) == 0x72;
        return task.senseByte(isDescriptor ? 1 : 2) & 0x0F;
    }
}
