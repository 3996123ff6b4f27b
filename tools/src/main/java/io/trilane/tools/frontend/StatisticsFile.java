package io.trilane.tools.frontend;

import io.trilane.engine.metrics.ProcessFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The statistics of a server, per logical unit and nexus, in a mapped file beside the engine's counters file: the same
/// name, ending in [#SUFFIX]. Any process of the same user may read it while it lives; it is removed at close, and those of
/// processes that died are removed when a server starts. Layout: [StatisticsLayout].
///
/// Records are taken and given back under this object's monitor, on the cold path; their numbers are the nexus's.
public final class StatisticsFile implements AutoCloseable {
    /// How the file's name ends.
    public static final String SUFFIX = ".statistics";

    private static final int NEXUS_RECORDS = 2048;
    private static final int UNASSIGNED_NEXUS = -1;

    private final @Nullable Path path;
    private final MemorySegment file;
    private final LongSupplier nanoClock;
    private final BitSet taken = new BitSet();
    private final int unitCount;
    private final int highestLun;
    private long changes;

    private StatisticsFile(@Nullable Path path, MemorySegment file, List<ServedUnit> units, LongSupplier nanoClock) {
        this.path = path;
        this.file = file;
        this.nanoClock = nanoClock;
        this.unitCount = units.size();
        this.highestLun = units.stream().mapToInt(ServedUnit::lun).max().orElse(-1);
        for (int i = 0; i < unitCount; i++) {
            write(i, StatisticsLayout.UNIT, units.get(i).lun(), UNASSIGNED_NEXUS, units.get(i).name());
        }
        taken.set(0, unitCount);
        StatisticsLayout.setUsed(file, unitCount);
    }

    /// Statistics in memory only, of no unit: for tests.
    public static StatisticsFile inMemory() {
        return inMemory(List.of(), System::nanoTime);
    }

    /// Statistics in memory only.
    public static StatisticsFile inMemory(List<ServedUnit> units, LongSupplier nanoClock) {
        MemorySegment memory = Arena.ofAuto().allocate(StatisticsLayout.fileBytes(records(units)), Long.BYTES);
        return new StatisticsFile(null, memory, units, nanoClock);
    }

    /// Creates the file of this process; the directory exists and is private.
    ///
    /// @param countersFile of the engine; the statistics file is beside it
    public static StatisticsFile create(Path countersFile, List<ServedUnit> units, LongSupplier nanoClock) {
        String name = countersFile.getFileName().toString();
        Path path = countersFile.resolveSibling(name.substring(0, name.lastIndexOf('.')) + SUFFIX);
        try {
            ProcessFiles.removeLeftovers(path.resolveSibling(""), SUFFIX);
            Files.deleteIfExists(path);
            MemorySegment mapped =
                    ProcessFiles.map(ProcessFiles.create(path), StatisticsLayout.fileBytes(records(units)));
            StatisticsFile created = new StatisticsFile(path, mapped, units, nanoClock);
            ProcessHandle self = ProcessHandle.current();
            StatisticsLayout.writeHeader(created.file, records(units), self.pid(),
                    self.info().startInstant().map(start -> start.toEpochMilli()).orElse(0L));
            return created;
        } catch (IOException e) {
            throw new UncheckedIOException("statistics=" + path + " cannot be written (" + e.getMessage()
                    + "), choose another counters directory", e);
        }
    }

    /// Where it is; null for [#inMemory].
    public @Nullable Path path() {
        return path;
    }

    /// Statistics of a nexus that was just opened; for one thread.
    ///
    /// @param name what a person reads: front end, peer and initiator
    public NexusStatistics open(int nexusId, String name) {
        return new NexusStatistics(this, file, nexusId, name, highestLun);
    }

    /// What another process would read.
    public StatisticsSnapshot read() {
        return StatisticsSnapshot.of(file);
    }

    @Override
    public void close() {
        ProcessFiles.remove(path);
    }

    LongSupplier nanoClock() {
        return nanoClock;
    }

    /// A record for a nexus and a unit; negative when the unit is not served, or all records are taken.
    synchronized int take(int lun, int nexusId, String name) {
        int record = taken.nextClearBit(unitCount);
        if (record >= unitCount + NEXUS_RECORDS || unitRecord(lun) < 0) {
            return -1;
        }
        beginChange();
        try {
            long at = StatisticsLayout.record(record);
            file.asSlice(at, StatisticsLayout.RECORD_BYTES).fill((byte) 0);
            write(record, StatisticsLayout.OPEN_NEXUS, lun, nexusId, name);
            taken.set(record);
            StatisticsLayout.setUsed(file, Math.max(record + 1, StatisticsLayout.used(file)));
            return record;
        } catch (InternalError _) {
            // The memory file system is full. Nothing is counted; the service goes on.
            return -1;
        } finally {
            endChange();
        }
    }

    /// Adds what a nexus did to its unit's record and frees its own.
    synchronized void giveBack(int record) {
        beginChange();
        long from = StatisticsLayout.record(record);
        int unit = unitRecord(StatisticsLayout.getInt(file, from + StatisticsLayout.LUN));
        long to = StatisticsLayout.record(unit);
        for (long field = StatisticsLayout.REFUSALS; field < StatisticsLayout.RECORD_BYTES; field += Long.BYTES) {
            StatisticsLayout.add(file, to + field, StatisticsLayout.get(file, from + field));
        }
        StatisticsLayout.setInt(file, from + StatisticsLayout.STATE, StatisticsLayout.FREE);
        taken.clear(record);
        endChange();
    }

    private int unitRecord(int lun) {
        for (int i = 0; i < unitCount; i++) {
            if (StatisticsLayout.getInt(file, StatisticsLayout.record(i) + StatisticsLayout.LUN) == lun) {
                return i;
            }
        }
        return -1;
    }

    private void write(int record, int state, int lun, int nexusId, String name) {
        long at = StatisticsLayout.record(record);
        StatisticsLayout.setInt(file, at + StatisticsLayout.LUN, lun);
        StatisticsLayout.setInt(file, at + StatisticsLayout.NEXUS, nexusId);
        StatisticsLayout.setName(file, at, name);
        StatisticsLayout.setInt(file, at + StatisticsLayout.STATE, state);
    }

    private void beginChange() {
        StatisticsLayout.setChanges(file, ++changes);
    }

    private void endChange() {
        StatisticsLayout.setChanges(file, ++changes);
    }

    private static int records(List<ServedUnit> units) {
        return units.size() + NEXUS_RECORDS;
    }
}
