package io.trilane.tools.frontend;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// A server's statistics at one moment, read from its [StatisticsFile] by any process.
///
/// @param pid           the server
/// @param startedMillis when it started, since 1970; 0: unknown
/// @param units         the logical units, ascending: what all nexuses did, those that are gone too
/// @param nexuses       a row for each open nexus and unit that it has used
public record StatisticsSnapshot(long pid, long startedMillis, List<Row> units, List<Row> nexuses) {
    private static final int TRIES = 100;

    /// @param lun     number of the unit
    /// @param nexusId of an open nexus; negative in a unit's row
    /// @param name    a unit's or nexus's, for a person
    public record Row(int lun, int nexusId, String name, StatisticsCounts counts) {}

    /// Of all units together.
    public StatisticsCounts total() {
        return units.stream().map(Row::counts).reduce(StatisticsCounts.none(), StatisticsCounts::plus);
    }

    /// Reads the file of another process, or of this one.
    ///
    /// @throws IOException there is none, or it is of another version
    public static StatisticsSnapshot read(Path path) throws IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            MemorySegment file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            if (!StatisticsLayout.isValid(file)) {
                throw new IOException("file=" + path + " is not a statistics file of version="
                        + StatisticsLayout.VERSION + ", name one that ends in " + StatisticsFile.SUFFIX);
            }
            return of(file);
        }
    }

    static StatisticsSnapshot of(MemorySegment file) {
        StatisticsSnapshot snapshot = copy(file);
        for (int i = 0; i < TRIES; i++) {
            long before = StatisticsLayout.changes(file);
            snapshot = copy(file);
            if ((before & 1) == 0 && StatisticsLayout.changes(file) == before) {
                return snapshot;
            }
            Thread.onSpinWait();
        }
        // Connections come and go without a pause: a nexus may be counted twice, or not at all, this once.
        return snapshot;
    }

    private static StatisticsSnapshot copy(MemorySegment file) {
        List<Row> units = new ArrayList<>();
        List<Row> nexuses = new ArrayList<>();
        for (int i = 0; i < StatisticsLayout.used(file); i++) {
            long at = StatisticsLayout.record(i);
            int state = StatisticsLayout.getInt(file, at + StatisticsLayout.STATE);
            if (state != StatisticsLayout.FREE) {
                Row row = new Row(StatisticsLayout.getInt(file, at + StatisticsLayout.LUN),
                        StatisticsLayout.getInt(file, at + StatisticsLayout.NEXUS), StatisticsLayout.name(file, at),
                        StatisticsCounts.of(file, at));
                (state == StatisticsLayout.UNIT ? units : nexuses).add(row);
            }
        }
        List<Row> sums = units.stream().map(unit -> new Row(unit.lun, unit.nexusId, unit.name,
                nexuses.stream().filter(nexus -> nexus.lun == unit.lun).map(Row::counts).reduce(unit.counts,
                        StatisticsCounts::plus)))
                .toList();
        return new StatisticsSnapshot(StatisticsLayout.pid(file), StatisticsLayout.startedMillis(file), sums,
                List.copyOf(nexuses));
    }
}
