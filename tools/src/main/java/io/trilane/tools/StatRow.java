package io.trilane.tools;

import io.trilane.tools.frontend.IoKind;
import io.trilane.tools.frontend.StatisticsCounts;
import io.trilane.tools.frontend.StatisticsSnapshot;
import java.util.ArrayList;
import java.util.List;

/// A logical unit or a nexus between two samples.
///
/// @param name    of the unit, or front end, peer and initiator of the nexus
/// @param nexusId negative: a unit
/// @param total   since the server started, or since the nexus was opened
/// @param recent  between the samples
/// @param seconds between them
record StatRow(int lun, int nexusId, String name, StatisticsCounts total, StatisticsCounts recent, double seconds) {
    private static final double NS_PER_SECOND = 1e9;

    static List<StatRow> units(StatSample before, StatSample now) {
        return rows(before.statistics().units(), now.statistics().units(), before, now);
    }

    static List<StatRow> nexuses(StatSample before, StatSample now) {
        return rows(before.statistics().nexuses(), now.statistics().nexuses(), before, now);
    }

    double perSecond(long count) {
        return count / seconds;
    }

    double bytesPerSecond(IoKind kind) {
        return perSecond(recent.bytes(kind));
    }

    private static List<StatRow> rows(List<StatisticsSnapshot.Row> earlier, List<StatisticsSnapshot.Row> later,
            StatSample before, StatSample now) {
        double seconds = Math.max(now.takenNs() - before.takenNs(), 1) / NS_PER_SECOND;
        List<StatRow> rows = new ArrayList<>();
        for (StatisticsSnapshot.Row row : later) {
            // A nexus id is used again: the name holds the peer's port, which tells one nexus from the next.
            StatisticsCounts base = earlier.stream()
                    .filter(old -> old.lun() == row.lun() && old.nexusId() == row.nexusId()
                            && old.name().equals(row.name()))
                    .findFirst().map(StatisticsSnapshot.Row::counts).orElse(StatisticsCounts.none());
            rows.add(
                    new StatRow(row.lun(), row.nexusId(), row.name(), row.counts(), row.counts().since(base), seconds));
        }
        return rows;
    }
}
