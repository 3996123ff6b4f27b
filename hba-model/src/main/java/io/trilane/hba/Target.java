package io.trilane.hba;

import io.trilane.engine.task.HotPath;
import io.trilane.engine.task.Nexus;
import io.trilane.engine.task.Task;
import io.trilane.hba.command.Outcome;
import io.trilane.hba.page.PageWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A SCSI target: finds the logical unit of a task, and answers itself for those that it does not have. Touched by the
/// hardware agent only.
@HotPath
public final class Target {
    /// Flat space addressing has 14 bits (SAM-5 4.6.8).
    public static final int MAX_LUN = 0x3FFF;

    private static final int PERIPHERAL_LUNS = 256;
    private static final int MIN_WRITER_BYTES = 4096;

    private final long id;
    private final CommandFinisher finisher;
    private @Nullable LogicalUnit[] units = {};
    private final UnitCounters missingUnitCounters = new UnitCounters();
    private MissingUnit missingUnit;

    /// A target without logical units.
    public Target(long id, CommandFinisher finisher) {
        this.id = id;
        this.finisher = finisher;
        this.missingUnit = missingUnit(new long[0], new PageWriter(writerBytes(0)));
    }

    /// Adds a logical unit, which belongs to one target.
    public void add(int lun, LogicalUnit unit) {
        if (lun < 0 || lun > MAX_LUN) {
            throw new IllegalArgumentException("lun=" + lun + " not in 0.." + MAX_LUN + ", choose one in range");
        }
        if (unit(lun) != null) {
            throw new IllegalArgumentException(
                    "lun=" + lun + " is taken on targetId=" + id + ", give each unit a number of its own");
        }
        units = Arrays.copyOf(units, Math.max(units.length, lun + 1));
        units[lun] = unit;
        long[] luns = IntStream.range(0, units.length).filter(i -> units[i] != null).mapToLong(Target::lunBytes)
                .toArray();
        PageWriter writer = new PageWriter(writerBytes(luns.length));
        units().forEach(each -> each.joinTarget(luns, writer, this::onLunsReported));
        missingUnit = missingUnit(luns, writer);
    }

    /// Executes a task on the logical unit that its LUN names. The task is finished once, now or later.
    public void execute(Task task) {
        LogicalUnit unit = unit(decode(task.lun()));
        if (unit != null) {
            unit.execute(task);
        } else {
            missingUnit.execute(task);
        }
    }

    public long id() {
        return id;
    }

    /// The logical unit with this number, or null.
    public @Nullable LogicalUnit unit(int lun) {
        return lun < units.length ? units[lun] : null;
    }

    /// The logical unit that a task's eight LUN bytes name, or null.
    public @Nullable LogicalUnit unitOf(long lunBytes) {
        return unit(decode(lunBytes));
    }

    /// All logical units, by number.
    public List<LogicalUnit> units() {
        List<LogicalUnit> list = new ArrayList<>();
        for (LogicalUnit unit : units) {
            if (unit != null) {
                list.add(unit);
            }
        }
        return list;
    }

    /// The nexus was lost, reset or newly made.
    public void resetNexus(Nexus nexus) {
        units().forEach(unit -> unit.resetNexus(nexus));
    }

    /// A unit with this number was added: every nexus hears of it from each of the others (SPC-5 6.33).
    void onLunsChanged(int newLun) {
        LogicalUnit added = unit(newLun);
        for (LogicalUnit each : units()) {
            if (!each.equals(added)) {
                each.attentions().raiseForAll(Outcome.REPORTED_LUNS_DATA_HAS_CHANGED);
            }
        }
    }

    private void onLunsReported(int nexusId) {
        units().forEach(unit -> unit.attentions().clear(nexusId, Outcome.REPORTED_LUNS_DATA_HAS_CHANGED));
    }

    /// What happened to commands for logical units that do not exist.
    public UnitCounters missingUnitCounters() {
        return missingUnitCounters;
    }

    /// The eight bytes that name a logical unit: peripheral device addressing below 256, flat space above (SAM-5 4.6).
    public static long lunBytes(int lun) {
        return (lun < PERIPHERAL_LUNS ? lun : 0x4000L | lun) << 48;
    }

    /// Bytes of the longest parameter data of a target with so many units.
    static int writerBytes(int unitCount) {
        return Math.max(MIN_WRITER_BYTES, 8 + 8 * unitCount);
    }

    private MissingUnit missingUnit(long[] luns, PageWriter writer) {
        return new MissingUnit(finisher, missingUnitCounters, luns, writer, this::onLunsReported);
    }

    /// Single-level peripheral device addressing on bus 0, or flat space addressing; anything else is no number that a
    /// unit can have.
    private static int decode(long lunBytes) {
        int first = (int) (lunBytes >>> 48);
        if ((lunBytes & 0xFFFF_FFFF_FFFFL) != 0 || first >= PERIPHERAL_LUNS && first >>> 14 != 1) {
            return Integer.MAX_VALUE;
        }
        return first & MAX_LUN;
    }
}
