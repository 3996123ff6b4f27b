package io.trilane.tools;

import java.io.PrintWriter;
import java.util.function.LongSupplier;

/// Lines about peers, for the operator. A flood of them says no more than the first few: what comes beyond
/// [#LINES_PER_PERIOD] is counted, and told with the next period's first line. Any thread.
final class ServerLog {
    static final int LINES_PER_PERIOD = 20;
    static final long PERIOD_NS = 1_000_000_000L;

    private final PrintWriter err;
    private final LongSupplier nanoClock;
    private long periodNs;
    private int lines;
    private long unsaid;

    ServerLog(PrintWriter err, LongSupplier nanoClock) {
        this.err = err;
        this.nanoClock = nanoClock;
        this.periodNs = nanoClock.getAsLong();
    }

    synchronized void line(String text) {
        long nowNs = nanoClock.getAsLong();
        if (nowNs - periodNs >= PERIOD_NS) {
            tellUnsaid();
            periodNs = nowNs;
            lines = 0;
        }
        if (lines < LINES_PER_PERIOD) {
            lines++;
            print(text);
        } else {
            unsaid++;
        }
    }

    /// The server has stopped.
    synchronized void close() {
        tellUnsaid();
    }

    private void tellUnsaid() {
        if (unsaid > 0) {
            print(unsaid + " lines more were not printed");
            unsaid = 0;
        }
    }

    /// Peers choose parts of the text: a line stays a line.
    private void print(String text) {
        err.println("trilane: " + text.replaceAll("\\p{Cntrl}", "?"));
        err.flush();
    }
}
