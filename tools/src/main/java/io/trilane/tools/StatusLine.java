package io.trilane.tools;

import io.trilane.perf.report.Units;
import io.trilane.tools.frontend.IoKind;
import io.trilane.tools.frontend.StatisticsCounts;
import io.trilane.tools.frontend.StatisticsSnapshot;
import java.io.PrintWriter;

/// Tells a person what a server does: one line that changes, on a terminal only. Belongs to one thread.
final class StatusLine {
    private static final String ERASE = "\r\u001b[K";
    private static final double NS_PER_SECOND = 1e9;

    private final PrintWriter err;
    private StatisticsCounts before = StatisticsCounts.none();
    private long beforeNs;

    StatusLine(PrintWriter err, long nowNs) {
        this.err = err;
        this.beforeNs = nowNs;
    }

    /// Shows what came since the last call.
    void show(int connections, StatisticsSnapshot snapshot, long nowNs) {
        StatisticsCounts now = snapshot.total();
        double seconds = Math.max(nowNs - beforeNs, 1) / NS_PER_SECOND;
        StatisticsCounts since = now.since(before);
        long bytes = since.bytes(IoKind.READ) + since.bytes(IoKind.WRITE);
        err.print(ERASE + connections + (connections == 1 ? " connection  " : " connections  ")
                + Units.count(since.commands() / seconds) + " IOPS  " + Units.rate(bytes / seconds)
                + (now.errors() > 0 ? "  errors=" + now.errors() : ""));
        err.flush();
        before = now;
        beforeNs = nowNs;
    }

    void erase() {
        err.print(ERASE);
        err.flush();
    }
}
