package io.trilane.tools;

import io.trilane.perf.harness.BenchListener;
import io.trilane.perf.report.Units;
import java.io.PrintWriter;
import java.util.Locale;

/// Tells a person how far a bench is: one line that changes, on a terminal; one line per phase, elsewhere.
final class ProgressLine implements BenchListener {
    private static final String ERASE = "\r\u001b[K";

    private final PrintWriter err;
    private final boolean terminal;
    private final Runnable onOpened;
    private String phase = "";
    private long passPercent = -1;

    ProgressLine(PrintWriter err, boolean terminal, Runnable onOpened) {
        this.err = err;
        this.terminal = terminal;
        this.onOpened = onOpened;
    }

    /// Whether a person looks at standard output and error.
    static boolean onTerminal() {
        return System.console() != null && System.console().isTerminal();
    }

    @Override
    public void onPhase(String newPhase) {
        phase = newPhase;
        show(phase + " ...");
        if (!terminal) {
            err.println(phase);
        }
    }

    @Override
    public void onOpened() {
        onOpened.run();
    }

    @Override
    public void onRound(double done, double iops) {
        show(String.format(Locale.ROOT, "%s %3.0f%%  %s IOPS", phase, done * 100, Units.count(iops)));
    }

    @Override
    public synchronized void onPass(double done) {
        long percent = Math.round(done * 100);
        if (percent != passPercent) {
            passPercent = percent;
            show(phase + " " + percent + "%");
        }
    }

    /// Leaves the line to the result.
    void end() {
        show("");
    }

    private void show(String text) {
        if (terminal) {
            err.print(ERASE + text);
            err.flush();
        }
    }
}
